extension HubConfiguration {
    /// Agents whose tasks are performed by processes, and what is seen to for all of them.
    package struct Processes: Equatable, Sendable {
        package var agents: [ProcessAgentConfiguration] = []
        package var startMs = 30_000
        package var restartMs = 250
        package var maxRestartMs = 60_000
        package var killMs = 2_000
        package var maxLineBytes = 1 << 20
        package var linesPerSecond = 1_000
        package var logLineBytes = 500
    }

    /// What ``ProcessLoop`` goes by.
    struct ProcessLimits: Sendable {
        var startMs: Int
        var restartMs: Int
        var maxRestartMs: Int
        var killMs: Int
        var maxLineBytes: Int
        var linesPerSecond: Int
        var logLineBytes: Int
        /// Within which a cancelled attempt must have ended.
        var graceMs: Int
    }

    var processLimits: ProcessLimits {
        ProcessLimits(
            startMs: processes.startMs,
            restartMs: processes.restartMs,
            maxRestartMs: processes.maxRestartMs,
            killMs: processes.killMs,
            maxLineBytes: processes.maxLineBytes,
            linesPerSecond: processes.linesPerSecond,
            logLineBytes: processes.logLineBytes,
            graceMs: runtime.cancelGraceMs
        )
    }
}

let processKeys: [ConfigurationKey] = [
    ProcessAgentConfiguration.key,
    .integer(
        "agents.startMs",
        \.processes.startMs,
        100...KeyUnit.hour,
        .milliseconds,
        "How long a process may take to register as a worker; then it is killed."
    ),
    .integer(
        "agents.restartMs",
        \.processes.restartMs,
        1...KeyUnit.hour,
        .milliseconds,
        "The delay after which a process that has failed is begun anew; it doubles with each failure."
    ),
    .integer(
        "agents.maxRestartMs",
        \.processes.maxRestartMs,
        1...KeyUnit.hour,
        .milliseconds,
        "The longest such delay; a process that lasts as long has not failed before."
    ),
    .integer(
        "agents.killMs",
        \.processes.killMs,
        1...KeyUnit.hour,
        .milliseconds,
        "How long a process may take to end after SIGTERM; then all that it has begun is killed."
    ),
    .integer(
        "agents.maxLineBytes",
        \.processes.maxLineBytes,
        1024...64 * KeyUnit.mebibyte,
        .bytes,
        "A line of a process; one that says more is killed."
    ),
    .integer(
        "agents.linesPerSecond",
        \.processes.linesPerSecond,
        1...1_000_000,
        .perSecond,
        "Lines of a process; one that says more has to wait."
    ),
    .integer(
        "agents.logLineBytes",
        \.processes.logLineBytes,
        0...65_536,
        .bytes,
        "What the log has of a line on the standard error of a process."
    ),
]
