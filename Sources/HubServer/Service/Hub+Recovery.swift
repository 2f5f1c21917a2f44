import AgentRuntime
import EventLoops
import Journal

/// What a hub finds when it starts: the state, and what the machine allows.
extension Hub {
    /// The configuration with no more connections than there are descriptors for.
    static func fitted(
        _ configuration: HubConfiguration,
        loops: Int,
        _ logger: Logger
    ) -> HubConfiguration {
        var fitted = configuration
        let descriptors = DescriptorLimit.raise()
        if fitted.fitConnections(to: descriptors, loops: loops) {
            logger.notice(
                "fewer connections than limits.maxConnections are possible; raise RLIMIT_NOFILE",
                [
                    "descriptors": descriptors,
                    "maxConnections": configuration.limits.maxConnections,
                    "possible": fitted.limits.maxConnections,
                ]
            )
        }
        return fitted
    }

    /// Reads the state, and the newest events for the channels; tells how far it is.
    static func recover(
        _ directory: StateDirectory,
        _ configuration: HubConfiguration,
        _ logger: Logger
    ) throws -> (RecoveredState, Recovery, [RecordedEvent]) {
        // No channel keeps more than the newest of these.
        var history: [RecordedEvent] = []
        let limit = configuration.channels.runtimeHistorySize
        var pace = ProgressPace(startingAt: MonotonicClock.milliseconds)
        let (recovered, recovery) = try RecoveredState.read(
            directory,
            retainedRecords: UInt64(configuration.journal.retainedRecords),
            historyLimit: limit,
            progress: { progress in
                let now = MonotonicClock.milliseconds
                guard let percent = pace.percent(of: progress, at: now) else { return }
                logger.info(
                    "reading the state",
                    ["percent": percent, "records": progress.records]
                )
                // A start that goes on is not one that hangs, however long it takes.
                ServiceManager.notify(
                    "STATUS=reading the state: \(percent) %\nEXTEND_TIMEOUT_USEC=60000000"
                )
            },
            history: { history.append($0) }
        )
        for warning in recovery.warnings { logger.warning(warning) }
        if recovery.isRestored {
            logger.notice(
                "the state folder is a restored backup: the positions of clients begin anew",
                ["epoch": recovered.epoch]
            )
        }
        logger.info(
            "read the state",
            [
                "directory": directory.path,
                "records": recovery.replayedRecords,
                "snapshot": recovery.snapshotSequence.map(String.init) ?? "none",
                "seconds": recovery.duration / .seconds(1),
            ]
        )
        return (recovered, recovery, history)
    }

    /// The offsets that the runtime's channels have come to.
    static func positions(
        _ recovered: RecoveredState,
        _ agents: Set<String>
    ) -> [String: UInt64] {
        let names =
            ["tasks", "agents", "workflows", "schedules", "system", "audit"]
            + agents.map { "agents.\($0)" }
        return Dictionary(
            uniqueKeysWithValues: names.map { ($0, recovered.offset(of: $0) ?? 0) }
        )
    }
}
