import Analytics
package import Journal

/// The runtime's figures at one moment; the set of labels is fixed.
package struct RuntimeMetrics: Sendable {
    package struct AgentFigures: Sendable {
        package var id: String
        package var status: AgentStatus
        package var completed: UInt64
        package var failed: UInt64
        package var waiting: Int
        package var running: Int
        /// Of the task types that the agent declares now, in their order.
        package var types: [(type: String, figures: TypeFigures)]
    }

    /// Of each status, also those without any.
    package var tasks: [(status: TaskStatus, count: Int)]
    /// In the order in which they were registered.
    package var agents: [AgentFigures]
    /// Attempts that have not stopped yet, those of tasks that have gone on without them included.
    package var attempts: Int
    package var workers: Int
    /// Attempts at workers.
    package var leases: Int
    package var waiters: Int
    package var timers: Int
    package var sequence: UInt64
    /// Of the chain, since the state folder began.
    package var auditEntries: UInt64
    package var schedules: Int
    package var workflows: Int
    package var runs: [(status: RunStatus, count: Int)]
    /// Journaled channels of clients, and the bytes of what they keep.
    package var clientChannels: Int
    package var clientBytes: Int
    /// Of the figures: of task types, methods and users together.
    package var series: Int
    package var reports: Int
    package var reportBytes: Int
    package var statistics: RuntimeStatistics
    package var isStorageAvailable: Bool
    package var journal: JournalMetrics
}

extension RuntimeMetrics {
    init(of core: RuntimeCore, journal: JournalMetrics, isStorageAvailable: Bool) {
        self.init(
            tasks: TaskStatus.allCases.map { ($0, core.state.taskCounts[$0]) },
            agents: core.catalogue.agents.compactMap { description in
                core.state.agents[description.id].map { record in
                    AgentFigures(
                        id: record.id,
                        status: core.lifecycles[record.id]?.status ?? record.status,
                        completed: record.tasksCompleted,
                        failed: record.tasksFailed,
                        waiting: record.waiting,
                        running: record.running,
                        types: description.taskTypes.map { type in
                            (type.name, record.types[type.name] ?? TypeFigures())
                        }
                    )
                }
            },
            attempts: core.attempts.count,
            workers: core.workers.count,
            leases: core.workers.attemptCount,
            waiters: core.waiters.count,
            timers: core.timers.count,
            sequence: core.state.sequence,
            auditEntries: core.state.audit.head.number,
            schedules: core.state.schedules.records.count,
            workflows: core.state.workflows.names.count,
            runs: RunStatus.allCases.map { ($0, core.state.runs.counts[$0] ?? 0) },
            clientChannels: core.state.clientChannels.count,
            clientBytes: core.state.clientChannels.bytes,
            series: core.state.activity.seriesCount,
            reports: core.state.reports.reports.count,
            reportBytes: core.state.reports.bytes,
            statistics: core.statistics,
            isStorageAvailable: isStorageAvailable,
            journal: journal
        )
    }
}
