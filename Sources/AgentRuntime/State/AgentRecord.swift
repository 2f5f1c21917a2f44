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
    /// Offset of the newest event in the channel `agents.<id>`.
    package var offset: UInt64 = 0

    /// What workers have declared about an agent of theirs: `{name, type, capabilities}`.
    package var definition: JSONText?

    package init(id: String) {
        self.id = id
    }
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
