import EventLoops
import WebSocketProtocol

/// Sends a request so many times a second, whatever becomes of the earlier ones.
struct OpenLoopDriver: ~Copyable {
    private static let connections = 16
    private let poller: Poller
    private let clients: [BenchClient]
    private var inbox: FrameInbox
    private let frame: [UInt8]
    private let period: UInt64
    /// What one more connection asks for, again whenever it was answered.
    private let besideFrame: [UInt8]
    private var besideBegan: UInt64 = 0
    private var besideCount = 0
    private var besideTime: UInt64 = 0
    /// When the calls were due that wait for an answer, by connection.
    private var due: [[UInt64]]
    private var nextDue: UInt64 = 0
    private var nextLane = 0
    private var latency = LatencyHistogram()
    private var messages = 0

    init(
        _ server: ServerProcess,
        request: String,
        callsPerSecond: Int,
        besides: String?
    ) throws {
        let poller = try Poller()
        let count = Self.connections + (besides == nil ? 0 : 1)
        clients = try (0..<count).map { index in
            let client = try BenchClient(server)
            try client.send(text: FanoutLoad.pingRequest)
            try client.awaitMessage(containing: #""result""#)
            try client.makeNonBlocking()
            try poller.add(client.descriptor, token: UInt64(index), for: .readable)
            return client
        }
        self.poller = poller
        inbox = FrameInbox(lanes: count, longestFrame: 16 * 1024)
        frame = Self.frame(request)
        besideFrame = besides.map(Self.frame) ?? []
        period = 1_000_000_000 / UInt64(callsPerSecond)
        due = Array(repeating: [], count: count)
    }

    private static func frame(_ request: String) -> [UInt8] {
        var frame: [UInt8] = []
        let text = Array(request.utf8)
        frame.appendFrame(.text, payload: text.span, maskingKey: BenchClient.maskingKey)
        return frame
    }

    /// Never sleeps, so that the server has nobody to wake.
    mutating func run(_ clock: consuming RunClock) throws -> Measurement {
        nextDue = MonotonicClock.nanoseconds
        if !besideFrame.isEmpty { try callBeside(nextDue) }
        while true {
            let ready = poller.wait(timeout: 0)
            let now = MonotonicClock.nanoseconds
            switch clock.advance(to: now) {
            case .warmingUp, .measuring:
                break
            case .begins:
                latency.removeAll()
                messages = 0
            case .over:
                return try measurement(clock, now)
            }
            for index in 0..<ready { try receive(Int(poller.event(index).token)) }
            while nextDue <= now { try call() }
        }
    }

    private mutating func measurement(_ clock: RunClock, _ now: UInt64) throws -> Measurement {
        // What is still on its way has taken as long at least.
        for times in due { for time in times where now > time { latency.record(now - time) } }
        var measurement = try Measurement(messages: messages, clock: clock, latency: latency)
        if besideCount > 0 {
            measurement.figures = [
                Figure(kind: .snapshots, value: Double(besideCount)),
                Figure(
                    kind: .snapshotMilliseconds,
                    value: Double(besideTime) / 1e6 / Double(besideCount)
                ),
            ]
        }
        return measurement
    }

    private mutating func call() throws(BenchError) {
        let lane = nextLane
        nextLane = (nextLane + 1) % Self.connections
        due[lane].append(nextDue)
        nextDue += period
        try send(frame, lane)
    }

    private mutating func callBeside(_ now: UInt64) throws(BenchError) {
        besideBegan = now
        try send(besideFrame, Self.connections)
    }

    private func send(_ frame: [UInt8], _ lane: Int) throws(BenchError) {
        let transfer = frame.withUnsafeBytes { StreamSocket.send(clients[lane].descriptor, $0) }
        guard transfer == .bytes(frame.count) else { throw .disconnected }
    }

    private mutating func receive(_ lane: Int) throws(BenchError) {
        switch inbox.receive(clients[lane].descriptor, lane: lane) {
        case .bytes: break
        case .wouldBlock: return
        case .ended, .failed: throw .disconnected
        }
        let now = MonotonicClock.nanoseconds
        var answers = 0
        while let frame = try inbox.next() {
            // A ping may come between.
            if frame.opcode == 9 { continue }
            guard frame.opcode == 1, frame.payload.firstRange(of: PublishRequest.success) != nil
            else {
                throw BenchError(
                    "a call was answered '\(String(decoding: frame.payload, as: UTF8.self))'"
                )
            }
            answers += 1
        }
        guard lane < Self.connections else {
            guard answers > 0 else { return }
            besideCount += answers
            besideTime += now - besideBegan
            return try callBeside(now)
        }
        guard answers <= due[lane].count else { throw BenchError("more came than was asked for") }
        for time in due[lane].prefix(answers) { latency.record(now &- time) }
        due[lane].removeFirst(answers)
        messages += answers
    }
}
