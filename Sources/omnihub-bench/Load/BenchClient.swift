import EventLoops
import Glibc
import WebSocketProtocol

/// A WebSocket connection to a server under test, in blocking mode until it is watched.
final class BenchClient {
    /// The same for all frames: a load has no proxies to guard against, and its frames are
    /// prepared.
    static let maskingKey = MaskingKey(bigEndian: 0x37FA_213D)

    private let socket: FileDescriptor
    private var received: [UInt8] = []

    var descriptor: CInt { socket.rawValue }

    /// Connects and shakes hands, with the key of RFC 6455 §1.3.
    init(_ server: ServerProcess) throws {
        socket = try StreamSocket.connect(to: server.address)
        let request = """
            GET \(server.path) HTTP/1.1\r
            Host: \(server.address)\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            \r

            """
        try send(Array(request.utf8))
        let blank = Array("\r\n\r\n".utf8)
        var end = received.startIndex
        while true {
            guard let found = received.firstRange(of: blank) else {
                try receiveMore()
                continue
            }
            end = found.upperBound
            break
        }
        let response = String(decoding: received[..<end], as: UTF8.self)
        guard response.hasPrefix("HTTP/1.1 101 "),
            response.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        else {
            throw BenchError("the handshake was answered '\(response.prefix(40))…'")
        }
        received.removeSubrange(..<end)
    }

    /// Sends one text message.
    func send(text: String) throws {
        var frame: [UInt8] = []
        let payload = Array(text.utf8)
        frame.appendFrame(.text, payload: payload.span, maskingKey: Self.maskingKey)
        try send(frame)
    }

    /// Waits for a message that contains `text`, passing over others.
    func awaitMessage(containing text: String) throws {
        let wanted = Array(text.utf8)
        while true {
            let message = try nextMessage()
            if message.firstRange(of: wanted) != nil { return }
        }
    }

    /// From now on nothing waits.
    ///
    /// - Throws: When a message came that nobody waited for.
    func makeNonBlocking() throws(BenchError) {
        guard received.isEmpty else { throw BenchError("more was sent than was asked for") }
        StreamSocket.makeNonBlocking(descriptor)
    }

    private func nextMessage() throws -> [UInt8] {
        while true {
            if received.count >= 2 {
                let isShort = received[1] & 0x7F <= 125
                guard received[1] != 127 else { throw BenchError("an answer is too long") }
                let start = isShort ? 2 : 4
                if received.count >= start {
                    let length =
                        isShort ? Int(received[1]) : Int(received[2]) << 8 | Int(received[3])
                    guard received[0] & 0x0F != 8 else {
                        throw BenchError("the server closed the connection")
                    }
                    if received.count >= start + length {
                        defer { received.removeSubrange(..<(start + length)) }
                        return Array(received[start..<start + length])
                    }
                }
            }
            try receiveMore()
        }
    }

    private func receiveMore() throws {
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        let transfer = chunk.withUnsafeMutableBytes { StreamSocket.receive(descriptor, into: $0) }
        guard case .bytes(let count) = transfer else { throw BenchError.disconnected }
        received += chunk.prefix(count)
    }

    private func send(_ bytes: [UInt8]) throws {
        let transfer = bytes.withUnsafeBytes { StreamSocket.send(descriptor, $0) }
        guard transfer == .bytes(bytes.count) else { throw BenchError.disconnected }
    }
}

extension BenchError {
    static let disconnected = BenchError("a client lost its connection")
}
