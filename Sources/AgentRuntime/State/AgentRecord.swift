package import JSONRPC

/// An agent as the state keeps it; what it can do is in its description, which is code.
package struct AgentRecord: Equatable, Sendable {
    package var id: String
    package var status: AgentStatus = .inactive
    /// What somebody last asked for; a start of the daemon goes back to it.
    package var desiredStatus: AgentStatus = .active
    package var configuration = JSONObject()
    package var tasksCompleted: UInt64 = 0
    /// Tasks that ended as `failed` or `dead`.
    package var tasksFailed: UInt64 = 0
    /// Of the attempts that completed.
    package var totalDurationMs: Int64 = 0
    /// Tasks that are scheduled or pending.
    package var waiting = 0
    package var running = 0
    /// When an attempt last began: what rates go by after a restart.
    package var lastStartedAt: Timestamp?
    /// By task type; of the first ``maximumTypes`` that were met.
    package var types: [String: TypeFigures] = [:]
    /// Offset of the newest event in the channel `agents.<id>`.
    package var offset: UInt64 = 0

    /// What workers have declared about an agent of theirs: `{name, type, capabilities}`.
    package var definition: JSONText?

    /// Workers may declare ever new types.
    static let maximumTypes = 256

    package init(id: String) {
        self.id = id
    }
}

/// What was measured of the tasks of one type since the state folder began.
package struct TypeFigures: Equatable, Sendable {
    package var completed: UInt64 = 0
    /// Tasks that ended as `failed` or `dead`.
    package var failed: UInt64 = 0
    /// Tasks that ended as `cancelled` or `abandoned`.
    package var cancelled: UInt64 = 0
    /// Attempts that another one follows.
    package var retries: UInt64 = 0
    /// Of the attempts that completed.
    package var durations = DurationHistogram()
    /// From the moment a task could run to the beginning of the attempt.
    package var waits = DurationHistogram()

    package init() {}
}

/// Where an agent stands.
package enum AgentStatus: String, CaseIterable, Sendable {
    case inactive
    /// On the way to `active`; known to the runtime only, no event says so.
    case starting
    case active
    /// Running tasks go on, no new ones start.
    case paused
    /// On the way to `inactive`; known to the runtime only, no event says so.
    case stopping
    /// Could not start, or failed too often.
    case error
}
