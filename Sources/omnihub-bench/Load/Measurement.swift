/// What one run on one server showed.
struct Measurement {
    /// Messages that arrived at clients.
    let messages: Int
    /// Nanoseconds in which they did.
    let wall: UInt64
    /// Nanoseconds that the server computed.
    let serverTime: UInt64
    let latency: LatencyHistogram
    /// Of what the clients were sent, where floors must send as much.
    var payloadLengths: PayloadLengths?
    /// What else the run showed.
    var figures: [Figure] = []

    /// - Throws: When nothing was measured.
    init(
        messages: Int,
        clock: RunClock,
        latency: LatencyHistogram,
        payloadLengths: PayloadLengths? = nil
    ) throws(BenchError) {
        guard messages > 0, clock.wall > 0 else {
            throw BenchError("no message arrived while measuring")
        }
        self.messages = messages
        self.wall = clock.wall
        self.serverTime = clock.serverTime
        self.latency = latency
        self.payloadLengths = payloadLengths
    }

    /// Of connections that were opened and stay open.
    init(opened: Int, wall: UInt64, serverTime: UInt64, latency: LatencyHistogram) {
        messages = opened
        self.wall = wall
        self.serverTime = serverTime
        self.latency = latency
    }

    func value(of kind: Figure.Kind) -> Double? { figures.first { $0.kind == kind }?.value }

    var messagesPerSecond: Double { Double(messages) * 1e9 / Double(wall) }

    /// Microseconds of user and system time of the server per message.
    var serverMicroseconds: Double { Double(serverTime) / 1e3 / Double(messages) }

    /// The part of the time in which the server computed; 1 when it, not the load, is the limit.
    var utilisation: Double { Double(serverTime) / Double(wall) }
}

/// What a fan-out server sends, so that its floor can send as much.
struct PayloadLengths: Equatable, Sendable {
    /// To each subscriber.
    var publication: Int
    /// To the publisher.
    var answer: Int
}

/// A figure that few scenarios have.
struct Figure: Equatable {
    enum Kind: String, CaseIterable {
        case connections
        case residentBytesPerConnection
        case idleMilliseconds
        case busiestTenthMilliseconds
        case commandsPerCommit
        case bytesPerCommit
        case startMilliseconds
        case residentBytes
        case snapshots
        case snapshotMilliseconds
        case contentBytesPerTask
        case residentBytesPerTask
        case loginsChecked
        case loginsRefused
        case residentBytesPerWaitingTask
        case lateOverEarlySubmits
        case fullOverEmptyRuns

        /// What the table says behind the value.
        var label: String {
            switch self {
            case .connections: "connections held"
            case .residentBytesPerConnection: "bytes of memory for each connection"
            case .idleMilliseconds: "ms CPU per second while idle"
            case .busiestTenthMilliseconds: "ms CPU in the busiest 100 ms of that"
            case .commandsPerCommit: "commands in each commit"
            case .bytesPerCommit: "bytes in each commit"
            case .startMilliseconds: "ms until it listens"
            case .residentBytes: "bytes of memory then"
            case .snapshots: "snapshots meanwhile"
            case .snapshotMilliseconds: "ms for each of them"
            case .contentBytesPerTask: "bytes of payload and result in each task"
            case .residentBytesPerTask: "bytes of memory for each finished task beside these"
            case .loginsChecked: "passwords checked a second meanwhile"
            case .loginsRefused: "attempts a second refused at once"
            case .residentBytesPerWaitingTask:
                "bytes of memory for each waiting task beside its payload"
            case .lateOverEarlySubmits: "times as long to submit to a full queue as to an empty one"
            case .fullOverEmptyRuns:
                "times as long to run a task of a full queue as of an empty one"
            }
        }
    }

    let kind: Kind
    let value: Double
}
