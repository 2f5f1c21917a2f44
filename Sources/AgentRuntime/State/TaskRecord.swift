/// A task as the state keeps it: the Task object of protocol.md and what the queue must know.
package struct TaskRecord: Equatable, Sendable {
    /// What never changes, shared by all copies of the record.
    package let definition: TaskDefinition
    package var status: TaskStatus
    /// 0–100, of the current attempt.
    package var progress = 0
    /// Attempts begun since the task was created or retried by hand.
    package var attempts = 0
    package var result: JSONText?
    /// Of the last attempt that failed; gone when a later one completes.
    package var error: TaskError?
    package var updatedAt: Timestamp
    /// When the last attempt began.
    package var startedAt: Timestamp?
    /// When it became final.
    package var completedAt: Timestamp?
    /// Before this moment no attempt begins: asked for at creation, or the end of a retry's delay.
    package var runAt: Timestamp?
    /// Offset of the newest event in the channel `tasks.<id>`.
    package var offset: UInt64 = 0
    /// `id` of the event that led to the present status: the cause of the next one.
    package var lastEventID: String
    /// Sequence of the event that made the task final: its place in the retention order.
    package var finalSequence: UInt64?

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
        self.lastEventID = lastEventID
        self.runAt = runAt
    }

    package var id: String { definition.id }

    /// What the record takes in memory, roughly: the measure of retention.
    var cost: Int {
        600 + definition.payload.bytes.count + (result?.bytes.count ?? 0)
    }
}

/// What is said about a task when it is created.
package final class TaskDefinition: Sendable {
    /// UUIDv7.
    package let id: String
    package let agentID: String
    package let type: String
    package let priority: TaskPriority
    package let payload: JSONText
    package let maxAttempts: Int
    /// For one attempt.
    package let timeoutMs: Int64
    /// After this moment the task fails, whatever it does.
    package let deadline: Timestamp?
    package let createdAt: Timestamp
    /// A user id.
    package let createdBy: String
    package let correlationID: String
    /// Sequence of its `task.created`: the order of creation.
    package let sequence: UInt64

    package init(
        id: String,
        agentID: String,
        type: String,
        priority: TaskPriority,
        payload: JSONText,
        maxAttempts: Int,
        timeoutMs: Int64,
        deadline: Timestamp?,
        createdAt: Timestamp,
        createdBy: String,
        correlationID: String,
        sequence: UInt64
    ) {
        self.id = id
        self.agentID = agentID
        self.type = type
        self.priority = priority
        self.payload = payload
        self.maxAttempts = maxAttempts
        self.timeoutMs = timeoutMs
        self.deadline = deadline
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.correlationID = correlationID
        self.sequence = sequence
    }
}

extension TaskDefinition: Equatable {
    package static func == (one: TaskDefinition, other: TaskDefinition) -> Bool {
        one === other
            || one.id == other.id && one.agentID == other.agentID && one.type == other.type
                && one.priority == other.priority && one.payload == other.payload
                && one.maxAttempts == other.maxAttempts && one.timeoutMs == other.timeoutMs
                && one.deadline == other.deadline && one.createdAt == other.createdAt
                && one.createdBy == other.createdBy && one.correlationID == other.correlationID
                && one.sequence == other.sequence
    }
}
