import EventLoops
import Glibc

/// What a floor does with what it receives.
protocol FloorService: ~Copyable {
    /// Takes the frames in `inbox`, which came from one connection in one read.
    mutating func receive(_ inbox: inout FrameInbox, from descriptor: CInt) throws(BenchError)

    /// Everything that was ready has been read.
    mutating func tickEnded() throws(BenchError)
}

/// Accepts connections, shakes hands with the bench's own clients, and reads each ready socket
/// once per tick.
struct FloorServer<Service: FloorService & ~Copyable>: ~Copyable {
    private static var maximumDescriptor: Int { 65_536 }
    /// Connections accepted at a time, as many as the server under test does.
    private static var acceptBatch: Int { 64 }
    private static var listenerToken: UInt64 { .max }

    private let listener: ListeningSocket
    private let poller: Poller
    private var inbox: FrameInbox
    private var service: Service
    private let response = Array(
        """
        HTTP/1.1 101 Switching Protocols\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
        \r

        """.utf8
    )
    /// By descriptor.
    private var isOpen = [Bool](repeating: false, count: maximumDescriptor)

    init(_ service: consuming Service) throws {
        let listener = try ListeningSocket(SocketAddress("127.0.0.1:0"))
        let poller = try Poller()
        try poller.add(listener.descriptor, token: Self.listenerToken, for: .readable)
        self.listener = listener
        self.poller = poller
        inbox = FrameInbox(lanes: Self.maximumDescriptor, longestFrame: 2_048)
        self.service = service
    }

    mutating func run() throws {
        print("listening on ws://\(listener.address)/")
        fflush(nil)
        while true {
            let ready = poller.wait(timeout: -1)
            for index in 0..<ready {
                let token = poller.event(index).token
                if token == Self.listenerToken {
                    try accept()
                } else {
                    try receive(CInt(truncatingIfNeeded: token))
                }
            }
            try service.tickEnded()
        }
    }

    private mutating func accept() throws {
        for _ in 0..<Self.acceptBatch {
            guard case .connection(let descriptor, _) = listener.accept() else { return }
            guard descriptor < Self.maximumDescriptor else {
                throw BenchError("too many connections")
            }
            isOpen[Int(descriptor)] = false
            try poller.add(descriptor, token: UInt64(descriptor), for: .readable)
        }
    }

    private mutating func receive(_ descriptor: CInt) throws {
        switch inbox.receive(descriptor, lane: Int(descriptor)) {
        case .bytes:
            if isOpen[Int(descriptor)] {
                try service.receive(&inbox, from: descriptor)
            } else {
                try shakeHands(descriptor)
            }
        case .wouldBlock:
            return
        case .ended, .failed:
            StreamSocket.close(descriptor)
        }
    }

    /// Answers the one request that the bench's clients make, with the accept value of the key
    /// of RFC 6455 §1.3.
    private mutating func shakeHands(_ descriptor: CInt) throws(BenchError) {
        guard inbox.unread.suffix(4).elementsEqual("\r\n\r\n".utf8) else {
            throw BenchError("a request came in pieces")
        }
        let sent = response.withUnsafeBytes { StreamSocket.send(descriptor, $0) }
        guard sent == .bytes(response.count) else { throw .disconnected }
        isOpen[Int(descriptor)] = true
    }
}
