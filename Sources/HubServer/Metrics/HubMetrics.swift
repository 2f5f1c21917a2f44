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
        var commands: UInt64 = 0
        var failedCommands: UInt64 = 0
    }

    private let loops: Mutex<[Loop]>
    private let runtime = Mutex<RuntimeMetrics?>(nil)

    init(loops count: Int) {
        loops = Mutex(Array(repeating: Loop(), count: count))
    }

    func report(_ figures: Loop, of index: Int) {
        loops.withLock { $0[index] = figures }
    }

    func report(_ figures: RuntimeMetrics) {
        runtime.withLock { $0 = figures }
    }

    /// Of each loop, by its index.
    var loopFigures: [Loop] { loops.withLock { $0 } }
    var runtimeFigures: RuntimeMetrics? { runtime.withLock { $0 } }
}
