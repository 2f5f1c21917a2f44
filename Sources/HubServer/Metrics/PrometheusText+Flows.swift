import AgentRuntime

extension PrometheusText {
    /// The figures of schedules and workflows.
    mutating func append(flows runtime: RuntimeMetrics) {
        single("omnihub_workflows", .gauge, "Workflows.", runtime.workflows)
        metric("omnihub_workflow_runs", .gauge, "Runs of workflows in memory by status.")
        for (status, count) in runtime.runs {
            sample("omnihub_workflow_runs", ["status": status.rawValue], count)
        }
        single(
            "omnihub_workflow_runs_started_total",
            .counter,
            "Runs of workflows that began.",
            runtime.statistics.startedRuns
        )
        single(
            "omnihub_workflow_steps_total",
            .counter,
            "States that runs entered.",
            runtime.statistics.runSteps
        )
        var name = "omnihub_workflow_triggers_total"
        metric(name, .counter, "Events that were to start runs, by what became of that.")
        for outcome in TriggerOutcome.allCases {
            let count = runtime.statistics.triggers[outcome] ?? 0
            sample(name, ["outcome": outcome.rawValue], count)
        }
        single("omnihub_schedules", .gauge, "Schedules, paused ones included.", runtime.schedules)
        name = "omnihub_schedule_times_total"
        metric(name, .counter, "Times at which schedules were due, by what became of them.")
        sample(name, ["outcome": "fired"], runtime.statistics.firedTimes)
        sample(name, ["outcome": "queued"], runtime.statistics.queuedTimes)
        sample(name, ["outcome": "skipped"], runtime.statistics.skippedTimes)
    }
}
