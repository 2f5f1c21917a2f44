import JSONRPC

// What agents have measured, as events: one of an agent in an interval, and only when something
// has changed, so that an idle hub writes nothing.
extension RuntimeCore {
    mutating func schedulePublication() {
        guard configuration.metricsInterval > .zero else { return }
        timers.set(.metrics, at: now.monotonic + configuration.metricsInterval)
    }

    mutating func publishMetrics() {
        for description in catalogue.agents {
            guard let record = state.agents[description.id] else { continue }
            var writer = JSONWriter()
            record.writeMetrics(to: &writer)
            let metrics = JSONText(writer.takeBytes())
            // The first figures of this life are no news.
            guard let told = toldMetrics.updateValue(metrics, forKey: record.id) else {
                if record.isUntouched { continue }
                emitAgent(.agentMetrics(metrics), of: record.id)
                continue
            }
            if told != metrics { emitAgent(.agentMetrics(metrics), of: record.id) }
        }
        schedulePublication()
    }
}

extension AgentRecord {
    /// Whether nothing was measured since the state folder began.
    fileprivate var isUntouched: Bool {
        tasksCompleted == 0 && tasksFailed == 0 && waiting == 0 && running == 0
    }
}
