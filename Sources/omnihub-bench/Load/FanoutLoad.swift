import EventLoops

/// Publishes on a channel that many connections have subscribed to.
struct FanoutLoad: Load {
    enum Pace: Sendable {
        /// Whenever all subscribers together have got as many publications as one makes.
        case sliding
        /// All that may be outstanding at once, when everyone has got all of the last ones.
        case bursts
    }

    var subscribers = 1_000
    var dataLength = 128
    /// Publications on their way.
    var outstanding: Int
    var pace = Pace.sliding

    func startServer(_ programs: Programs) throws -> ServerProcess {
        let state = try TemporaryDirectory()
        let arguments = [
            programs.hub, "--dev", "--listen", "127.0.0.1:0", "--loops", "1",
            "--state-dir", state.path, "--log-level", "error",
        ]
        return try ServerProcess(arguments, state: state)
    }

    func startFloor(_ programs: Programs, like server: Measurement) throws -> ServerProcess {
        guard let lengths = server.payloadLengths else {
            throw BenchError("nothing tells what the floor is to send")
        }
        return try ServerProcess([
            programs.bench, "floor-fanout",
            "--publication-bytes", "\(lengths.publication)",
            "--answer-bytes", "\(lengths.answer)",
        ])
    }

    func run(on server: ServerProcess, for interval: Interval) throws -> Measurement {
        let publisher = try BenchClient(server)
        let clients = try (0..<subscribers).map { _ in
            let client = try BenchClient(server)
            try client.send(text: Self.subscribeRequest)
            try client.awaitMessage(containing: #""result""#)
            return client
        }
        // A first answer of its own tells that nothing the server says unasked is still to come.
        try publisher.send(text: Self.pingRequest)
        try publisher.awaitMessage(containing: #""result""#)
        var driver = try FanoutDriver(self, publisher, clients)
        return try driver.run(RunClock(interval, server: server.clock))
    }

    static let subscribeRequest =
        #"{"jsonrpc":"2.0","id":1,"method":"hub.subscribe","params":{"channel":"app.bench"}}"#
    private static let pingRequest =
        #"{"jsonrpc":"2.0","id":1,"method":"session.ping","params":{}}"#
}

/// The client side of a fan-out run: the publisher and all subscribers.
private struct FanoutDriver: ~Copyable {
    private let poller: Poller
    private let clients: [BenchClient]
    /// Of the subscribers, then of the publisher.
    private let descriptors: [CInt]
    private var inbox: FrameInbox
    private let load: FanoutLoad
    private var request: PublishRequest
    private var requests: [UInt8] = []
    /// The number that each subscriber's next publication must have.
    private var expected: [UInt32]
    private var published: UInt32 = 0
    private var delivered = 0
    /// When publication n was sent, at n modulo the size, a power of two.
    private var publishTimes = [UInt64](repeating: 0, count: 4_096)
    private var lengths = PayloadLengths(publication: 0, answer: 0)
    /// Where the number is in a publication, from its end.
    private var numberFromEnd = 0
    private var latency = LatencyHistogram()
    private var deliveredBefore = 0

    init(
        _ load: FanoutLoad,
        _ publisher: BenchClient,
        _ subscribers: [BenchClient]
    ) throws {
        let clients = subscribers + [publisher]
        let poller = try Poller()
        for (index, client) in clients.enumerated() {
            try client.makeNonBlocking()
            try poller.add(client.descriptor, token: UInt64(index), for: .readable)
        }
        self.load = load
        self.clients = clients
        self.poller = poller
        descriptors = clients.map(\.descriptor)
        inbox = FrameInbox(lanes: clients.count, longestFrame: load.dataLength + 1_024)
        expected = Array(repeating: 0, count: subscribers.count)
        request = PublishRequest(dataLength: load.dataLength)
    }

    /// Never sleeps, so that the server has nobody to wake.
    mutating func run(_ clock: consuming RunClock) throws -> Measurement {
        while true {
            let ready = poller.wait(timeout: 0)
            let now = MonotonicClock.nanoseconds
            switch clock.advance(to: now) {
            case .warmingUp, .measuring:
                break
            case .begins:
                latency.removeAll()
                deliveredBefore = delivered
            case .over:
                return try Measurement(
                    messages: delivered - deliveredBefore,
                    clock: clock,
                    latency: latency,
                    payloadLengths: lengths
                )
            }
            for index in 0..<ready {
                let lane = Int(poller.event(index).token)
                try receive(lane)
                if lane < expected.count { try publish() }
            }
            if published == 0 { try publish() }
        }
    }

    private mutating func receive(_ lane: Int) throws(BenchError) {
        switch inbox.receive(descriptors[lane], lane: lane) {
        case .bytes: break
        case .wouldBlock: return
        case .ended, .failed: throw .disconnected
        }
        if lane == expected.count {
            try takeAnswers()
        } else {
            try takePublications(lane, MonotonicClock.nanoseconds)
        }
    }

    @inline(__always)
    private mutating func takePublications(_ lane: Int, _ now: UInt64) throws(BenchError) {
        var next = expected[lane]
        let first = next
        while let frame = try inbox.next() {
            guard frame.opcode == 1 else {
                // A ping may come between.
                if frame.opcode == 9 { continue }
                throw .disconnected
            }
            if numberFromEnd == 0 { try locateNumber(frame.payload) }
            let place = frame.payload.count - numberFromEnd
            guard place >= 0, PublishRequest.number(in: frame.payload, at: place) == next else {
                throw BenchError("a publication was lost, repeated or changed")
            }
            latency.record(now &- publishTimes[Int(next) & (publishTimes.count - 1)])
            next &+= 1
            lengths.publication = frame.payload.count
        }
        expected[lane] = next
        delivered += Int(next &- first)
    }

    private mutating func locateNumber(_ payload: UnsafeMutableRawBufferPointer) throws(BenchError)
    {
        guard let mark = payload.firstRange(of: PublishRequest.mark) else {
            throw BenchError("something else than a publication was delivered")
        }
        numberFromEnd = payload.count - mark.upperBound
    }

    private mutating func takeAnswers() throws(BenchError) {
        while let frame = try inbox.next() {
            if frame.opcode == 9 { continue }
            guard frame.opcode == 1,
                frame.payload.firstRange(of: PublishRequest.success) != nil
            else {
                let text = String(decoding: frame.payload, as: UTF8.self)
                throw BenchError("a publication was answered '\(text)'")
            }
            lengths.answer = frame.payload.count
        }
    }

    /// Publishes what may be outstanding now, in one write.
    private mutating func publish() throws(BenchError) {
        let missing = Int(published) * load.subscribers - delivered
        let count: Int
        switch load.pace {
        case .sliding:
            let underWay = (missing + load.subscribers - 1) / load.subscribers
            count = load.outstanding - underWay
        case .bursts:
            count = missing == 0 ? load.outstanding : 0
        }
        guard count > 0 else { return }
        let now = MonotonicClock.nanoseconds
        requests.removeAll(keepingCapacity: true)
        for _ in 0..<count {
            publishTimes[Int(published) & (publishTimes.count - 1)] = now
            request.append(published, to: &requests)
            published &+= 1
        }
        let descriptor = descriptors[expected.count]
        let transfer = requests.withUnsafeBytes { StreamSocket.send(descriptor, $0) }
        guard transfer == .bytes(requests.count) else { throw .disconnected }
    }
}
