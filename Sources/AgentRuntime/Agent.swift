package import JSONRPC

/// One of the runtime's agents: what it can do, and the work itself.
///
/// An agent sees no socket and no file. It runs beside the runtime, never on an event loop, and
/// all it reports is measured.
package protocol Agent: Sendable {
    var description: AgentDescription { get }

    /// Called once for each transition to `active`; a throw leaves the agent in `error`.
    func start(configuration: JSONObject) async throws

    /// Called when the agent leaves `active` for good; running tasks have ended before.
    func stop() async

    /// Performs one attempt of a task whose payload is valid by the task type's schema.
    ///
    /// - Returns: The result, valid by the task type's result schema.
    /// - Throws: ``TaskFailure`` to say how the attempt failed, `CancellationError` when it
    ///   noticed that it was cancelled; any other error counts as a retryable failure.
    func run(_ task: TaskAttempt, context: any TaskContext) async throws -> JSONValue
}

extension Agent {
    package func start(configuration: JSONObject) async throws {}
    package func stop() async {}
}

/// What an agent is, as clients see it.
package struct AgentDescription: Sendable {
    /// Fixed id, such as `content`.
    package var id: String
    /// For people: "Content Creator".
    package var name: String
    package var type: String
    /// What it is good at, for people.
    package var capabilities: [String]
    package var taskTypes: [TaskType]
    /// JSON Schema of the agent's configuration, without the runtime's own keys `concurrency`, `rate`
    /// and `typeRates`.
    package var configurationSchema: JSONValue
    /// Whether only workers perform its tasks, and nothing within the daemon.
    package var isPerformedByWorkers = false

    package init(
        id: String,
        name: String,
        type: String,
        capabilities: [String],
        taskTypes: [TaskType],
        configurationSchema: JSONValue = ["type": "object"]
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.capabilities = capabilities
        self.taskTypes = taskTypes
        self.configurationSchema = configurationSchema
    }
}

/// One attempt at a task, as the agent is given it.
package struct TaskAttempt: Sendable {
    package var taskID: String
    package var type: String
    package var payload: JSONValue
    /// 1 for the first.
    package var attempt: Int
    /// Differs by task and not by attempt, so that a retry computes the same.
    package var randomSeed: UInt64

    package init(
        taskID: String,
        type: String,
        payload: JSONValue,
        attempt: Int,
        randomSeed: UInt64
    ) {
        self.taskID = taskID
        self.type = type
        self.payload = payload
        self.attempt = attempt
        self.randomSeed = randomSeed
    }
}

/// What an agent may ask of the runtime while it works.
package protocol TaskContext: Sendable {
    /// Says how far the attempt is: 0–100 (clamped) and a short message for people.
    func reportProgress(_ percent: Int, message: String?)

    /// Streams a piece of output to whoever watches (`task.output`).
    func emit(_ output: JSONValue)

    /// Checks the hub's audit from its oldest entry to its newest; entries that were noted
    /// elsewhere must be the same.
    func verifyAudit(known: [AuditLink]) async throws -> AuditReport

    /// The language model of a provider, or without a name the one that the hub prefers; `nil` when
    /// none was configured and none was named.
    ///
    /// What its answers cost is counted and told with the task (`task.usage`).
    ///
    /// - Throws: ``TaskFailure`` `VALIDATION_ERROR` for a name that no provider has.
    func languageModel(named name: String?) throws -> (any LanguageModel)?
}

extension TaskContext {
    package func verifyAudit(known: [AuditLink]) async throws -> AuditReport {
        throw TaskFailure(code: "UNAVAILABLE", message: "the audit of this hub cannot be read")
    }

    package func languageModel(named name: String?) throws -> (any LanguageModel)? {
        guard let name else { return nil }
        throw TaskFailure(
            code: "VALIDATION_ERROR",
            message: "there is no provider '\(name.prefix(64))': this hub has none"
        )
    }
}

/// Why an attempt failed.
package struct TaskFailure: Error, Equatable, Sendable {
    /// Stable and in upper snake case, such as `TIMEOUT`.
    package var code: String
    package var message: String
    package var isRetryable: Bool
    package var retryAfter: Duration?

    package init(
        code: String,
        message: String,
        isRetryable: Bool = false,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
        self.retryAfter = retryAfter
    }
}
