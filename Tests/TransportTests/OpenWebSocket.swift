import EventLoops
import HTTPProtocol
import Testing
import WebSocketProtocol

@testable import Transport

/// A transport with one open WebSocket, and the client's end of it.
struct OpenWebSocket: ~Copyable {
    var transport: ServerTransport
    let client: OutgoingSocket
    let id: ConnectionID

    init(_ name: String) throws {
        let address = SocketAddress.unix(try #require(UnixSocketPath("@omnihub-test-\(name)")))
        let listener = try ListeningSocket(address)
        var transport = try ServerTransport(
            configuration: TransportConfiguration(),
            acceptor: Acceptor(listeners: [listener], loopCount: 1),
            endpoint: LoopEndpoint()
        )
        let client = try OutgoingSocket(connectingTo: address)
        let key = [UInt8](repeating: 7, count: 16)
        var request: [UInt8] = []
        ClientHandshake(host: "localhost", target: "/", key: key).request.encode(into: &request)
        let sent = client.send(request[...])
        #expect(sent == .bytes(request.count))
        while true {
            guard case .request(let id) = transport.nextEvent() else { continue }
            let acceptance = try ServerHandshake().respond(to: transport.request)
            transport.upgrade(id, acceptance.response)
            transport.maySleep = false
            self.id = id
            break
        }
        self.transport = transport
        self.client = client
    }

    /// Whether the owner is told that the kernel takes more before so many ticks have ended.
    mutating func isToldToGoOn(within ticks: Int) -> Bool {
        var ended = 0
        while ended < ticks {
            switch transport.nextEvent() {
            case .writable(id): return true
            case .tickEnded: ended += 1
            default: break
            }
        }
        return false
    }

    func readAll() {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while case .bytes = client.receive(into: &buffer) {}
    }
}
