/// A task as the state keeps it: the Task object of protocol.md and what the queue must know.
///
/// A hub keeps a hundred thousand of them for a day, so what is stored is as small as it can be:
/// 96 bytes, and what a completed task does not have is not paid for.
package struct TaskRecord: Sendable {
    /// What never changes, shared by all copies of the record.
    package let definition: TaskDefinition
    package var result: JSONText?
    private var storedError: StoredError?
    package var updatedAt: Timestamp
    private var storedStart = OptionalTimestamp()
    private var storedCompletion = OptionalTimestamp()
    private var storedRunAt = OptionalTimestamp()
    /// Offset of the newest event in the channel `tasks.<id>`.
    package var offset: UInt64 = 0
    /// Sequences begin at 1: 0 is none.
    private var storedFinalSequence: UInt64 = 0
    private var storedLastEventID: Identifier
    package var status: TaskStatus
    private var storedProgress: Int8 = 0
    private var storedStalls: UInt8 = 0
    private var storedAttempts: Int16 = 0
    private var storedMissing: Int16 = 0

    package init(
        definition: TaskDefinition,
        status: TaskStatus,
        updatedAt: Timestamp,
        lastEventID: String,
        runAt: Timestamp? = nil
    ) {
        self.definition = definition
        self.status = status
        self.updatedAt = updatedAt
        storedLastEventID = Identifier(lastEventID)
        storedRunAt.value = runAt
    }

    package var id: String { definition.id }

    /// Of a task that is ready: since when an attempt may begin, or when it will.
    var readyAt: Timestamp { max(updatedAt, runAt ?? updatedAt) }

    /// What the record takes in memory, roughly: the measure of retention.
    var cost: Int {
        600 + definition.payload.bytes.count + (result?.bytes.count ?? 0)
            + definition.dependencies.count * 24
    }
}

extension TaskRecord {
    /// 0–100, of the current attempt.
    package var progress: Int {
        get { Int(storedProgress) }
        set { storedProgress = Int8(min(max(newValue, 0), 100)) }
    }

    /// Attempts begun since the task was created or retried by hand.
    package var attempts: Int {
        get { Int(storedAttempts) }
        set { storedAttempts = Int16(clamping: newValue) }
    }

    /// How many of the tasks that it depends on are not completed.
    ///
    /// Counted down as they complete, because a completed task may be forgotten before the others
    /// are.
    var missingDependencies: Int {
        get { Int(storedMissing) }
        set { storedMissing = Int16(clamping: newValue) }
    }

    /// Attempts whose worker gave no sign of life any more, since the task was created or retried by
    /// hand.
    package var stalls: Int {
        get { Int(storedStalls) }
        set { storedStalls = UInt8(clamping: newValue) }
    }

    /// Of the last attempt that failed; gone when a later one completes.
    package var error: TaskError? {
        get { storedError?.value }
        set { storedError = newValue.map(StoredError.init) }
    }

    /// When the last attempt began.
    package var startedAt: Timestamp? {
        get { storedStart.value }
        set { storedStart.value = newValue }
    }

    /// When it became final.
    package var completedAt: Timestamp? {
        get { storedCompletion.value }
        set { storedCompletion.value = newValue }
    }

    /// Before this moment no attempt begins: asked for at creation, or the end of a retry's delay.
    package var runAt: Timestamp? {
        get { storedRunAt.value }
        set { storedRunAt.value = newValue }
    }

    /// `id` of the event that led to the present status: the cause of the next one.
    package var lastEventID: String {
        get { storedLastEventID.text }
        set { storedLastEventID = Identifier(newValue) }
    }

    /// Sequence of the event that made the task final: its place in the retention order.
    package var finalSequence: UInt64? {
        get { storedFinalSequence == 0 ? nil : storedFinalSequence }
        set { storedFinalSequence = newValue ?? 0 }
    }
}

extension TaskRecord: Equatable {}

/// An error in one word.
private final class StoredError: Sendable {
    let value: TaskError

    init(_ value: TaskError) {
        self.value = value
    }
}

extension StoredError: Equatable {
    static func == (one: StoredError, other: StoredError) -> Bool {
        one === other || one.value == other.value
    }
}

/// A moment or none, in eight bytes: nothing happens in the first millisecond there is.
private struct OptionalTimestamp: Equatable, Sendable {
    private var milliseconds = Int64.min

    var value: Timestamp? {
        get {
            milliseconds == .min ? nil : Timestamp(millisecondsSince1970: milliseconds)
        }
        set { milliseconds = newValue?.millisecondsSince1970 ?? .min }
    }
}
