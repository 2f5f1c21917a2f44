import AgentRuntime

extension PrometheusText {
    /// The figures of schedules.
    mutating func append(flows runtime: RuntimeMetrics) {
        single("omnihub_schedules", .gauge, "Schedules, paused ones included.", runtime.schedules)
        let name = "omnihub_schedule_times_total"
        metric(name, .counter, "Times at which schedules were due, by what became of them.")
        sample(name, ["outcome": "fired"], runtime.statistics.firedTimes)
        sample(name, ["outcome": "queued"], runtime.statistics.queuedTimes)
        sample(name, ["outcome": "skipped"], runtime.statistics.skippedTimes)
    }
}
