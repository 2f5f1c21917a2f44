/// Something that happened in the hub: the only way in which its state changes.
package struct Event: Equatable, Sendable {
    /// UUIDv7.
    package var id: String
    /// Consecutive over all events of the state folder, from 1; also the journal's sequence.
    package var sequence: UInt64
    /// The agent it is about or, for a task, that performs it; `system` for the hub itself.
    package var agentID: String
    package var timestamp: Timestamp
    /// Who says so: `runtime`, or `agents/<id>` for what an agent reports while it works.
    package var source: String
    package var severity: Severity
    /// The same for everything that belongs to one piece of work.
    package var correlationID: String
    /// `id` of the event that led to this one.
    package var causationID: String?
    package var taskID: String?
    package var change: Change

    package var type: EventType { change.type }
    /// The run of a workflow that it is about.
    package var runID: String? {
        if case .workflow(let change) = self.change { change.runID } else { nil }
    }

    package init(
        id: String,
        sequence: UInt64,
        agentID: String,
        timestamp: Timestamp,
        source: String,
        severity: Severity,
        correlationID: String,
        causationID: String? = nil,
        taskID: String? = nil,
        change: Change
    ) {
        self.id = id
        self.sequence = sequence
        self.agentID = agentID
        self.timestamp = timestamp
        self.source = source
        self.severity = severity
        self.correlationID = correlationID
        self.causationID = causationID
        self.taskID = taskID
        self.change = change
    }
}

/// How much an event matters to people; ordered.
package enum Severity: String, CaseIterable, Comparable, Sendable {
    case low = "LOW"
    case medium = "MEDIUM"
    case high = "HIGH"
    case critical = "CRITICAL"

    package static func < (lower: Severity, upper: Severity) -> Bool { lower.rank < upper.rank }

    private var rank: Int {
        switch self {
        case .low: 0
        case .medium: 1
        case .high: 2
        case .critical: 3
        }
    }
}

/// The `type` of an event as it is on the wire.
package struct EventType: RawRepresentable, Hashable, Sendable {
    package var rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let taskCreated = EventType(rawValue: "task.created")
    package static let taskScheduled = EventType(rawValue: "task.scheduled")
    package static let taskUnblocked = EventType(rawValue: "task.unblocked")
    package static let taskStarted = EventType(rawValue: "task.started")
    package static let taskProgress = EventType(rawValue: "task.progress")
    package static let taskOutput = EventType(rawValue: "task.output")
    package static let taskUsage = EventType(rawValue: "task.usage")
    package static let taskCompleted = EventType(rawValue: "task.completed")
    package static let taskFailed = EventType(rawValue: "task.failed")
    package static let taskRetrying = EventType(rawValue: "task.retrying")
    package static let taskCancelled = EventType(rawValue: "task.cancelled")
    package static let taskDead = EventType(rawValue: "task.dead")
    package static let taskAbandoned = EventType(rawValue: "task.abandoned")
    package static let taskReleased = EventType(rawValue: "task.released")
    package static let agentInitialized = EventType(rawValue: "agent.initialized")
    package static let agentStarted = EventType(rawValue: "agent.started")
    package static let agentStopped = EventType(rawValue: "agent.stopped")
    package static let agentPaused = EventType(rawValue: "agent.paused")
    package static let agentResumed = EventType(rawValue: "agent.resumed")
    package static let agentFailed = EventType(rawValue: "agent.failed")
    package static let agentConfigured = EventType(rawValue: "agent.configured")
    package static let agentProvided = EventType(rawValue: "agent.provided")
    package static let workerRegistered = EventType(rawValue: "worker.registered")
    package static let workerDeaf = EventType(rawValue: "worker.deaf")
    package static let workerLeft = EventType(rawValue: "worker.left")
    package static let agentMetrics = EventType(rawValue: "agent.metrics")
    package static let agentUnchanged = EventType(rawValue: "agent.unchanged")
    package static let systemStarted = EventType(rawValue: "system.started")
    package static let systemDraining = EventType(rawValue: "system.draining")
    package static let systemSnapshot = EventType(rawValue: "system.snapshot")
    package static let systemDegraded = EventType(rawValue: "system.degraded")
    package static let systemRecovered = EventType(rawValue: "system.recovered")
    package static let auditAllowed = EventType(rawValue: "audit.allowed")
    package static let auditDenied = EventType(rawValue: "audit.denied")
    package static let channelPublished = EventType(rawValue: "channel.published")
    package static let channelTrimmed = EventType(rawValue: "channel.trimmed")
    package static let channelForgotten = EventType(rawValue: "channel.forgotten")
    package static let userCreated = EventType(rawValue: "user.created")
    package static let userUpdated = EventType(rawValue: "user.updated")
    package static let userDeleted = EventType(rawValue: "user.deleted")
    package static let userAgentAssigned = EventType(rawValue: "user.agentAssigned")
    package static let userAgentUnassigned = EventType(rawValue: "user.agentUnassigned")
    package static let userPasswordChanged = EventType(rawValue: "user.passwordChanged")
    package static let userPasswordRehashed = EventType(rawValue: "user.passwordRehashed")
    package static let userActivationIssued = EventType(rawValue: "user.activationIssued")
    package static let userSignedIn = EventType(rawValue: "user.signedIn")
    package static let userSessionRenewed = EventType(rawValue: "user.sessionRenewed")
    package static let userSessionsEnded = EventType(rawValue: "user.sessionsEnded")
    package static let userKeyCreated = EventType(rawValue: "user.keyCreated")
    package static let userKeysRevoked = EventType(rawValue: "user.keysRevoked")
    package static let integrationCreated = EventType(rawValue: "integration.created")
    package static let integrationUpdated = EventType(rawValue: "integration.updated")
    package static let integrationDeleted = EventType(rawValue: "integration.deleted")
    package static let integrationSynced = EventType(rawValue: "integration.synced")
    package static let integrationFailed = EventType(rawValue: "integration.failed")
    package static let integrationRecovered = EventType(rawValue: "integration.recovered")
    package static let integrationDeadLettered = EventType(rawValue: "integration.deadLettered")
    package static let integrationAdvanced = EventType(rawValue: "integration.advanced")
    package static let integrationLettersRemoved =
        EventType(rawValue: "integration.deadLettersRemoved")
    package static let reportGenerated = EventType(rawValue: "report.generated")
}
