// The keys of the agent runtime and of what it stores.

let runtimeKeys: [ConfigurationKey] = [
    .integer(
        "runtime.maxPayloadBytes",
        \.runtime.maxPayloadBytes,
        1024...64 * KeyUnit.mebibyte,
        .bytes,
        "The payload of a task."
    ),
    .integer(
        "runtime.maxResultBytes",
        \.runtime.maxResultBytes,
        1024...64 * KeyUnit.mebibyte,
        .bytes,
        "The result of a task; an attempt with a larger one fails."
    ),
    .integer(
        "runtime.maxWaitingTasks",
        \.runtime.maxWaitingTasks,
        1...10_000_000,
        .count,
        "Tasks that are scheduled, blocked or pending; with more, tasks.create is BUSY."
    ),
    .integer(
        "runtime.maxDependencies",
        \.runtime.maxDependencies,
        0...1000,
        .count,
        "Tasks that one task may depend on."
    ),
    .integer(
        "runtime.maxWaiters",
        \.runtime.maxWaiters,
        1...10_000_000,
        .count,
        "Callers that wait for a task to end."
    ),
    .integer(
        "runtime.maxWaitMs",
        \.runtime.maxWaitMs,
        1000...24 * KeyUnit.hour,
        .milliseconds,
        "The longest that tasks.wait may wait."
    ),
    .integer(
        "runtime.maxQueuedCommands",
        \.runtime.maxQueuedCommands,
        1...10_000_000,
        .count,
        "Commands of all sessions that wait for the runtime; further ones are BUSY."
    ),
    .integer(
        "runtime.maxQueuedBytes",
        \.runtime.maxQueuedBytes,
        KeyUnit.mebibyte...64 * KeyUnit.gibibyte,
        .bytes,
        "Bytes of the params of these commands."
    ),
    .integer(
        "runtime.defaultMaxAttempts",
        \.runtime.defaultMaxAttempts,
        1...1000,
        .count,
        "Attempts of a task that does not say how many."
    ),
    .integer(
        "runtime.maxMaxAttempts",
        \.runtime.maxMaxAttempts,
        1...1000,
        .count,
        "Attempts that a task may ask for."
    ),
    .integer(
        "runtime.maxTaskTimeoutMs",
        \.runtime.maxTaskTimeoutMs,
        1000...KeyUnit.year,
        .milliseconds,
        "The longest that one attempt may take, whatever its task asks for."
    ),
    .integer(
        "runtime.cancelGraceMs",
        \.runtime.cancelGraceMs,
        0...KeyUnit.hour,
        .milliseconds,
        "How long a cancelled or timed out attempt may take to stop."
    ),
    .integer(
        "runtime.lifecycleTimeoutMs",
        \.runtime.lifecycleTimeoutMs,
        100...KeyUnit.hour,
        .milliseconds,
        "How long an agent may take to start or stop."
    ),
    .integer(
        "runtime.defaultConcurrency",
        \.runtime.defaultConcurrency,
        1...1000,
        .count,
        "Tasks that an agent works on at the same time, unless it is configured otherwise."
    ),
    .integer(
        "runtime.agentThreads",
        \.runtime.agentThreads,
        0...1024,
        .count,
        "Threads on which the hub's own agents work; 0 stands for one per processor."
    ),
    .integer(
        "runtime.crashLimit",
        \.runtime.crashLimit,
        1...1_000_000,
        .count,
        "Unexpected errors of an agent within crashWindowMs that take it out of service."
    ),
    .integer(
        "runtime.crashWindowMs",
        \.runtime.crashWindowMs,
        1000...24 * KeyUnit.hour,
        .milliseconds,
        "The time in which they are counted."
    ),
    .integer(
        "runtime.progressIntervalMs",
        \.runtime.progressIntervalMs,
        0...KeyUnit.hour,
        .milliseconds,
        "The least time between two progress events of a task."
    ),
    .integer(
        "runtime.metricsEventMs",
        \.runtime.metricsEventMs,
        0...24 * KeyUnit.hour,
        .milliseconds,
        "The least time between two agent.metrics events of an agent; 0 for none."
    ),
    .integer(
        "runtime.maxOutputEvents",
        \.runtime.maxOutputEvents,
        0...1_000_000,
        .count,
        "Output events of one attempt."
    ),
    .integer(
        "runtime.maxOutputBytes",
        \.runtime.maxOutputBytes,
        0...KeyUnit.gibibyte,
        .bytes,
        "Bytes of all output of one attempt."
    ),
    .integer(
        "runtime.statePageObjects",
        \.runtime.statePageObjects,
        1...100_000,
        .count,
        "Objects in one page of a channel's state."
    ),
    .integer(
        "runtime.statePageBytes",
        \.runtime.statePageBytes,
        4096...KeyUnit.gibibyte,
        .bytes,
        "Bytes of objects in one page of a channel's state."
    ),
]

let retentionKeys: [ConfigurationKey] = [
    .integer(
        "retention.finishedMs",
        \.retention.finishedMs,
        0...100 * KeyUnit.year,
        .milliseconds,
        "How long a task that is completed, failed or cancelled can be asked for."
    ),
    .integer(
        "retention.deadMs",
        \.retention.deadMs,
        0...100 * KeyUnit.year,
        .milliseconds,
        "How long a task whose attempts all failed can be retried."
    ),
    .integer(
        "retention.maxTasks",
        \.retention.maxTasks,
        0...10_000_000,
        .count,
        "Tasks kept of each of these two kinds; the oldest go first."
    ),
    .integer(
        "retention.maxBytes",
        \.retention.maxBytes,
        KeyUnit.mebibyte...64 * KeyUnit.gibibyte,
        .bytes,
        "Bytes of their payloads and results, for each of these two kinds."
    ),
    .integer(
        "retention.answersMs",
        \.retention.answersMs,
        0...100 * KeyUnit.year,
        .milliseconds,
        "How long a command can be repeated by its idempotencyKey without being done again."
    ),
    .integer(
        "retention.maxAnswers",
        \.retention.maxAnswers,
        0...10_000_000,
        .count,
        "Answers kept for that; the oldest go first."
    ),
    .integer(
        "retention.runsMs",
        \.retention.runsMs,
        0...100 * KeyUnit.year,
        .milliseconds,
        "How long a run of a workflow that has ended can be asked for."
    ),
    .integer(
        "retention.maxRuns",
        \.retention.maxRuns,
        1...1_000_000,
        .count,
        "Ended runs that are kept; the oldest go first."
    ),
    .integer(
        "retention.maxRunBytes",
        \.retention.maxRunBytes,
        KeyUnit.mebibyte...64 * KeyUnit.gibibyte,
        .bytes,
        "Bytes of their inputs, outputs and histories."
    ),
    .integer(
        "retention.maxRunHistory",
        \.retention.maxRunHistory,
        1...100_000,
        .count,
        "Newest entries in the history of each run."
    ),
    .integer(
        "retention.maxSeries",
        \.retention.maxSeries,
        1...10_000,
        .count,
        "Task types, methods and users, of each so many, whose figures are told apart by "
            + "analytics.* and in reports; further ones are counted together."
    ),
    .integer(
        "retention.reportsMs",
        \.retention.reportsMs,
        0...100 * KeyUnit.year,
        .milliseconds,
        "How long a report can be asked for."
    ),
    .integer(
        "retention.maxReports",
        \.retention.maxReports,
        0...10_000,
        .count,
        "Reports kept of each user; the oldest go first."
    ),
    .integer(
        "retention.maxReportBytes",
        \.retention.maxReportBytes,
        0...64 * KeyUnit.gibibyte,
        .bytes,
        "Bytes of the reports of all users; the oldest go first."
    ),
]

let journalKeys: [ConfigurationKey] = [
    .integer(
        "audit.denialIntervalMs",
        \.audit.denialIntervalMs,
        100...KeyUnit.hour,
        .milliseconds,
        "Between two times that denied attempts are written to the audit; the first is at once."
    ),
    .integer(
        "audit.maxDenials",
        \.audit.maxDenials,
        1...10_000,
        .count,
        "Entries at such a time: alike attempts are one, and what is beyond is one more."
    ),
    .integer(
        "journal.segmentBytes",
        \.journal.segmentBytes,
        KeyUnit.mebibyte...64 * KeyUnit.gibibyte,
        .bytes,
        "The size at which a new file of the journal begins."
    ),
    .integer(
        "journal.reservationBytes",
        \.journal.reservationBytes,
        64 << 10...KeyUnit.gibibyte,
        .bytes,
        "How far ahead space on the disk is reserved."
    ),
    .integer(
        "journal.retainedRecords",
        \.journal.retainedRecords,
        0...1_000_000_000,
        .count,
        "Newest records that stay on disk whatever snapshots cover; channels recover from them."
    ),
]

let snapshotKeys: [ConfigurationKey] = [
    .integer(
        "snapshots.afterEvents",
        \.snapshots.afterEvents,
        100...1_000_000_000,
        .count,
        "Events after which a snapshot is taken."
    ),
    .integer(
        "snapshots.afterBytes",
        \.snapshots.afterBytes,
        KeyUnit.mebibyte...64 * KeyUnit.gibibyte,
        .bytes,
        "Bytes of journal after which a snapshot is taken."
    ),
    .integer(
        "snapshots.intervalMs",
        \.snapshots.intervalMs,
        1000...KeyUnit.year,
        .milliseconds,
        "Time after which a snapshot is taken, if anything has happened."
    ),
]
