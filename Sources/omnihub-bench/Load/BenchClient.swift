import EventLoops
import Glibc
import WebSocketProtocol

/// A WebSocket connection to a server under test, in blocking mode until it is watched.
final class BenchClient {
    /// The same for all frames: a load has no proxies to guard against, and its frames are
    /// prepared.
    static let maskingKey = MaskingKey(bigEndian: 0x37FA_213D)

    private let socket: FileDescriptor
    /// `nil` when nothing is encrypted.
    let session: TLSSession?
    private let tls: LoadTLS?
    private var received: [UInt8] = []

    var descriptor: CInt { socket.rawValue }

    /// Connects and shakes hands, with the key of RFC 6455 §1.3.
    ///
    /// - Parameters:
    ///   - server: Where to.
    ///   - compressed: Whether to have messages compressed, each on its own.
    /// - Throws: When the server does not agree.
    init(_ server: ServerProcess, compressed: Bool = false) throws {
        socket = try StreamSocket.connect(to: server.address)
        tls = server.tls
        session = try server.tls?.makeSession()
        if let session, let tls {
            while try !tls.shakeHands(session, on: descriptor) {
                guard case .bytes = tls.wire.receive(from: descriptor) else {
                    throw BenchError.disconnected
                }
            }
        }
        try send(Array(Self.upgradeRequest(for: server, compressed: compressed).utf8))
        var end = received.startIndex
        while true {
            guard let found = received.firstRange(of: Self.blankLine) else {
                try receiveMore()
                continue
            }
            end = found.upperBound
            break
        }
        try Self.check(response: received[..<end])
        guard !compressed || received[..<end].firstRange(of: Self.extensionName) != nil else {
            throw BenchError("the server does not compress")
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
        _ = try message(containing: text)
    }

    /// Waits for a message that contains `text`, passing over others, and returns it.
    func message(containing text: String) throws -> [UInt8] {
        let wanted = Array(text.utf8)
        while true {
            let message = try nextMessage()
            if message.firstRange(of: wanted) != nil { return message }
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
            if let message = try Self.takeMessage(from: &received) { return message }
            try receiveMore()
        }
    }

    private func receiveMore() throws {
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        if let session, let tls {
            while true {
                switch chunk.withUnsafeMutableBytes({ session.read(into: $0) }) {
                case .bytes(let count):
                    received += chunk.prefix(count)
                    return
                case .needsMore:
                    guard case .bytes = tls.wire.receive(from: descriptor) else {
                        throw BenchError.disconnected
                    }
                case .ended, .failed:
                    throw BenchError.disconnected
                }
            }
        }
        let transfer = chunk.withUnsafeMutableBytes { StreamSocket.receive(descriptor, into: $0) }
        guard case .bytes(let count) = transfer else { throw BenchError.disconnected }
        received += chunk.prefix(count)
    }

    private func send(_ bytes: [UInt8]) throws {
        if let session, let tls {
            return try tls.send(bytes[...], by: session, to: descriptor)
        }
        let transfer = bytes.withUnsafeBytes { StreamSocket.send(descriptor, $0) }
        guard transfer == .bytes(bytes.count) else { throw BenchError.disconnected }
    }
}

extension BenchClient {
    static let blankLine = Array("\r\n\r\n".utf8)

    private static let extensionName = Array("permessage-deflate".utf8)

    static func upgradeRequest(for server: ServerProcess, compressed: Bool = false) -> String {
        let offer =
            compressed
            ? "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                + "client_no_context_takeover\r\n" : ""
        return """
            GET \(server.path) HTTP/1.1\r
            Host: \(server.address)\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            \(offer)\r

            """
    }

    /// - Throws: When `response` does not accept the request.
    static func check(response: ArraySlice<UInt8>) throws(BenchError) {
        guard response.starts(with: "HTTP/1.1 101 ".utf8),
            response.firstRange(of: Array("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".utf8)) != nil
        else {
            let start = String(decoding: response.prefix(40), as: UTF8.self)
            throw BenchError("the handshake was answered '\(start)…'")
        }
    }

    /// Removes the first frame of `bytes`, if it is whole, and returns its payload.
    static func takeMessage(from bytes: inout [UInt8]) throws(BenchError) -> [UInt8]? {
        guard bytes.count >= 2 else { return nil }
        let isShort = bytes[1] & 0x7F <= 125
        guard bytes[1] != 127 else { throw BenchError("an answer is too long") }
        let start = isShort ? 2 : 4
        guard bytes.count >= start else { return nil }
        let length = isShort ? Int(bytes[1]) : Int(bytes[2]) << 8 | Int(bytes[3])
        guard bytes[0] & 0x0F != 8 else { throw BenchError("the server closed the connection") }
        guard bytes.count >= start + length else { return nil }
        let isCompressed = bytes[0] & 0x40 != 0
        defer { bytes.removeSubrange(..<(start + length)) }
        let payload = Array(bytes[start..<start + length])
        guard isCompressed else { return payload }
        var inflater = Inflater(resetsContext: true)
        do {
            return try inflater.inflate(payload.span, as: .text, limit: 1 << 20)
        } catch {
            throw BenchError("a compressed message is damaged: \(error)")
        }
    }
}

extension BenchError {
    static let disconnected = BenchError("a client lost its connection")
}
