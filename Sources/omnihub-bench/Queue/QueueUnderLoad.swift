import AgentRuntime
import EventLoops
import HubCore
import JSONRPC
import Journal
import Synchronization

/// A runtime with one agent, on the caller's thread alone.
struct QueueUnderLoad: ~Copyable {
    private static let payload: JSONValue = [
        "text": "Short words are best, and old words when short are."
    ]
    static var payloadBytes: Int { payload.encoded().count }
    private static let batch = 64
    private static let caller = Caller(userID: "bench", sessionID: "bench")

    private let hub: Runtime
    private let thread: OneThread
    private var steps: SteppedRuntime
    private(set) var total = 0

    private init(_ hub: Runtime, _ thread: OneThread, _ steps: consuming SteppedRuntime) {
        self.hub = hub
        self.thread = thread
        self.steps = steps
    }

    /// One whose agent is paused.
    static func start() throws -> QueueUnderLoad {
        var configuration = RuntimeConfiguration()
        configuration.maximumWaitingTasks = 10_000_000
        configuration.metricsInterval = .zero
        configuration.snapshotAfterEvents = .max
        configuration.snapshotAfterBytes = .max
        let thread = OneThread()
        let hub = try Runtime(
            recovered: RecoveredState(),
            agents: [IdleAgent()],
            configuration: configuration,
            log: NoLog(),
            snapshots: NoSnapshots(),
            observers: [],
            clock: {
                Moment(
                    wall: Timestamp(millisecondsSince1970: WallClock.milliseconds),
                    monotonic: .nanoseconds(Int64(MonotonicClock.nanoseconds))
                )
            },
            agentExecutor: thread,
            onFatal: { _ in }
        )
        guard let steps = SteppedRuntime(hub) else { throw BenchError("the runtime has begun") }
        var load = QueueUnderLoad(hub, thread, steps)
        load.turn()
        try load.command(.configureAgent(id: IdleAgent.id, ["concurrency": 64]))
        try load.command(.controlAgent(id: IdleAgent.id, .pause))
        return load
    }

    var waiting: Int { steps.state.agents[IdleAgent.id]?.waiting ?? 0 }
    var completed: Int { Int(steps.state.agents[IdleAgent.id]?.tasksCompleted ?? 0) }

    /// Creates so many tasks of all priorities.
    mutating func submit(_ count: Int) throws {
        let shared = Shared(Atomic<Int>(0))
        for number in 0..<count {
            let priority = TaskPriority.allCases[number & 3]
            let params: JSONValue = [
                "type": .string(IdleAgent.type), "payload": Self.payload,
                "priority": .string(priority.rawValue),
            ]
            hub.submit(.createTask(params: params), caller: Self.caller) { answer in
                if case .failure = answer { shared.value.add(1, ordering: .relaxed) }
            }
            if number % Self.batch == Self.batch - 1 { turn() }
        }
        turn()
        total += count
        guard shared.value.load(ordering: .relaxed) == 0 else {
            throw BenchError("tasks were refused")
        }
    }

    mutating func resume() throws { try command(.controlAgent(id: IdleAgent.id, .resume)) }

    /// Goes on until so many tasks are completed, and not much further.
    mutating func run(until count: Int) throws {
        var idle = 0
        while completed < count {
            let before = completed
            round()
            idle = completed == before ? idle + 1 : 0
            guard idle < 1000 else { throw BenchError("the queue stands still") }
        }
    }

    private mutating func command(_ command: AgentRuntime.Command) throws {
        let shared = Shared(Atomic<Int>(0))
        hub.submit(command, caller: Self.caller) { answer in
            if case .success = answer { shared.value.store(1, ordering: .relaxed) }
        }
        for _ in 0..<1000 where shared.value.load(ordering: .relaxed) == 0 { round() }
        guard shared.value.load(ordering: .relaxed) == 1 else {
            throw BenchError("a command was refused")
        }
    }

    /// Lets the runtime and its agent do all there is to do.
    private mutating func turn() {
        repeat { round() } while steps.hasMail || !steps.isSettled
    }

    /// Lets the runtime take a turn, and its agent do what that has begun.
    private mutating func round() {
        _ = steps.step()
        thread.run()
    }
}

/// A value that closures share.
private final class Shared: Sendable {
    let value: Atomic<Int>

    init(_ value: consuming Atomic<Int>) {
        self.value = value
    }
}

/// Completes whatever it is given.
private struct IdleAgent: Agent {
    static let id = "idle"
    static let type = "idle.work"

    var description: AgentDescription {
        AgentDescription(
            id: Self.id,
            name: "Idle",
            type: Self.id,
            capabilities: [],
            taskTypes: [
                TaskType(
                    name: Self.type,
                    summary: "Does nothing",
                    payloadSchema: ["type": "object"],
                    resultSchema: ["type": "object"],
                    example: [:]
                )
            ]
        )
    }

    func run(_ task: TaskAttempt, context: any TaskContext) async throws -> JSONValue {
        ["ok": true]
    }
}

/// Says of everything that it is durable.
private struct NoLog: EventLog {
    var metrics: JournalMetrics { JournalMetrics() }

    func append(
        _ records: [JournalRecord],
        whenDurable: @escaping @Sendable (Result<Void, StorageError>) -> Void
    ) {
        whenDurable(.success(()))
    }

    func reserve(_ bytes: Int) throws(StorageError) {}
    func close() {}
}

private struct NoSnapshots: SnapshotSink {
    func write(_ state: RuntimeState, at time: Timestamp) throws(StorageError) {}
}

/// Runs the work of agents when it is told to.
private final class OneThread: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    func run() {
        while true {
            let waiting = jobs.withLock { jobs in
                defer { jobs = [] }
                return jobs
            }
            guard !waiting.isEmpty else { return }
            for job in waiting { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }
}
