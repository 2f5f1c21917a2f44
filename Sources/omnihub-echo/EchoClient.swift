import EventLoops
import HTTPProtocol
import WebSocketProtocol

/// The client's side of an echo: sends every message back as it came, until the server ends.
///
/// It is used by one thread.
final class EchoClient {
    private enum Phase {
        case opening(HTTPResponseParser)
        case open
        /// Our Close frame is the last that goes out; the server is to end the connection.
        case closing
    }

    private let socket: OutgoingSocket
    private let poller: Poller
    private let handshake: ClientHandshake
    private var phase = Phase.opening(HTTPResponseParser())
    private var receiver = FrameReceiver(
        role: .client,
        limits: ReceiveLimits(maximumMessageLength: EchoLoop.maximumMessageLength)
    )
    private var inflater: Inflater?
    private var deflater: Deflater?
    private var random = SystemRandomNumberGenerator()
    private var unsent: [UInt8] = []
    private var sent = 0

    /// - Parameters:
    ///   - address: Where the server is.
    ///   - target: Path and query of the request.
    ///   - deflate: What to offer of permessage-deflate.
    /// - Throws: When the system refuses a socket or a poller.
    init(
        address: SocketAddress,
        target: String,
        deflate: DeflateParameters?
    ) throws(SystemError) {
        socket = try OutgoingSocket(connectingTo: address)
        poller = try Poller()
        try poller.add(socket.descriptor, token: 0, for: .writable)
        var random = SystemRandomNumberGenerator()
        handshake = ClientHandshake(
            host: "\(address)",
            target: target,
            key: (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) },
            deflate: deflate
        )
        handshake.request.encode(into: &unsent)
    }

    /// Serves until the connection is over.
    func run() throws(EchoFailure) {
        _ = poller.wait(timeout: -1)
        if let error = socket.connectionError() { throw .system(error) }
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            try flush()
            _ = poller.wait(timeout: -1)
            switch socket.receive(into: &buffer) {
            case .bytes(let count): try receive(Array(buffer[..<count]))
            case .wouldBlock: continue
            case .ended, .failed:
                if case .opening = phase { throw .closedInHandshake }
                return
            }
        }
    }

    private func flush() throws(EchoFailure) {
        while sent < unsent.count, case .bytes(let count) = socket.send(unsent[sent...]) {
            sent += count
        }
        if sent == unsent.count {
            unsent.removeAll(keepingCapacity: true)
            sent = 0
        }
        do throws(SystemError) {
            let interest: Readiness = unsent.isEmpty ? .readable : [.readable, .writable]
            try poller.modify(socket.descriptor, token: 0, for: interest)
        } catch {
            throw .system(error)
        }
    }

    private func receive(_ bytes: [UInt8]) throws(EchoFailure) {
        var position = 0
        if case .opening(var parser) = phase {
            let output: HTTPOutput
            do throws(HTTPViolation) {
                output = try parser.next(bytes.span, &position)
            } catch {
                throw .handshake(error.reason)
            }
            guard case .response(let response, _) = output else {
                phase = .opening(parser)
                return
            }
            try open(on: response)
        }
        receiveFrames(bytes, from: position)
    }

    private func receiveFrames(_ bytes: [UInt8], from start: Int) {
        var buffer = bytes
        var position = start
        while case .open = phase {
            do throws(ProtocolViolation) {
                var bytes = buffer.mutableSpan
                switch try receiver.next(&bytes, &position, inflater: &inflater) {
                case .needsMore: return
                case .message(let kind, let range):
                    send(kind, buffer.span.extracting(range))
                case .assembled(let kind, let payload): send(kind, payload.span)
                case .ping(let payload): append(.pong, payload.span)
                case .pong: continue
                case .close(let frame):
                    phase = .closing
                    unsent.appendFrame(CloseFrame(code: frame.code), maskingKey: makeKey())
                }
            } catch {
                phase = .closing
                unsent.appendFrame(error.closeFrame, maskingKey: makeKey())
            }
        }
    }

    private func open(on response: HTTPResponseHead) throws(EchoFailure) {
        do throws(ClientHandshake.Failure) {
            let agreement = try handshake.agreement(on: response)
            if let deflate = agreement.deflate {
                inflater = deflate.makeInflater(for: .client)
                deflater = deflate.makeDeflater(for: .client)
            }
            phase = .open
        } catch {
            throw .handshake("\(error)")
        }
    }

    private func send(_ kind: MessageKind, _ payload: Span<UInt8>) {
        guard deflater != nil else { return append(kind.opcode, payload) }
        var compressed: [UInt8] = []
        deflater?.deflate(payload, into: &compressed)
        unsent.appendFrame(
            kind.opcode,
            payload: compressed.span,
            isCompressed: true,
            maskingKey: makeKey()
        )
    }

    private func append(_ opcode: Opcode, _ payload: Span<UInt8>) {
        unsent.appendFrame(opcode, payload: payload, maskingKey: makeKey())
    }

    private func makeKey() -> MaskingKey {
        MaskingKey(bigEndian: UInt32.random(in: 0 ... .max, using: &random))
    }
}

/// Why an echo client gave up.
enum EchoFailure: Error {
    case system(SystemError)
    case closedInHandshake
    case handshake(String)
}

extension EchoFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .system(let error): error.reason
        case .closedInHandshake: "the server closed in the opening handshake"
        case .handshake(let problem): "the opening handshake failed: \(problem)"
        }
    }
}
