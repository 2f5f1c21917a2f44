import HTTPProtocol
import JSONRPC
import WebSocketProtocol

/// The client's side of one WebSocket: bytes in, messages and bytes out.
struct ClientSocket: ~Copyable {
    enum Output: Equatable {
        /// One JSON-RPC message.
        case message(JSONValue)
        /// The hub closed it, or broke the protocol.
        case closed
    }

    private let handshake: ClientHandshake
    private var parser: HTTPResponseParser? = HTTPResponseParser()
    private var receiver = FrameReceiver(
        role: .client,
        limits: ReceiveLimits(maximumMessageLength: 64 << 20)
    )
    private var inflater: Inflater?
    private var random: SeededGenerator
    /// What is to be sent.
    private var output: [UInt8] = []
    /// What the hub did that it must not.
    private(set) var problem: String?

    init(compresses: Bool, random: SeededGenerator) {
        var random = random
        let key = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        handshake = ClientHandshake(
            host: "localhost",
            target: "/ws",
            key: key,
            subprotocols: ["omnihub.v1"],
            deflate: compresses ? DeflateParameters() : nil
        )
        self.random = random
        handshake.request.encode(into: &output)
    }

    mutating func takeOutput() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &output)
        return taken
    }

    mutating func send(_ request: [UInt8]) {
        append(.text, request)
    }

    private mutating func append(_ opcode: Opcode, _ payload: [UInt8]) {
        let key = MaskingKey(bigEndian: UInt32(truncatingIfNeeded: random.next()))
        output.appendFrame(opcode, payload: payload.span, maskingKey: key)
    }

    /// Takes bytes of the hub.
    mutating func receive(_ bytes: [UInt8]) -> [Output] {
        var bytes = bytes
        var position = 0
        if var opening = parser {
            do {
                let found = try opening.next(bytes.span, &position)
                parser = opening
                guard case .response(let head, _) = found else { return [] }
                // A hub that ends or is full says so, and does not open a WebSocket.
                if head.status == .serviceUnavailable { return [.closed] }
                let agreement = try handshake.agreement(on: head)
                inflater = agreement.deflate?.makeInflater(for: .client)
                parser = nil
            } catch {
                problem = "the hub does not open a WebSocket: \(error)"
                return [.closed]
            }
        }
        var outputs: [Output] = []
        while true {
            do {
                var span = bytes.mutableSpan
                switch try receiver.next(&span, &position, inflater: &inflater) {
                case .needsMore:
                    return outputs
                case .message(.text, let range):
                    outputs.append(.message(try JSONValue(parsing: bytes[range].span)))
                case .assembled(.text, let message):
                    outputs.append(.message(try JSONValue(parsing: message)))
                case .message(.binary, _), .assembled(.binary, _):
                    problem = "the hub sent a binary message"
                case .ping(let payload):
                    append(.pong, payload)
                case .pong:
                    break
                case .close(let frame):
                    let key = MaskingKey(bigEndian: UInt32(truncatingIfNeeded: random.next()))
                    output.appendFrame(CloseFrame(code: frame.code), maskingKey: key)
                    return outputs + [.closed]
                }
            } catch {
                problem = "the hub broke RFC 6455 or sent what is no JSON: \(error)"
                return outputs + [.closed]
            }
        }
    }
}
