import Dispatch
import Synchronization

/// What is handed from the callers of a journal writer to its thread.
final class CommitQueue: Sendable {
    typealias Completion = @Sendable (Result<Void, StorageError>) -> Void

    /// Records that become durable together, or a wait for those before them when there are none.
    struct Entry: Sendable {
        /// The sequence of the first record, or the one that would follow those waited for.
        var firstSequence: UInt64
        var records: [JournalRecord]
        /// An upper bound of what the lines take.
        var bytes: Int
        var completion: Completion
    }

    private struct State {
        var entries: [Entry] = []
        var isClosed = false
        /// Whether the thread has been woken since it last took the entries.
        var isSignalled = false

        /// Whether the thread must be woken for a change.
        mutating func signal() -> Bool {
            defer { isSignalled = true }
            return !isSignalled
        }
    }

    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)
    private let pending = Atomic<Int>(0)

    /// The bytes of entries whose completion has not been called yet.
    var pendingBytes: Int { pending.load(ordering: .relaxed) }

    /// Queues `entry`; false when the queue is closed.
    func append(_ entry: Entry) -> Bool {
        pending.add(entry.bytes, ordering: .relaxed)
        let (isAccepted, mustSignal) = state.withLock { state in
            if state.isClosed { return (false, false) }
            state.entries.append(entry)
            return (true, state.signal())
        }
        if mustSignal { wakeUp.signal() }
        if !isAccepted { pending.subtract(entry.bytes, ordering: .relaxed) }
        return isAccepted
    }

    func close() {
        let mustSignal = state.withLock { state in
            state.isClosed = true
            return state.signal()
        }
        if mustSignal { wakeUp.signal() }
    }

    /// Waits for entries and takes all of them; `nil` once the queue is closed and empty.
    func next() -> [Entry]? {
        wakeUp.wait()
        return state.withLock { state -> [Entry]? in
            state.isSignalled = false
            if state.entries.isEmpty, state.isClosed { return nil }
            // Entries taken now may be followed by none: a closed queue needs one more round.
            if state.isClosed, state.signal() { wakeUp.signal() }
            var taken: [Entry] = []
            swap(&taken, &state.entries)
            return taken
        }
    }

    /// Takes what is queued, without waiting for it.
    func takeQueued() -> [Entry] {
        state.withLock { state in
            var taken: [Entry] = []
            swap(&taken, &state.entries)
            return taken
        }
    }

    var isEmpty: Bool { state.withLock { $0.entries.isEmpty } }

    /// Calls the completion of `entry`, which no longer counts as pending then.
    func complete(_ entry: Entry, with result: Result<Void, StorageError>) {
        pending.subtract(entry.bytes, ordering: .relaxed)
        entry.completion(result)
    }
}
