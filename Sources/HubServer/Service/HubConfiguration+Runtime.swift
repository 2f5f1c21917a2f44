import AgentRuntime
import HubCore
import Journal

// What the parts of the hub are given of its configuration.
extension HubConfiguration {
    var runtimeConfiguration: RuntimeConfiguration {
        var result = RuntimeConfiguration()
        result.maximumPayloadBytes = runtime.maxPayloadBytes
        result.maximumResultBytes = runtime.maxResultBytes
        result.maximumWaitingTasks = runtime.maxWaitingTasks
        result.maximumDependencies = runtime.maxDependencies
        result.maximumWaiters = runtime.maxWaiters
        result.maximumWait = .milliseconds(runtime.maxWaitMs)
        result.maximumQueuedCommands = runtime.maxQueuedCommands
        result.maximumQueuedBytes = runtime.maxQueuedBytes
        result.defaultMaxAttempts = runtime.defaultMaxAttempts
        result.maximumMaxAttempts = runtime.maxMaxAttempts
        result.maximumTimeout = .milliseconds(runtime.maxTaskTimeoutMs)
        result.cancelGrace = .milliseconds(runtime.cancelGraceMs)
        result.lifecycleTimeout = .milliseconds(runtime.lifecycleTimeoutMs)
        result.defaultConcurrency = runtime.defaultConcurrency
        result.crashLimit = runtime.crashLimit
        result.crashWindow = .milliseconds(runtime.crashWindowMs)
        result.progressInterval = .milliseconds(runtime.progressIntervalMs)
        result.metricsInterval = .milliseconds(runtime.metricsEventMs)
        result.maximumOutputEvents = runtime.maxOutputEvents
        result.maximumOutputBytes = runtime.maxOutputBytes
        result.maximumStatePage = runtime.statePageObjects
        result.maximumStatePageBytes = runtime.statePageBytes
        result.lease = .milliseconds(workers.leaseMs)
        result.heartbeat = .milliseconds(workers.heartbeatMs)
        result.workerAnswerTimeout = .milliseconds(workers.answerMs)
        result.maximumStalls = workers.maxStalls
        result.maximumRefusals = workers.maxRefusals
        result.maximumWorkers = workers.maximum
        result.maximumWorkersPerUser = workers.perUser
        result.maximumProvidedAgents = workers.maxAgents
        result.maximumSchedules = schedules.maximum
        result.scheduleGrace = .milliseconds(schedules.graceMs)
        result.maximumCatchUp = schedules.maxCatchUp
        result.maximumQueuedTimes = schedules.maxQueued
        result.workflows = workflows.limits
        result.isForDevelopment = dev
        result.maximumClientChannels = channels.maxJournaled
        result.maximumClientBytes = channels.journaledBytes
        result.retention.finishedMs = Int64(retention.finishedMs)
        result.retention.deadMs = Int64(retention.deadMs)
        result.retention.maximumCount = retention.maxTasks
        result.retention.maximumBytes = retention.maxBytes
        result.retention.answersMs = Int64(retention.answersMs)
        result.retention.maximumAnswers = retention.maxAnswers
        result.retention.runsMs = Int64(retention.runsMs)
        result.retention.maximumRuns = retention.maxRuns
        result.retention.maximumRunBytes = retention.maxRunBytes
        result.retention.maximumRunHistory = retention.maxRunHistory
        result.retention.maximumSeries = retention.maxSeries
        result.retention.reportsMs = Int64(retention.reportsMs)
        result.retention.maximumReports = retention.maxReports
        result.retention.maximumReportBytes = retention.maxReportBytes
        result.denialInterval = .milliseconds(audit.denialIntervalMs)
        result.maximumDenials = audit.maxDenials
        result.identity = auth.identityLimits
        result.maximumIntegrations = integrations.maximum
        result.snapshotAfterEvents = snapshots.afterEvents
        result.snapshotAfterBytes = snapshots.afterBytes
        result.snapshotInterval = .milliseconds(snapshots.intervalMs)
        return result
    }

    var journalConfiguration: JournalConfiguration {
        var result = JournalConfiguration()
        result.segmentSize = journal.segmentBytes
        result.reservationStep = journal.reservationBytes
        result.retainedRecords = UInt64(journal.retainedRecords)
        return result
    }

    var archiveConfiguration: ArchiveConfiguration {
        var result = ArchiveConfiguration()
        result.maximumBytes = archive.maxBytes
        result.maximumAgeMs = Int64(archive.maxAgeMs)
        return result
    }
}

extension HubConfiguration.Channels {
    var clientHistory: HistoryLimits { HistoryLimits(count: historySize, bytes: historyBytes) }

    var runtimeHistory: HistoryLimits {
        HistoryLimits(count: runtimeHistorySize, bytes: runtimeHistoryBytes)
    }
}
