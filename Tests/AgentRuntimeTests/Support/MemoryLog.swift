import AgentRuntime
import HubCore
import JSONRPC
import Synchronization

@testable import Journal

/// A journal in memory that holds commits back and fails when told to.
final class MemoryLog: EventLog {
    private struct State {
        var records: [JournalRecord] = []
        var batches = 0
        var failures: [StorageError] = []
        var reserveFailure: StorageError?
        var hasRoom = false
        var isHeld = false
        var held: [@Sendable () -> Void] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    var records: [JournalRecord] { state.withLock(\.records) }
    var isClosed: Bool { state.withLock(\.isClosed) }
    var metrics: JournalMetrics { JournalMetrics() }

    /// Holds commits back from now on.
    func hold() { state.withLock { $0.isHeld = true } }

    /// Lets held commits, and those to come, become durable.
    func letGo() {
        let held = state.withLock { state in
            defer { state.held = [] }
            state.isHeld = false
            return state.held
        }
        for commit in held { commit() }
    }

    /// Fails as many of the next commits.
    func fail(with failures: [StorageError]) { state.withLock { $0.failures = failures } }

    /// Refuses reservations; with `hasRoom`, something was reserved before.
    func refuseReservations(_ failure: StorageError?, hasRoom: Bool = false) {
        state.withLock { state in
            state.reserveFailure = failure
            state.hasRoom = hasRoom
        }
    }

    func hasRoom(for bytes: Int) -> Bool { state.withLock(\.hasRoom) }

    func append(
        _ records: [JournalRecord],
        whenDurable: @escaping @Sendable (Result<Void, StorageError>) -> Void
    ) {
        let commit = state.withLock { state -> (@Sendable () -> Void)? in
            if !state.failures.isEmpty {
                let failure = state.failures.removeFirst()
                return { whenDurable(.failure(failure)) }
            }
            let commit: @Sendable () -> Void = {
                self.state.withLock { $0.records.append(contentsOf: records) }
                whenDurable(.success(()))
            }
            if state.isHeld {
                state.held.append(commit)
                return nil
            }
            return commit
        }
        commit?()
    }

    func reserve(_ bytes: Int) throws(StorageError) {
        if let failure = state.withLock(\.reserveFailure) { throw failure }
    }

    func close() { state.withLock { $0.isClosed = true } }
}

/// Keeps the snapshots that it is given.
final class MemorySnapshots: SnapshotSink {
    private let states = Mutex<[RuntimeState]>([])

    var last: RuntimeState? { states.withLock(\.last) }

    func write(_ state: RuntimeState, at time: Timestamp) throws(StorageError) {
        states.withLock { $0.append(state) }
    }
}

/// Remembers what the bus carried and lets tests wait for it.
final class Recorder: EventObserver {
    private struct State {
        var events: [RecordedEvent] = []
        var waiting:
            [(predicate: @Sendable ([RecordedEvent]) -> Bool, resume: @Sendable () -> Void)] =
                []
    }

    private let state = Mutex(State())

    var events: [RecordedEvent] { state.withLock(\.events) }

    func observe(_ events: [RecordedEvent]) {
        let due = state.withLock { state in
            state.events.append(contentsOf: events)
            let all = state.events
            let due = state.waiting.filter { $0.predicate(all) }
            state.waiting.removeAll { $0.predicate(all) }
            return due
        }
        for waiter in due { waiter.resume() }
    }

    /// Waits until as many events of a type were published.
    func wait(for type: EventType, count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let predicate: @Sendable ([RecordedEvent]) -> Bool = { events in
                events.count { $0.event.type == type } >= count
            }
            let isThere = state.withLock { state in
                if predicate(state.events) { return true }
                state.waiting.append((predicate, { continuation.resume() }))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
