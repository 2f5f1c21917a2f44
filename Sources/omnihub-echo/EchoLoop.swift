import EventLoops
import HTTPProtocol
import Transport
import WebSocketProtocol

/// One loop of the echo server: every message goes back as it came.
struct EchoLoop: ~Copyable {
    /// Autobahn's largest messages have 16 MiB.
    static let maximumMessageLength = 64 << 20

    private var transport: ServerTransport
    private let handshake: ServerHandshake

    init(
        acceptor: consuming Acceptor,
        endpoint: LoopEndpoint,
        siblings: [LoopEndpoint],
        compresses: Bool,
        tls: TLSContextSource?
    ) throws(SystemError) {
        handshake = ServerHandshake(deflate: compresses ? DeflateParameters() : nil)
        var configuration = TransportConfiguration()
        configuration.receive.maximumMessageLength = Self.maximumMessageLength
        configuration.maximumOutboundBytes = 256 << 20
        transport = try ServerTransport(
            configuration: configuration,
            acceptor: acceptor,
            endpoint: endpoint,
            siblings: siblings,
            tls: tls
        )
    }

    /// Serves until the process ends.
    mutating func run() {
        while true {
            switch transport.nextEvent() {
            case .message(let id, let kind, let payload):
                transport.send(kind, payload, to: id)
            case .request(let id):
                answer(id)
            case .writable, .deadline, .quiet, .closed, .readable, .tickEnded:
                continue
            }
        }
    }

    private mutating func answer(_ id: ConnectionID) {
        do {
            let acceptance = try handshake.respond(to: transport.request)
            transport.upgrade(id, acceptance.response, deflate: acceptance.deflate)
        } catch {
            transport.respond(to: id, error.response, text: error.message, closes: true)
        }
    }
}
