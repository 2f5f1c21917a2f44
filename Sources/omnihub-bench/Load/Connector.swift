import EventLoops
import WebSocketProtocol

/// Opens many WebSocket connections, some at a time: connects, shakes hands and awaits the
/// answers to first requests.
struct Connector: ~Copyable {
    /// A connection that is open; whoever takes it must close it.
    struct Opened {
        let descriptor: CInt
        /// Nanoseconds from connecting to the last answer.
        let duration: UInt64
    }

    private struct Pending {
        let begin: UInt64
        var received: [UInt8] = []
        var isOpen = false
        var session: TLSSession?
        /// Whether the session, if there is one, may be used.
        var isReady = false
        var missingAnswers: Int
    }

    /// What the last turn opened.
    private(set) var opened: [Opened] = []
    private let server: ServerProcess
    private let poller: Poller
    private let concurrency: Int
    private let handshake: [UInt8]
    /// The first requests as frames.
    private let requests: [UInt8]
    private let requestCount: Int
    /// By descriptor.
    private var pending: [CInt: Pending] = [:]
    private let sources: [SocketAddress]
    private var nextSource = 0
    private var chunk = [UInt8](repeating: 0, count: 16 * 1024)

    /// - Parameters:
    ///   - server: Where to connect to.
    ///   - concurrency: Connections that are being opened at a time.
    ///   - requests: JSON-RPC requests with which each begins.
    /// - Throws: When the kernel refuses a poller.
    init(_ server: ServerProcess, concurrency: Int, requests: [String] = []) throws {
        let poller = try Poller()
        // One address has not ports enough for what is opened and ended in a minute.
        let sources = try (1...16).map { try SocketAddress("127.0.0.\($0):0") }
        self.poller = poller
        self.sources = sources
        self.server = server
        self.concurrency = concurrency
        handshake = Array(BenchClient.upgradeRequest(for: server).utf8)
        var frames: [UInt8] = []
        for request in requests {
            let text = Array(request.utf8)
            frames.appendFrame(.text, payload: text.span, maskingKey: BenchClient.maskingKey)
        }
        self.requests = frames
        requestCount = requests.count
    }

    deinit {
        for descriptor in pending.keys { StreamSocket.reset(descriptor) }
    }

    /// Begins to open up to `limit` further connections and goes on with all.
    mutating func turn(opening limit: Int) throws {
        opened.removeAll(keepingCapacity: true)
        while pending.count < min(concurrency, limit) { try begin() }
        let ready = poller.wait(timeout: 0)
        for index in 0..<ready {
            try proceed(CInt(truncatingIfNeeded: poller.event(index).token))
        }
    }

    private mutating func begin() throws {
        let begin = MonotonicClock.nanoseconds
        nextSource = (nextSource + 1) % sources.count
        // Does not wait: the kernel accepts for the server as long as its queue has room.
        let socket = try StreamSocket.connect(to: server.address, from: sources[nextSource])
        let descriptor = socket.release()
        StreamSocket.makeNonBlocking(descriptor)
        var connection = Pending(begin: begin, missingAnswers: requestCount)
        if let tls = server.tls {
            let session = try tls.makeSession()
            connection.session = session
            _ = try tls.shakeHands(session, on: descriptor)
        } else {
            try send(handshake, connection, to: descriptor)
        }
        pending[descriptor] = connection
        try poller.add(descriptor, token: UInt64(descriptor), for: .readable)
    }

    private mutating func proceed(_ descriptor: CInt) throws {
        guard var connection = pending[descriptor], try receive(&connection, descriptor) else {
            throw BenchError.disconnected
        }
        if !connection.isOpen {
            let head = connection.received
            guard let end = head.firstRange(of: BenchClient.blankLine)?.upperBound else {
                pending[descriptor] = connection
                return
            }
            try BenchClient.check(response: head[..<end])
            connection.received.removeSubrange(..<end)
            connection.isOpen = true
            if requestCount > 0 { try send(requests, connection, to: descriptor) }
        }
        while let message = try BenchClient.takeMessage(from: &connection.received) {
            if message.firstRange(of: PublishRequest.success) != nil {
                connection.missingAnswers -= 1
            }
        }
        guard connection.missingAnswers == 0 else {
            pending[descriptor] = connection
            return
        }
        pending[descriptor] = nil
        poller.remove(descriptor)
        let duration = MonotonicClock.nanoseconds - connection.begin
        opened.append(Opened(descriptor: descriptor, duration: duration))
    }

    /// Reads once; `false` when the connection is lost.
    private mutating func receive(_ connection: inout Pending, _ descriptor: CInt) throws -> Bool {
        guard let tls = server.tls, let session = connection.session else {
            let transfer = chunk.withUnsafeMutableBytes {
                StreamSocket.receive(descriptor, into: $0)
            }
            guard case .bytes(let count) = transfer else { return false }
            connection.received += chunk.prefix(count)
            return true
        }
        guard case .bytes = tls.wire.receive(from: descriptor) else { return false }
        if !connection.isReady {
            connection.isReady = try tls.shakeHands(session, on: descriptor)
            guard connection.isReady else { return true }
            try send(handshake, connection, to: descriptor)
        }
        while true {
            switch chunk.withUnsafeMutableBytes({ session.read(into: $0) }) {
            case .bytes(let count): connection.received += chunk.prefix(count)
            case .needsMore: return true
            case .ended, .failed: return false
            }
        }
    }

    private func send(
        _ bytes: [UInt8],
        _ connection: Pending,
        to descriptor: CInt
    ) throws(BenchError) {
        if let tls = server.tls, let session = connection.session {
            return try tls.send(bytes[...], by: session, to: descriptor)
        }
        let transfer = bytes.withUnsafeBytes { StreamSocket.send(descriptor, $0) }
        guard transfer == .bytes(bytes.count) else { throw .disconnected }
    }
}
