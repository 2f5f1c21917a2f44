import AgentRuntime

extension PrometheusText {
    mutating func append(workersOf runtime: RuntimeMetrics) {
        single("omnihub_workers", .gauge, "Workers.", runtime.workers)
        single("omnihub_leases", .gauge, "Attempts at workers.", runtime.leases)
        single(
            "omnihub_stalled_attempts_total",
            .counter,
            "Attempts whose worker gave no sign of life.",
            runtime.statistics.stalledAttempts
        )
        single(
            "omnihub_lost_leases_total",
            .counter,
            "Attempts whose worker has left.",
            runtime.statistics.lostLeases
        )
        single(
            "omnihub_late_reports_total",
            .counter,
            "Reports of workers for a lease that they did not hold.",
            runtime.statistics.lateReports
        )
        single(
            "omnihub_deaf_workers_total",
            .counter,
            "Workers that did not answer, or refused too often.",
            runtime.statistics.deafWorkers
        )
    }
}
