/// What is said about a task when it is created.
package final class TaskDefinition: Sendable {
    let identifier: Identifier
    package let agentID: String
    package let type: String
    package let payload: JSONText
    /// For one attempt.
    package let timeoutMs: Int64
    package let createdAt: Timestamp
    /// Sequence of its `task.created`: the order of creation.
    package let sequence: UInt64
    /// `nil` when it is the task's own id.
    private let storedCorrelationID: Identifier?
    let creator: Identifier
    /// After this moment the task fails, whatever it does.
    package let deadline: Timestamp?
    package let priority: TaskPriority
    private let storedMaxAttempts: Int32
    /// Tasks that must be completed before this one may run; all were created before it.
    let dependencies: [Identifier]
    /// While the task is not final, no other one of its type has the same.
    package let dedupeKey: String?

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
        sequence: UInt64,
        dependencies: [String] = [],
        dedupeKey: String? = nil
    ) {
        self.dependencies = dependencies.map(Identifier.init)
        self.dedupeKey = dedupeKey
        identifier = Identifier(id)
        self.agentID = agentID
        self.type = type
        self.priority = priority
        self.payload = payload
        storedMaxAttempts = Int32(clamping: maxAttempts)
        self.timeoutMs = timeoutMs
        self.deadline = deadline
        self.createdAt = createdAt
        creator = Identifier(createdBy)
        storedCorrelationID = correlationID == id ? nil : Identifier(correlationID)
        self.sequence = sequence
    }

    /// UUIDv7.
    package var id: String { identifier.text }
    package var maxAttempts: Int { Int(storedMaxAttempts) }
    /// A user id.
    package var createdBy: String { creator.text }
    var correlation: Identifier { storedCorrelationID ?? identifier }
    package var correlationID: String { correlation.text }
}

extension TaskDefinition: Equatable {
    package static func == (one: TaskDefinition, other: TaskDefinition) -> Bool {
        one === other
            || one.identifier == other.identifier && one.agentID == other.agentID
                && one.type == other.type && one.priority == other.priority
                && one.payload == other.payload
                && one.storedMaxAttempts == other.storedMaxAttempts
                && one.timeoutMs == other.timeoutMs && one.deadline == other.deadline
                && one.createdAt == other.createdAt && one.creator == other.creator
                && one.storedCorrelationID == other.storedCorrelationID
                && one.sequence == other.sequence && one.dependencies == other.dependencies
                && one.dedupeKey == other.dedupeKey
    }
}
