import AgentRuntime
import JSONRPC
import Synchronization

/// What the agents of one life of the hub are at, and how it will end: they answer, fail, stall and
/// ignore being cancelled as the seed has it.
final class Workshop: Sendable {
    /// How a wait of an agent ends.
    enum Outcome: Sendable {
        case progress(Int)
        case output(Int)
        case completed
        case failed(isRetryable: Bool)
        case crashed
        case cancelled
    }

    fileprivate struct Wait {
        var due: UInt64
        var outcome: Outcome
        var continuation: UnsafeContinuation<Outcome, Never>
    }

    fileprivate struct State {
        var random: SeededGenerator
        var now: UInt64 = 0
        var isCalm = false
        var waits: [Int: Wait] = [:]
        var cancelled: Set<Int> = []
        var nextID = 0
    }

    private let state: Mutex<State>

    init(random: SeededGenerator) {
        state = Mutex(State(random: random))
    }

    /// When somebody has something to do.
    var nextDue: UInt64? { state.withLock { $0.waits.values.map(\.due).min() } }

    /// Lets the first whose time has come go on.
    func step(at now: UInt64) {
        let wait = state.withLock { state -> Wait? in
            state.now = now
            let due = state.waits.filter { $0.value.due <= now }
            let first = due.min { ($0.value.due, $0.key) < ($1.value.due, $1.key) }
            return first.flatMap { state.waits.removeValue(forKey: $0.key) }
        }
        if let wait { wait.continuation.resume(returning: wait.outcome) }
    }

    func setTime(_ now: UInt64) { state.withLock { $0.now = now } }

    /// From now on everything goes well, and before long.
    func calm() {
        state.withLock { state in
            state.isCalm = true
            for id in state.waits.keys.sorted() {
                state.waits[id]?.due = state.now + 1_000_000
                state.waits[id]?.outcome = .completed
            }
        }
    }

    func makeID() -> Int {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    /// Waits as long as an attempt takes to its next word.
    func work(_ id: Int) async -> Outcome {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                state.withLock { state in
                    let (delay, outcome) = state.plan(id)
                    state.waits[id] = Wait(
                        due: delay == .max ? .max : state.now + delay,
                        outcome: outcome,
                        continuation: continuation
                    )
                }
            }
        } onCancel: {
            state.withLock { $0.cancel(id) }
        }
    }

    /// Waits as long as an agent takes to start or to stop.
    ///
    /// - Returns: Whether it goes well.
    func change() async -> Bool {
        let id = makeID()
        let outcome = await withUnsafeContinuation { continuation in
            state.withLock { state in
                let isGood = state.isCalm || !state.random.chance(0.05)
                let delay = state.random.time(0...(state.isCalm ? 1_000_000 : 400_000_000))
                state.waits[id] = Wait(
                    due: state.now + delay,
                    outcome: isGood ? .completed : .crashed,
                    continuation: continuation
                )
            }
        }
        if case .crashed = outcome { return false }
        return true
    }
}

extension Workshop.State {
    fileprivate mutating func plan(_ id: Int) -> (delay: UInt64, Workshop.Outcome) {
        if isCalm { return (random.time(0...2_000_000), .completed) }
        let delay = random.time(0...(random.chance(0.2) ? 2_000_000_000 : 60_000_000))
        if cancelled.contains(id) { return plan(afterCancelOf: id) }
        switch random.number(0...99) {
        case 0..<15: return (delay, .progress(random.number(0...100)))
        case 15..<22: return (delay, .output(random.number(0...2_000)))
        case 22..<75: return (delay, .completed)
        case 75..<87: return (delay, .failed(isRetryable: random.chance(0.7)))
        case 87..<92: return (delay, .crashed)
        case 92..<94: return (delay, .cancelled)
        default: return (.max, .completed)
        }
    }

    private mutating func plan(afterCancelOf id: Int) -> (UInt64, Workshop.Outcome) {
        let delay = random.time(0...100_000_000)
        switch random.number(0...9) {
        case 0..<6: return (delay, .cancelled)
        case 6..<8: return (delay, .completed)
        default: return (.max, .completed)
        }
    }

    fileprivate mutating func cancel(_ id: Int) {
        guard cancelled.insert(id).inserted, let wait = waits[id] else { return }
        let (delay, outcome) = isCalm ? (1_000_000, wait.outcome) : plan(afterCancelOf: id)
        waits[id]?.due = delay == .max ? .max : now + delay
        waits[id]?.outcome = outcome
    }
}

/// An agent whose work is waiting.
struct SimulatedAgent: Agent {
    static let identities = ["alpha", "beta"]

    let id: String
    let workshop: Workshop

    var description: AgentDescription {
        AgentDescription(
            id: id,
            name: id,
            type: "simulated",
            capabilities: [],
            taskTypes: [
                TaskType(
                    name: "\(id).work",
                    summary: "Waits.",
                    payloadSchema: [
                        "type": "object", "required": ["marker"],
                        "properties": ["marker": ["type": "string"]],
                    ],
                    resultSchema: ["type": "object"],
                    example: ["marker": "m"],
                    timeout: .seconds(3)
                )
            ]
        )
    }

    func start(configuration: JSONObject) async throws {
        guard await workshop.change() else { throw Problem() }
    }

    func stop() async {
        _ = await workshop.change()
    }

    func run(_ task: TaskAttempt, context: any TaskContext) async throws -> JSONValue {
        let id = workshop.makeID()
        while true {
            switch await workshop.work(id) {
            case .progress(let percent):
                context.reportProgress(percent, message: nil)
            case .output(let count):
                context.emit(["text": .string(String(repeating: "o", count: count))])
            case .completed:
                return ["marker": task.payload["marker"] ?? .null]
            case .failed(let isRetryable):
                throw TaskFailure(code: "SIMULATED", message: "failed", isRetryable: isRetryable)
            case .crashed:
                throw Problem()
            case .cancelled:
                throw CancellationError()
            }
        }
    }

    private struct Problem: Error {}
}
