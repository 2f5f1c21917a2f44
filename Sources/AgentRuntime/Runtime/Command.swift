package import Identity
package import JSONRPC

/// What the runtime can be asked to do; the owner of a session decided before that it may.
package enum Command: Equatable, Sendable {
    /// `tasks.create` with its params as they were sent; the runtime checks all of them and answers
    /// every problem at once. Answers the Task object.
    case createTask(params: JSONValue)
    /// Answers the Task object.
    case getTask(id: String)
    /// Answers `{tasks: [Task], next?}`, newest first.
    case listTasks(TaskQuery)
    /// Answers the Task object once the task is `cancelled` or `abandoned`: at once when it waits,
    /// within ``RuntimeConfiguration/cancelGrace`` when it runs. A final task is a CONFLICT.
    case cancelTask(id: String)
    /// Puts a `failed`, `dead`, `cancelled` or `abandoned` task back with all its attempts, and
    /// answers the Task object. Any other status is a CONFLICT.
    case retryTask(id: String)
    /// Answers `{id, status, result?, error?}` of a final task; CONFLICT while it is not final.
    case taskResult(id: String)
    /// Answers the Task object as soon as it is final, or as it is when the time is over.
    case waitTask(id: String, timeout: Duration)
    /// Answers `{agents: [Agent]}`, in the order in which they were registered.
    case listAgents
    /// Answers the Agent object with `taskTypes`.
    case getAgent(id: String)
    /// Answers the Agent object when the transition is complete.
    case controlAgent(id: String, AgentControl)
    /// Merges members into the agent's configuration (`null` removes one; RFC 7396, one level)
    /// and answers the Agent object.
    case configureAgent(id: String, JSONObject)
    /// Answers the metrics of one agent, or `{agents: [{id, metrics}]}` of all.
    case agentMetrics(id: String?)
    /// Answers a page of the objects that `channel` is about as a JSON array: `tasks`, newest first,
    /// `agents`, or one object of `tasks.<id>` or `agents.<id>`. ``Reply/position`` says at which
    /// position of the channel they are true, ``Reply/next`` is the cursor with which ``listTasks``
    /// goes on.
    case state(channel: String, limit: Int?, cursor: String?)
    /// Answers `{sequence, durationMs}` once a snapshot is on disk.
    case snapshot
    /// Answers counters of the runtime as one JSON object.
    case statistics
    /// Changes users, sessions or keys. Answers the User object or the API key, if there is one.
    case identity(IdentityCommand)
    case schedule(ScheduleCommand)
    case workflow(WorkflowCommand)
    /// Publishes on a journaled channel of clients. Answers `{epoch, offset}`.
    case publish(ClientPublicationDraft)
    /// Has the state forget channels of clients that are journaled no more. Answers `{}`.
    case forgetChannels([String])
    /// Changes connections to the outside, or notes what came of one.
    case integration(IntegrationCommand)
    /// Asks for figures of what has happened, or for a report of them.
    case analytics(AnalyticsCommand)
    /// Concerns workers and the tasks that they hold.
    case worker(WorkerCommand)
}

package enum AgentControl: String, CaseIterable, Sendable {
    case start, stop, pause, resume
}

/// Which tasks `tasks.list` answers.
package struct TaskQuery: Equatable, Sendable {
    package static let maximumLimit = 1000

    package var status: TaskStatus?
    package var agentID: String?
    package var type: String?
    /// 1…``maximumLimit``; the runtime clamps it.
    package var limit: Int
    /// What an earlier answer gave as `next`.
    package var cursor: String?

    package init(
        status: TaskStatus? = nil,
        agentID: String? = nil,
        type: String? = nil,
        limit: Int = 100,
        cursor: String? = nil
    ) {
        self.status = status
        self.agentID = agentID
        self.type = type
        self.limit = limit
        self.cursor = cursor
    }
}
