package import JSONRPC

/// What happens in a run: a run changes in no other way.
package enum WorkflowEvent: Equatable, Sendable {
    case entered(RunPosition, state: String, at: Int64)
    /// A `Task` begins an attempt; `attempt` numbers those of the whole run from 1.
    case taskStarted(RunPosition, attempt: Int, input: JSONValue, TaskTimes)
    case slept(RunPosition, until: Int64)
    /// The branches of a `Parallel` begin, all with the same input.
    case branched(RunPosition, input: JSONValue)
    /// A `Map` begins; `input` is what `ItemSelector` looks at.
    case mapped(RunPosition, items: [JSONValue], input: JSONValue, MapTerms)
    /// The position is that of the iteration.
    case iterationStarted(RunPosition, input: JSONValue)
    /// `next` is `nil` where the machine ends.
    case exited(RunPosition, output: JSONValue, next: String?, Compensation?)
    case retried(RunPosition, WorkflowError, retrier: Int, until: Int64)
    case caught(RunPosition, WorkflowError, output: JSONValue, next: String)
    case failed(RunPosition, WorkflowError)
    /// A task used tokens of a language model.
    case tokensUsed(Int)
    case compensating
    /// With the error when it could not be undone.
    case compensated(WorkflowError?)
    case ended(WorkflowOutcome)
}

/// How a run came to its end.
package enum WorkflowOutcome: Equatable, Sendable {
    case succeeded(JSONValue)
    case failed(WorkflowError)
    case cancelled
}

/// Times that a `Task` allows, in seconds.
package struct TaskTimes: Equatable, Sendable {
    package var timeout: Int?
    package var heartbeat: Int?

    package init(timeout: Int? = nil, heartbeat: Int? = nil) {
        self.timeout = timeout
        self.heartbeat = heartbeat
    }
}

/// What a `Map` was entered with.
package struct MapTerms: Equatable, Sendable {
    var concurrency: Int
    /// Iterations that may fail; `nil` when none may.
    var tolerated: Int?
}

/// What undoes a completed task.
package struct Compensation: Equatable, Sendable {
    /// Where its machine lies in the definition.
    var machine: [MachineStep]
    var state: String
    /// `{"input": …, "result": …}` of the task.
    var input: JSONValue
}

/// What a run asks of the outside.
package enum WorkflowEffect: Equatable, Sendable {
    case start(RunPosition, attempt: Int, WorkflowResource, input: JSONValue, TaskTimes)
    /// Nobody waits for that attempt any more; it may have been answered.
    case cancel(attempt: Int)
}

/// What a run may use at most, from the configuration.
package struct WorkflowLimits: Equatable, Sendable {
    package var steps = 10_000
    package var seconds = 30 * 86_400
    package var tokens = 1_000_000
    /// Of what goes into a state or comes out of it, as JSON.
    package var dataBytes = 262_144
    /// How many arrays and objects may lie in one another there.
    package var dataDepth = 32
    package var mapItems = 1_000
    /// Iterations at once of a `Map` that sets no limit.
    package var mapConcurrency = 40

    package init() {}
}
