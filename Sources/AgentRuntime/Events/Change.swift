package import Identity
package import JSONRPC

/// What an event changes: its `type` and `data`.
///
/// Each case says which members `data` has; a member that is `nil` is left out.
package enum Change: Equatable, Sendable {
    /// `data` is the Task object as it was created.
    case taskCreated(TaskRecord)
    /// `{runAt}`: follows `task.created` of a task that is to run later.
    case taskScheduled(runAt: Timestamp)
    /// `{}`: all tasks that it depends on are completed; it is pending, or scheduled when its `runAt`
    /// is yet to come.
    case taskUnblocked
    /// `{attempt, maxAttempts, timeoutMs}`; the first attempt is 1.
    case taskStarted(attempt: Int, maxAttempts: Int, timeoutMs: Int64)
    /// `{progress, message?, attempt}`; at most ten a second and task, the last report wins.
    case taskProgress(percent: Int, message: String?, attempt: Int)
    /// `{output, attempt, truncated?}`; `truncated` is `true` in the last one of an attempt that
    /// put out more than the runtime passes on, and `output` is `null` then.
    case taskOutput(JSONText, attempt: Int, isTruncated: Bool)
    /// A language model has answered. `{engine, promptTokens, completionTokens, attempt}`.
    case taskUsage(engine: String, TokenUsage, attempt: Int)
    /// Final. `{result, attempt, durationMs}`, the duration of the last attempt.
    case taskCompleted(result: JSONText, attempt: Int, durationMs: Int64)
    /// Final: another attempt would not mend it, or the deadline has passed. `{error, attempt}`;
    /// attempt 0 says that it never ran.
    case taskFailed(TaskError, attempt: Int)
    /// The task is pending again. `{error?, attempt, delayMs, runAt, requestedBy?}`: `attempt`
    /// failed with `error` and the next one comes at `runAt`; or someone called `tasks.retry`:
    /// `attempt` is 0, there is no error, and `requestedBy` says who.
    case taskRetrying(
        TaskError?,
        attempt: Int,
        delayMs: Int64,
        runAt: Timestamp,
        requestedBy: String?
    )
    /// A worker gave the task back without having begun: it is pending again, and the attempt does
    /// not count. `{attempt, reason}`.
    case taskReleased(attempt: Int, reason: String)
    /// Final. `{attempt, requestedBy}`; attempt 0 says that it never ran.
    case taskCancelled(attempt: Int, requestedBy: String)
    /// Final: the attempt did not stop within the grace after a cancel. `{attempt, requestedBy}`.
    case taskAbandoned(attempt: Int, requestedBy: String)
    /// Final: attempts are used up. `{error, attempt}`.
    case taskDead(TaskError, attempt: Int)

    /// The hub knows the agent for the first time. `{name, type}`.
    case agentInitialized(name: String, type: String)
    /// `{}`
    case agentStarted
    /// `{}`
    case agentStopped
    /// `{}`: running attempts go on, no new ones start.
    case agentPaused
    /// `{}`
    case agentResumed
    /// The agent is in status `error`. `{error}`.
    case agentFailed(TaskError)
    /// `{config}`, all of it.
    case agentConfigured(JSONObject)
    /// A worker has declared what the agent does. `{name, type, capabilities}`.
    case agentProvided(JSONText)
    /// `{workerId, userId, concurrency}`: gets tasks of the agent from now on.
    case workerRegistered(workerID: String, userID: String, concurrency: Int)
    /// `{workerId}`: does not answer, and gets no more tasks.
    case workerDeaf(workerID: String)
    /// `{workerId, reason}`, the reason being a ``WorkerDeparture``.
    case workerLeft(workerID: String, reason: String)
    /// `{metrics}`: what was measured of the agent, when that has changed.
    case agentMetrics(JSONText)
    /// A lifecycle command that found its aim reached and carried an idempotency key. Kept in the
    /// journal only: it is in no channel.
    case agentUnchanged

    /// A life of the daemon begins. `{epoch, retention, interruptedTasks}`; the epoch is that of the
    /// life before, but in an empty folder and in a restored backup.
    case systemStarted(epoch: String, retention: Retention, interruptedTasks: Int)
    /// The daemon takes no more commands. `{}`.
    case systemDraining
    /// `{sequence, durationMs}`: all events up to `sequence` are in a snapshot on disk.
    case systemSnapshot(sequence: UInt64, durationMs: Int64)
    /// `{reason, since}`: events cannot be written since then, but for this one.
    case systemDegraded(reason: String, since: Timestamp)
    /// `{since, durationMs}`: events can be written again.
    case systemRecovered(since: Timestamp, durationMs: Int64)

    /// `audit.allowed` or `audit.denied`: `{entry, outcome, method, user?, session?, apiKey?,
    /// address?, transport?, object?, reason?, count?, since?, effect?, previous}`.
    case audit(AuditEntry)

    /// One of `user.*`, with `requestedBy`, the user who asked for it, if that is known. Kept in the
    /// journal only: it is in no channel.
    case identity(IdentityChange, requestedBy: String?)

    /// One of `schedule.*`.
    case schedule(ScheduleChange)

    /// One of `workflow.*`.
    case workflow(WorkflowChange)
    /// On a journaled channel of clients. `{channel, birth, data, publisher, key?, keptFrom}`. It is
    /// in that channel, in the form of publications there.
    case channelPublished(ClientPublication)
    /// All journaled channels together keep too much: this one forgets what is before `keptFrom`.
    /// `{channel, keptFrom}`. Kept in the journal only.
    case channelTrimmed(channel: String, keptFrom: UInt64)
    /// The channel is journaled no more. `{channel}`. Kept in the journal only.
    case channelForgotten(channel: String)
    /// One of `integration.*`, with `requestedBy`, the user who asked for it, if one did.
    case integration(IntegrationChange, requestedBy: String?)

    /// A report was made and is kept: `data` is the Report object. Kept in the journal only: it is in
    /// no channel.
    case reportGenerated(ReportRecord)
}

extension Change {
    package var type: EventType {
        switch self {
        case .taskCreated: .taskCreated
        case .taskScheduled: .taskScheduled
        case .taskUnblocked: .taskUnblocked
        case .taskStarted: .taskStarted
        case .taskProgress: .taskProgress
        case .taskOutput: .taskOutput
        case .taskUsage: .taskUsage
        case .taskCompleted: .taskCompleted
        case .taskFailed: .taskFailed
        case .taskRetrying: .taskRetrying
        case .taskCancelled: .taskCancelled
        case .taskAbandoned: .taskAbandoned
        case .taskDead: .taskDead
        case .taskReleased: .taskReleased
        case .agentProvided: .agentProvided
        case .workerRegistered: .workerRegistered
        case .workerDeaf: .workerDeaf
        case .workerLeft: .workerLeft
        case .agentInitialized: .agentInitialized
        case .agentStarted: .agentStarted
        case .agentStopped: .agentStopped
        case .agentPaused: .agentPaused
        case .agentResumed: .agentResumed
        case .agentFailed: .agentFailed
        case .agentConfigured: .agentConfigured
        case .agentMetrics: .agentMetrics
        case .agentUnchanged: .agentUnchanged
        case .systemStarted: .systemStarted
        case .systemDraining: .systemDraining
        case .systemSnapshot: .systemSnapshot
        case .systemDegraded: .systemDegraded
        case .systemRecovered: .systemRecovered
        case .audit(let entry): entry.outcome == .allowed ? .auditAllowed : .auditDenied
        case .identity(let change, _): change.eventType
        case .schedule(let change): change.type
        case .workflow(let change): change.type
        case .channelPublished: .channelPublished
        case .channelTrimmed: .channelTrimmed
        case .channelForgotten: .channelForgotten
        case .integration(let change, _): change.eventType
        case .reportGenerated: .reportGenerated
        }
    }

    /// HIGH needs somebody's attention, MEDIUM is worth a line, LOW is how things go.
    package var severity: Severity {
        switch self {
        case .agentFailed, .systemDegraded: .critical
        case .taskFailed, .taskDead, .taskAbandoned, .workerDeaf: .high
        case .audit(let entry): entry.outcome == .allowed ? .low : .medium
        case .identity(let change, _): change.severity
        case .schedule(let change): change.severity
        case .workflow(let change): change.severity
        case .integration(let change, _): change.severity
        case .taskReleased, .workerLeft, .taskRetrying, .taskCancelled, .agentStopped,
            .agentPaused, .systemDraining,
            .systemRecovered:
            .medium
        case .taskCreated, .taskScheduled, .taskStarted, .taskProgress, .taskOutput, .taskUsage,
            .taskCompleted, .agentInitialized, .agentStarted, .agentResumed, .agentConfigured,
            .agentProvided, .workerRegistered, .agentUnchanged, .systemStarted, .systemSnapshot,
            .channelPublished, .channelTrimmed, .channelForgotten, .reportGenerated, .agentMetrics,
            .taskUnblocked:
            .low
        }
    }
}

extension Change {
    /// Whose matter it is, beside that of an agent: the id of a user who sees it in any case.
    package var ownerID: String? {
        switch self {
        case .schedule(let change): change.createdBy
        case .workflow(let change): change.createdBy
        default: nil
        }
    }
}

/// One JSON value as compact UTF-8, kept as it goes on the wire.
package struct JSONText: Hashable, Sendable {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// Why an attempt or a task failed: `{code, message, retryable}`.
package struct TaskError: Equatable, Sendable {
    /// Stable and in upper snake case, such as `TIMEOUT`.
    package var code: String
    package var message: String
    package var isRetryable: Bool

    package init(code: String, message: String, isRetryable: Bool) {
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
    }
}
