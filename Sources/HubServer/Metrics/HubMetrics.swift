import AgentRuntime
import Synchronization
import Transport

/// The figures of the loops and the runtime, each as its owner last reported them.
final class HubMetrics: Sendable {
    struct Loop: Sendable {
        var transport = TransportMetrics()
        var sessions = 0
        var subscriptions = 0
        var publications: UInt64 = 0
        var deliveries: UInt64 = 0
        var lagged: UInt64 = 0
        var commands: UInt64 = 0
        var failedCommands: UInt64 = 0
        var exceeded = LimitCounts<SessionLimit>()
        var isDraining = false
    }

    private struct Runtime {
        var figures: RuntimeMetrics?
        /// When it was asked for them, in milliseconds of the monotonic clock, if it still owes the
        /// answer.
        var askedAt: UInt64?
    }

    /// A runtime that owes an answer for longer is stuck.
    private static let patience: UInt64 = 5_000

    private let loops: Mutex<[Loop]>
    private let runtime = Mutex(Runtime())

    init(loops count: Int) {
        loops = Mutex(Array(repeating: Loop(), count: count))
    }

    func report(_ figures: Loop, of index: Int) {
        loops.withLock { $0[index] = figures }
    }

    func report(_ figures: RuntimeMetrics) {
        runtime.withLock { $0 = Runtime(figures: figures, askedAt: nil) }
    }

    /// Whether the runtime is to be asked for its figures: not while it owes them.
    func beginAsking(now: UInt64) -> Bool {
        runtime.withLock { runtime in
            guard runtime.askedAt == nil else { return false }
            runtime.askedAt = now
            return true
        }
    }

    /// Whether the runtime answers.
    func runtimeAnswers(now: UInt64) -> Bool {
        runtime.withLock { $0.askedAt.map { now - min($0, now) < Self.patience } ?? true }
    }

    /// Of each loop, by its index.
    var loopFigures: [Loop] { loops.withLock { $0 } }
    var runtimeFigures: RuntimeMetrics? { runtime.withLock { $0.figures } }
}
