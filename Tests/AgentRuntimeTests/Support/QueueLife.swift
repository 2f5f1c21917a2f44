import JSONRPC

@testable import AgentRuntime

/// Random work for a queue whose agents have rates and few places: tasks of all priorities that
/// depend on each other and share dedupe keys, from one seed, over restarts.
struct QueueLife {
    static let workerRate = Window(count: 5, seconds: 1, burst: 4)
    static let typeRate = Window(count: 60, seconds: 60, burst: 2)
    static let workerPlaces = 3
    static let otherPlaces = 2
    static let keys = ["a", "b", "c", "d"]
    /// The longest that time jumps in a step.
    static let longestStepMs = 4000

    /// So many attempts in so many seconds, and the burst.
    struct Window {
        var count: Int
        var seconds: Int
        var burst: Int
    }

    var hub: CoreHarness
    var random: SplitMix64
    /// Of all lives.
    private(set) var log: [LoggedEvent] = []
    private(set) var created: [String] = []
    private(set) var refusedKeys = 0
    private(set) var restarts = 0

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        hub = try CoreHarness(
            agents: ["worker", "other"],
            configuration: Self.configuration,
            seed: seed
        )
        try hub.configure([
            "concurrency": .integer(Self.workerPlaces),
            "rate": ["perSecond": .integer(Self.workerRate.count), "burst": 4],
            "typeRates": [
                "worker.once": ["perMinute": .integer(Self.typeRate.count), "burst": 2]
            ],
        ])
        try hub.configure(["concurrency": .integer(Self.otherPlaces)], agent: "other")
    }

    private static var configuration: RuntimeConfiguration {
        var configuration = RuntimeConfiguration()
        configuration.retention.maximumCount = 60
        configuration.metricsInterval = .seconds(20)
        return configuration
    }

    /// All events, those of the life at hand included.
    var wholeLog: [LoggedEvent] { log + hub.log }

    mutating func step() throws {
        switch Int.random(in: 0..<40, using: &random) {
        case 0..<14: create()
        case 14..<24: endSomeAttempt()
        case 24, 25:
            if let id = created.randomElement(using: &random) {
                _ = hub.submit(.cancelTask(id: id))
            }
        case 26, 27:
            if let id = created.suffix(40).randomElement(using: &random) {
                _ = hub.submit(.retryTask(id: id))
            }
        case 28: _ = hub.submit(.controlAgent(id: "other", .pause))
        case 29, 30: _ = hub.submit(.controlAgent(id: "other", .resume))
        case 31:
            if Int.random(in: 0..<4, using: &random) == 0 { try restart() }
        default:
            let milliseconds = Int.random(in: 0...Self.longestStepMs, using: &random)
            hub.advance(.milliseconds(milliseconds))
        }
        // What waits for its turn has it before the next step.
        hub.advance(.nanoseconds(1))
    }

    private mutating func create() {
        let type = ["worker.work", "worker.once", "other.work"].randomElement(using: &random) ?? ""
        let priority = TaskPriority.allCases.randomElement(using: &random) ?? .low
        var params: JSONObject = [
            "type": .string(type), "payload": ["n": 1], "priority": .string(priority.rawValue),
            "timeoutMs": 3000,
        ]
        if Int.random(in: 0..<3, using: &random) == 0 {
            let ids = (0..<Int.random(in: 1...4, using: &random)).compactMap { _ in
                created.suffix(15).randomElement(using: &random)
            }
            params["dependsOn"] = .array(Set(ids).sorted().map(JSONValue.string))
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            params["dedupeKey"] = Self.keys.randomElement(using: &random).map(JSONValue.string)
        }
        if Int.random(in: 0..<6, using: &random) == 0 {
            let runAt = hub.now.wall.advanced(byMilliseconds: 5000)
            params["runAt"] = .string(runAt.description)
        }
        if Int.random(in: 0..<8, using: &random) == 0 {
            let deadline = hub.now.wall.advanced(byMilliseconds: 60_000)
            params["deadline"] = .string(deadline.description)
        }
        let ticket = hub.submit(.createTask(params: .object(params)))
        if let id = try? hub.answer(to: ticket)?["id"]?.stringValue { created.append(id) }
        if hub.error(of: ticket)?.code == .conflict { refusedKeys += 1 }
    }

    private mutating func endSomeAttempt() {
        guard let token = hub.running.randomElement(using: &random)?.token else { return }
        let outcome: AttemptOutcome =
            switch Int.random(in: 0..<8, using: &random) {
            case 0: .failed(TaskFailure(code: "NO", message: "never", isRetryable: false))
            case 1: .failed(TaskFailure(code: "FLAKY", message: "again", isRetryable: true))
            case 2: .stopped
            default: .completed(.ok)
            }
        hub.report(.ended(token, outcome))
    }

    /// Ends the process without a word, and goes on from a snapshot after a while.
    private mutating func restart() throws {
        restarts += 1
        log += hub.log
        let pause = Int64.random(in: 0...30_000, using: &random)
        let moment = Moment(
            wall: hub.now.wall.advanced(byMilliseconds: pause),
            monotonic: .seconds(Int64.random(in: 1...9, using: &random))
        )
        hub = try CoreHarness(
            state: hub.state.storedAndRead(),
            agents: ["worker", "other"],
            configuration: Self.configuration,
            seed: UInt64(restarts) &+ random.next(),
            at: moment
        )
    }

    /// Lets everything come to its end.
    mutating func settle() {
        _ = hub.submit(.controlAgent(id: "other", .resume))
        for _ in 0..<5000 where hub.state.tasks.values.contains(where: { !$0.status.isFinal }) {
            if let attempt = hub.running.first {
                hub.report(.ended(attempt.token, .completed(.ok)))
            } else {
                hub.advance(.seconds(2))
            }
        }
    }
}
