import AgentRuntime
import Dispatch
import HubCore
import JSONRPC
import Journal
import Synchronization

/// A runtime with its thread, and everything around it in memory.
struct RuntimeHarness {
    let runtime: Runtime
    let log = MemoryLog()
    let snapshots = MemorySnapshots()
    let recorder = Recorder()
    let fatal = FatalNote()
    let storageChanges = StorageNotes()

    init(
        state: RuntimeState = RuntimeState(),
        configuration: RuntimeConfiguration = RuntimeConfiguration(),
        agent: TestAgent = TestAgent { _, _ in ["ok": true] }
    ) throws {
        let fatal = fatal
        let storageChanges = storageChanges
        runtime = try Runtime(
            recovered: RecoveredState(state),
            agents: [agent],
            configuration: configuration,
            log: log,
            snapshots: snapshots,
            observers: [recorder],
            clock: Moment.now,
            random: SplitMix64(seed: 5),
            onStorageChange: { storageChanges.note($0) },
            onFatal: { fatal.note($0) }
        )
        runtime.start()
    }

    func call(_ command: Command, key: String? = nil) async throws -> JSONValue {
        try await runtime.call(command, key: key)
    }

    func create(_ n: Int = 1) async throws -> String {
        let params: JSONValue = ["type": "worker.work", "payload": ["n": .integer(n)]]
        return try await call(.createTask(params: params))["id"]?.stringValue ?? ""
    }

    func stop(grace: Duration = .seconds(5)) async {
        await withCheckedContinuation { continuation in
            runtime.stop(grace: grace) { continuation.resume() }
        }
    }
}

extension Runtime {
    /// Has it work on a thread of its own.
    func start() {
        DispatchQueue(label: "runtime").async { self.run() }
    }

    func call(_ command: Command, key: String? = nil) async throws -> JSONValue {
        let reply = try await withCheckedThrowingContinuation { continuation in
            submit(
                command,
                caller: Caller(userID: "anna", sessionID: "session"),
                idempotencyKey: key
            ) { continuation.resume(with: $0) }
        }
        return try JSONValue(parsing: reply.result)
    }
}

extension Moment {
    private static let start = ContinuousClock.now

    /// The monotonic clock runs; the wall clock goes with it from a fixed day on.
    static func now() -> Moment {
        let elapsed = ContinuousClock.now - start
        let milliseconds = elapsed / .milliseconds(1)
        return Moment(
            wall: Timestamp(millisecondsSince1970: 1_800_000_000_000 + Int64(milliseconds)),
            monotonic: elapsed
        )
    }
}

final class FatalNote: Sendable {
    private let reasons = Mutex<[String]>([])

    var all: [String] { reasons.withLock { $0 } }

    func note(_ reason: String) { reasons.withLock { $0.append(reason) } }
}

/// Opens once.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>(
        (false, [])
    )

    func open() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

extension RuntimeHarness {
    func metrics() async -> RuntimeMetrics {
        await withCheckedContinuation { continuation in
            runtime.metrics { continuation.resume(returning: $0) }
        }
    }

    /// The runtime looks at its disk twice a second.
    func untilStorageIsBack() async {
        while !runtime.isStorageAvailable { await Task.yield() }
    }
}

/// What a runtime has said of its storage.
final class StorageNotes: Sendable {
    private let changes = Mutex<[StorageChange]>([])

    var all: [StorageChange] { changes.withLock { $0 } }

    func note(_ change: StorageChange) { changes.withLock { $0.append(change) } }
}
