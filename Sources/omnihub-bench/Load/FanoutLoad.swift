import EventLoops

/// Publishes on a channel that many connections have subscribed to.
struct FanoutLoad: PairedLoad {
    enum Pace: Sendable {
        /// As many on their way as it says: a further one whenever all subscribers together have
        /// got as many deliveries as one makes.
        case sliding(Int)
        /// As many at once as it says, when everyone has got all of the last ones.
        case bursts(Int)
        /// An open loop: so many a second, however long deliveries take. A latency then counts
        /// from when the publication was due, so that what a stalled server or load holds up is
        /// in it.
        case fixed(perSecond: Int)
    }

    var server = ServerKind.hub
    var subscribers = 1_000
    var dataLength = 128
    var pace: Pace
    /// Whether the subscribers have their messages compressed.
    var isCompressed = false
    /// Attempts to sign in, a second, that the hub has to deal with meanwhile.
    var logins = 0
    /// Whether all agents of the hub work meanwhile: a round of tasks each second.
    var agentsWork = false

    func startServer(_ programs: Programs, like other: Measurement?) throws -> ServerProcess {
        guard server == .floor else {
            // The limits of one address are out of the way, that of the pool is not.
            let settings = "auth: { loginsPerMinute: 1000000, loginBurst: 1000000 }"
            return try programs.startHub(
                in: TemporaryDirectory(),
                settings: logins > 0 ? settings : ""
            )
        }
        guard let lengths = other?.payloadLengths else {
            throw BenchError("nothing tells what the floor is to send")
        }
        return try programs.startFloor([
            "floor-fanout",
            "--publication-bytes", "\(lengths.publication)",
            "--answer-bytes", "\(lengths.answer)",
        ])
    }

    func run(on server: ServerProcess, for interval: Interval) throws -> Measurement {
        let publisher = try BenchClient(server)
        let clients = try (0..<subscribers).map { _ in
            let client = try BenchClient(server, compressed: isCompressed)
            try client.send(text: Self.subscribeRequest)
            try client.awaitMessage(containing: #""result""#)
            return client
        }
        // A first answer of its own tells that nothing the server says unasked is still to come.
        try publisher.send(text: Self.pingRequest)
        try publisher.awaitMessage(containing: #""result""#)
        let attempts = logins > 0 ? try LoginAttempts(server, perSecond: logins) : nil
        let others = agentsWork ? [publisher, try BenchClient(server)] : [publisher]
        if agentsWork {
            try others[1].send(text: Self.pingRequest)
            try others[1].awaitMessage(containing: #""result""#)
        }
        var driver = try FanoutDriver(self, others, clients, attempts)
        return try driver.run(RunClock(interval, server))
    }

    var isOpenLoop: Bool {
        switch pace {
        case .fixed: true
        case .sliding, .bursts: false
        }
    }

    static let subscribeRequest =
        #"{"jsonrpc":"2.0","id":1,"method":"hub.subscribe","params":{"channel":"app.bench"}}"#
    static let pingRequest =
        #"{"jsonrpc":"2.0","id":1,"method":"session.ping","params":{}}"#
}

/// The client side of a fan-out run: the publisher and all subscribers.
private struct FanoutDriver: ~Copyable {
    private let poller: Poller
    private let clients: [BenchClient]
    /// Of the subscribers, then of the publisher and of who gives the agents work.
    private let descriptors: [CInt]
    private let round: [UInt8]
    private var nextRound: UInt64 = 0
    /// Of the round's requests, how many were not sent yet: their bytes.
    private var unsent = 0
    private var inbox: FrameInbox
    private let load: FanoutLoad
    private var request: PublishRequest
    private var requests: [UInt8] = []
    /// The number that each subscriber's next publication must have.
    private var expected: [UInt32]
    private var published: UInt32 = 0
    private var delivered = 0
    /// When publication n was sent, or due in an open loop, at n modulo the size, a power of two.
    private var publishTimes = [UInt64](repeating: 0, count: 4_096)
    /// In an open loop, when the next publication must be sent.
    private var nextDue: UInt64 = 0
    private var lengths = PayloadLengths(publication: 0, answer: 0)
    /// Where the number is in a publication, from its end.
    private var numberFromEnd = 0
    private var latency = LatencyHistogram()
    private var deliveredBefore = 0
    private var compressed = CompressedPublications()
    private let attempts: LoginAttempts?

    init(
        _ load: FanoutLoad,
        _ others: [BenchClient],
        _ subscribers: [BenchClient],
        _ attempts: LoginAttempts?
    ) throws {
        let clients = subscribers + others
        let poller = try Poller()
        for (index, client) in clients.enumerated() {
            try client.makeNonBlocking()
            try poller.add(client.descriptor, token: UInt64(index), for: .readable)
        }
        self.load = load
        self.attempts = attempts
        self.clients = clients
        self.poller = poller
        descriptors = clients.map(\.descriptor)
        round = load.agentsWork ? AgentRound.frames() : []
        let longest = load.agentsWork ? 16 * 1_024 : load.dataLength + 1_024
        inbox = FrameInbox(lanes: clients.count, longestFrame: longest)
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
                attempts?.begin()
            case .over:
                var measurement = try Measurement(
                    messages: delivered - deliveredBefore,
                    clock: clock,
                    latency: latency,
                    payloadLengths: lengths
                )
                measurement.figures = attempts?.figures(after: measurement.wall) ?? []
                return measurement
            }
            try attempts?.advance(to: now)
            for index in 0..<ready {
                let lane = Int(poller.event(index).token)
                try receive(lane)
                if lane < expected.count { try publish(now) }
            }
            if published == 0 || load.isOpenLoop { try publish(now) }
            if load.agentsWork { try work(now) }
        }
    }

    /// Begins a round each second; one that was not taken yet is not begun twice.
    private mutating func work(_ now: UInt64) throws(BenchError) {
        if unsent == 0, now >= nextRound {
            nextRound = now + 1_000_000_000
            unsent = round.count
        }
        guard unsent > 0 else { return }
        let transfer = round[(round.count - unsent)...].withUnsafeBytes {
            StreamSocket.send(descriptors[expected.count + 1], $0)
        }
        switch transfer {
        case .bytes(let count): unsent -= count
        case .wouldBlock: break
        case .ended, .failed: throw .disconnected
        }
    }

    private mutating func receive(_ lane: Int) throws(BenchError) {
        switch inbox.receive(descriptors[lane], lane: lane) {
        case .bytes: break
        case .wouldBlock: return
        case .ended, .failed: throw .disconnected
        }
        if lane >= expected.count {
            try takeAnswers(lane)
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
            if frame.isCompressed {
                guard try compressed.isPublication(next, frame.payload) else { throw .changed }
            } else {
                if numberFromEnd == 0 { try locateNumber(frame.payload) }
                let place = frame.payload.count - numberFromEnd
                guard place >= 0, PublishRequest.number(in: frame.payload, at: place) == next
                else { throw .changed }
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

    private mutating func takeAnswers(_ lane: Int) throws(BenchError) {
        while let frame = try inbox.next() {
            if frame.opcode == 9 { continue }
            guard frame.opcode == 1,
                frame.payload.firstRange(of: PublishRequest.success) != nil
            else {
                let text = String(decoding: frame.payload, as: UTF8.self)
                throw BenchError("a publication was answered '\(text)'")
            }
            if lane == expected.count { lengths.answer = frame.payload.count }
        }
    }

    /// Publishes what may be outstanding now, in one write.
    private mutating func publish(_ now: UInt64) throws(BenchError) {
        let missing = Int(published) * load.subscribers - delivered
        let count: Int
        var period: UInt64 = 0
        switch load.pace {
        case .sliding(let outstanding):
            let underWay = (missing + load.subscribers - 1) / load.subscribers
            count = outstanding - underWay
        case .bursts(let outstanding):
            count = missing == 0 ? outstanding : 0
        case .fixed(let perSecond):
            period = 1_000_000_000 / UInt64(perSecond)
            if published == 0 { nextDue = now }
            count = now < nextDue ? 0 : Int((now - nextDue) / period) + 1
        }
        guard count > 0 else { return }
        var time = period > 0 ? nextDue : MonotonicClock.nanoseconds
        nextDue = time + UInt64(count) * period
        requests.removeAll(keepingCapacity: true)
        for _ in 0..<count {
            publishTimes[Int(published) & (publishTimes.count - 1)] = time
            time += period
            request.append(published, to: &requests)
            published &+= 1
        }
        let descriptor = descriptors[expected.count]
        let transfer = requests.withUnsafeBytes { StreamSocket.send(descriptor, $0) }
        guard transfer == .bytes(requests.count) else { throw .disconnected }
    }
}
