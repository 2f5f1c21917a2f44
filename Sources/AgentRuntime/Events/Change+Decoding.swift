import Identity
import JSONRPC

extension Change {
    /// Reads the `data` of an event, and what the journal keeps beside it.
    init(
        type: EventType,
        data: JSONReader,
        secrets: JSONReader?,
        eventID: String,
        sequence: UInt64,
        time: Timestamp
    ) throws(StateDecodingError) {
        switch type {
        case .taskCreated:
            self = .taskCreated(try TaskRecord(data, sequence: sequence, eventID: eventID))
        case .taskScheduled:
            self = .taskScheduled(runAt: try data.timestamp("runAt"))
        case .taskUnblocked:
            self = .taskUnblocked
        case .taskStarted:
            self = .taskStarted(
                attempt: try data.integer("attempt"),
                maxAttempts: try data.integer("maxAttempts"),
                timeoutMs: try data.int64("timeoutMs")
            )
        case .taskProgress:
            self = .taskProgress(
                percent: try data.integer("progress"),
                message: data.optionalString("message"),
                attempt: try data.integer("attempt")
            )
        case .taskOutput:
            self = .taskOutput(
                try data.text("output"),
                attempt: try data.integer("attempt"),
                isTruncated: try data.has("truncated") ? data.bool("truncated") : false
            )
        case .taskUsage:
            self = .taskUsage(
                engine: try data.string("engine"),
                TokenUsage(
                    prompt: try data.integer("promptTokens"),
                    completion: try data.integer("completionTokens")
                ),
                attempt: try data.integer("attempt")
            )
        case .taskCompleted:
            self = .taskCompleted(
                result: try data.text("result"),
                attempt: try data.integer("attempt"),
                durationMs: try data.int64("durationMs")
            )
        case .taskFailed:
            self = .taskFailed(
                try TaskError(reading: data.member("error")),
                attempt: try data.integer("attempt")
            )
        case .taskDead:
            self = .taskDead(
                try TaskError(reading: data.member("error")),
                attempt: try data.integer("attempt")
            )
        case .taskRetrying:
            self = .taskRetrying(
                try data.ifPresent("error", TaskError.init(reading:)),
                attempt: try data.integer("attempt"),
                delayMs: try data.int64("delayMs"),
                runAt: try data.timestamp("runAt"),
                requestedBy: data.optionalString("requestedBy")
            )
        case .taskReleased:
            self = .taskReleased(
                attempt: try data.integer("attempt"),
                reason: try data.string("reason")
            )
        case .taskCancelled:
            self = .taskCancelled(
                attempt: try data.integer("attempt"),
                requestedBy: try data.string("requestedBy")
            )
        case .taskAbandoned:
            self = .taskAbandoned(
                attempt: try data.integer("attempt"),
                requestedBy: try data.string("requestedBy")
            )
        case let type where type.isAboutIntegrations:
            self = .integration(
                try IntegrationChange(
                    type: type,
                    data: data,
                    secrets: secrets ?? .empty,
                    time: time
                ),
                requestedBy: data.optionalString("requestedBy")
            )
        case let type where type.isAboutUsers:
            self = .identity(
                try IdentityChange(
                    type: type,
                    data: data,
                    secrets: secrets ?? .empty
                ),
                requestedBy: data.optionalString("requestedBy")
            )
        case let type where type.isAboutSchedules:
            self = .schedule(try ScheduleChange(type: type, data: data))
        case let type where type.isAboutWorkflows:
            self = .workflow(try WorkflowChange(type: type, data: data))
        default:
            try self.init(other: type, data: data)
        }
    }

    private init(other type: EventType, data: JSONReader) throws(StateDecodingError) {
        switch type {
        case .agentInitialized:
            self = .agentInitialized(
                name: try data.string("name"),
                type: try data.string("type")
            )
        case .agentStarted: self = .agentStarted
        case .agentStopped: self = .agentStopped
        case .agentPaused: self = .agentPaused
        case .agentResumed: self = .agentResumed
        case .agentMetrics: self = .agentMetrics(try data.text("metrics"))
        case .agentUnchanged: self = .agentUnchanged
        case .agentFailed: self = .agentFailed(try TaskError(reading: data.member("error")))
        case .agentConfigured: self = .agentConfigured(try data.object("config"))
        case .agentProvided: self = .agentProvided(JSONText(data.json))
        case .workerRegistered:
            self = .workerRegistered(
                workerID: try data.string("workerId"),
                userID: try data.string("userId"),
                concurrency: try data.integer("concurrency")
            )
        case .workerDeaf: self = .workerDeaf(workerID: try data.string("workerId"))
        case .workerLeft:
            self = .workerLeft(
                workerID: try data.string("workerId"),
                reason: try data.string("reason")
            )
        case .systemStarted:
            self = .systemStarted(
                epoch: try data.string("epoch"),
                retention: try Retention(reading: data.member("retention")),
                interruptedTasks: try data.integer("interruptedTasks")
            )
        case .systemDraining: self = .systemDraining
        case .systemDegraded:
            self = .systemDegraded(
                reason: try data.string("reason"),
                since: try data.timestamp("since")
            )
        case .systemRecovered:
            self = .systemRecovered(
                since: try data.timestamp("since"),
                durationMs: try data.int64("durationMs")
            )
        case .systemSnapshot:
            self = .systemSnapshot(
                sequence: try data.unsigned("sequence"),
                durationMs: try data.int64("durationMs")
            )
        case .auditAllowed, .auditDenied:
            self = .audit(try AuditEntry(reading: data))
        case .channelPublished:
            self = .channelPublished(try ClientPublication(reading: data))
        case .channelTrimmed:
            self = .channelTrimmed(
                channel: try data.string("channel"),
                keptFrom: try data.unsigned("keptFrom")
            )
        case .channelForgotten:
            self = .channelForgotten(channel: try data.string("channel"))
        case .reportGenerated:
            self = .reportGenerated(try ReportRecord(reading: data))
        default:
            throw StateDecodingError(path: data.path, problem: "belongs to an unknown event type")
        }
    }
}
