import AgentRuntime

extension PrometheusText {
    /// The figures of task types: those that agents declare, so that their number is fixed.
    mutating func appendTypes(of runtime: RuntimeMetrics) {
        let types = runtime.agents.flatMap { agent in
            agent.types.map { (agent: agent.id, type: $0.type, figures: $0.figures) }
        }
        let name = "omnihub_type_tasks_total"
        metric(name, .counter, "Tasks of a type that ended, by outcome.")
        for one in types {
            for (outcome, count) in [
                ("completed", one.figures.completed), ("failed", one.figures.failed),
                ("cancelled", one.figures.cancelled),
            ] {
                sample(name, ["agent": one.agent, "type": one.type, "outcome": outcome], count)
            }
        }
        metric("omnihub_type_retries_total", .counter, "Attempts that another one follows.")
        for one in types {
            let labels: KeyValuePairs = ["agent": one.agent, "type": one.type]
            sample("omnihub_type_retries_total", labels, one.figures.retries)
        }
        let duration = "omnihub_type_duration_seconds"
        metric(duration, .histogram, "How long completed attempts of a type took.")
        for one in types where one.figures.durations.count > 0 {
            append(one.figures.durations, duration, one.agent, one.type)
        }
        let wait = "omnihub_type_queue_wait_seconds"
        metric(wait, .histogram, "How long tasks of a type waited although they could run.")
        for one in types where one.figures.waits.count > 0 {
            append(one.figures.waits, wait, one.agent, one.type)
        }
        let refused = runtime.statistics.refusedTasks
        metric("omnihub_refused_tasks_total", .counter, "Tasks that were not created, by reason.")
        for (reason, count) in [
            ("invalid", refused.invalid), ("too-large", refused.tooLarge),
            ("duplicate", refused.duplicate), ("queue-full", refused.queueFull),
        ] {
            sample("omnihub_refused_tasks_total", ["reason": reason], count)
        }
        single(
            "omnihub_rate_waits_total",
            .counter,
            "Times that tasks waited for the rate of an agent or type alone.",
            runtime.statistics.rateWaits
        )
    }

    private mutating func append(
        _ histogram: DurationHistogram,
        _ name: String,
        _ agent: String,
        _ type: String
    ) {
        var cumulative: UInt64 = 0
        for (bound, count) in zip(DurationHistogram.boundsMs, histogram.counts) {
            cumulative += count
            let labels: KeyValuePairs = [
                "agent": agent, "type": type, "le": "\(Double(bound) / 1_000)",
            ]
            sample("\(name)_bucket", labels, cumulative)
        }
        let labels: KeyValuePairs = ["agent": agent, "type": type, "le": "+Inf"]
        sample("\(name)_bucket", labels, histogram.count)
        let owner: KeyValuePairs = ["agent": agent, "type": type]
        sample("\(name)_sum", owner, Double(histogram.sumMs) / 1_000)
        sample("\(name)_count", owner, histogram.count)
    }
}
