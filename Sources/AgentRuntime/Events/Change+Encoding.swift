import JSONRPC

extension Change {
    /// Writes the `data` of the event.
    func writeData(to writer: inout JSONWriter) {
        if case .taskCreated(let record) = self { return record.write(to: &writer) }
        if case .reportGenerated(let report) = self {
            return report.write(to: &writer, hasContent: true)
        }
        if case .agentProvided(let definition) = self { return writer.raw(definition.bytes) }
        writer.beginObject()
        writeTaskMembers(to: &writer)
        writeOtherMembers(to: &writer)
        writer.endObject()
    }

    private func writeTaskMembers(to writer: inout JSONWriter) {
        switch self {
        case .taskScheduled(let runAt):
            writer.member("runAt", runAt)
        case .taskStarted(let attempt, let maxAttempts, let timeoutMs):
            writer.member("attempt", attempt)
            writer.member("maxAttempts", maxAttempts)
            writer.member("timeoutMs", Int(timeoutMs))
        case .taskProgress(let percent, let message, let attempt):
            writer.member("progress", percent)
            writer.member("message", ifPresent: message)
            writer.member("attempt", attempt)
        case .taskOutput(let output, let attempt, let isTruncated):
            writer.member("output", raw: output.bytes)
            writer.member("attempt", attempt)
            if isTruncated { writer.member("truncated", true) }
        case .taskUsage(let engine, let usage, let attempt):
            writer.member("engine", engine)
            writer.member("promptTokens", usage.prompt)
            writer.member("completionTokens", usage.completion)
            writer.member("attempt", attempt)
        case .taskCompleted(let result, let attempt, let durationMs):
            writer.member("result", raw: result.bytes)
            writer.member("attempt", attempt)
            writer.member("durationMs", Int(durationMs))
        case .taskFailed(let error, let attempt), .taskDead(let error, let attempt):
            writer.member("error", error.json)
            writer.member("attempt", attempt)
        case .taskRetrying(let error, let attempt, let delayMs, let runAt, let requestedBy):
            writer.member("error", ifPresent: error?.json)
            writer.member("attempt", attempt)
            writer.member("delayMs", Int(delayMs))
            writer.member("runAt", runAt)
            writer.member("requestedBy", ifPresent: requestedBy)
        case .taskReleased(let attempt, let reason):
            writer.member("attempt", attempt)
            writer.member("reason", reason)
        case .taskCancelled(let attempt, let requestedBy),
            .taskAbandoned(let attempt, let requestedBy):
            writer.member("attempt", attempt)
            writer.member("requestedBy", requestedBy)
        default:
            break
        }
    }

    private func writeOtherMembers(to writer: inout JSONWriter) {
        switch self {
        case .agentInitialized(let name, let type):
            writer.member("name", name)
            writer.member("type", type)
        case .agentFailed(let error):
            writer.member("error", error.json)
        case .agentConfigured(let configuration):
            writer.member("config", configuration)
        case .workerRegistered(let workerID, let userID, let concurrency):
            writer.member("workerId", workerID)
            writer.member("userId", userID)
            writer.member("concurrency", concurrency)
        case .workerDeaf(let workerID):
            writer.member("workerId", workerID)
        case .workerLeft(let workerID, let reason):
            writer.member("workerId", workerID)
            writer.member("reason", reason)
        case .agentMetrics(let metrics):
            writer.member("metrics", raw: metrics.bytes)
        case .systemStarted(let epoch, let retention, let interruptedTasks):
            writer.member("epoch", epoch)
            writer.name("retention")
            retention.write(to: &writer)
            writer.member("interruptedTasks", interruptedTasks)
        case .systemDegraded(let reason, let since):
            writer.member("reason", reason)
            writer.member("since", since)
        case .systemRecovered(let since, let durationMs):
            writer.member("since", since)
            writer.member("durationMs", Int(durationMs))
        case .systemSnapshot(let sequence, let durationMs):
            writer.member("sequence", sequence)
            writer.member("durationMs", Int(durationMs))
        case .audit(let entry):
            entry.writeMembers(to: &writer)
        case .channelPublished(let publication):
            publication.writeMembers(to: &writer)
        case .channelTrimmed(let channel, let keptFrom):
            writer.member("channel", channel)
            writer.member("keptFrom", keptFrom)
        case .channelForgotten(let channel):
            writer.member("channel", channel)
        case .identity(let change, let requestedBy):
            change.writeMembers(to: &writer)
            writer.member("requestedBy", ifPresent: requestedBy)
        case .schedule(let change):
            change.writeMembers(to: &writer)
        case .workflow(let change):
            change.writeMembers(to: &writer)
        case .integration(let change, let requestedBy):
            change.writeMembers(to: &writer)
            writer.member("requestedBy", ifPresent: requestedBy)
        default:
            break
        }
    }
}

extension Retention {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("finishedMs", Int(finishedMs))
        writer.member("deadMs", Int(deadMs))
        writer.member("maximumCount", maximumCount)
        writer.member("maximumBytes", maximumBytes)
        writer.member("answersMs", Int(answersMs))
        writer.member("maximumAnswers", maximumAnswers)
        writer.member("runsMs", Int(runsMs))
        writer.member("maximumRuns", maximumRuns)
        writer.member("maximumRunBytes", maximumRunBytes)
        writer.member("maximumRunHistory", maximumRunHistory)
        writer.member("maximumSeries", maximumSeries)
        writer.member("reportsMs", Int(reportsMs))
        writer.member("maximumReports", maximumReports)
        writer.member("maximumReportBytes", maximumReportBytes)
        writer.endObject()
    }

    init(reading value: JSONReader) throws(StateDecodingError) {
        self.init()
        finishedMs = try value.int64("finishedMs")
        deadMs = try value.int64("deadMs")
        maximumCount = try value.integer("maximumCount")
        maximumBytes = try value.integer("maximumBytes")
        answersMs = try value.int64("answersMs")
        maximumAnswers = try value.integer("maximumAnswers")
        // Older records have none of what follows.
        guard value.has("runsMs") else { return }
        runsMs = try value.int64("runsMs")
        maximumRuns = try value.integer("maximumRuns")
        maximumRunBytes = try value.integer("maximumRunBytes")
        maximumRunHistory = try value.integer("maximumRunHistory")
        // Hubs that made no reports wrote nothing of them.
        guard value.has("maximumSeries") else { return }
        maximumSeries = try value.integer("maximumSeries")
        reportsMs = try value.int64("reportsMs")
        maximumReports = try value.integer("maximumReports")
        maximumReportBytes = try value.integer("maximumReportBytes")
    }
}
