extension RuntimeState {
    /// Counts an event of a task for its agent and its type; `record` is the task before it.
    mutating func measure(_ event: Event, of record: TaskRecord) {
        guard let index = agents.index(forKey: record.definition.agentID) else { return }
        switch event.change {
        case .taskStarted:
            agents.values[index].lastStartedAt = event.timestamp
            let wait = max(0, event.timestamp.millisecondsSince(record.readyAt))
            agents.values[index].count(record.definition.type) { $0.waits.record(wait) }
        case .taskCompleted(_, _, let durationMs):
            agents.values[index].tasksCompleted += 1
            let total = agents.values[index].totalDurationMs
            let (sum, overflow) = total.addingReportingOverflow(durationMs)
            agents.values[index].totalDurationMs = overflow ? .max : sum
            agents.values[index].count(record.definition.type) {
                $0.completed += 1
                $0.durations.record(durationMs)
            }
        case .taskFailed, .taskDead:
            agents.values[index].tasksFailed += 1
            agents.values[index].count(record.definition.type) { $0.failed += 1 }
        case .taskCancelled, .taskAbandoned:
            agents.values[index].count(record.definition.type) { $0.cancelled += 1 }
        case .taskRetrying(_, _, _, _, nil):
            agents.values[index].count(record.definition.type) { $0.retries += 1 }
        default:
            break
        }
    }
}

extension AgentRecord {
    fileprivate mutating func count(_ type: String, _ change: (inout TypeFigures) -> Void) {
        if let index = types.index(forKey: type) {
            change(&types.values[index])
        } else if types.count < Self.maximumTypes {
            change(&types[type, default: TypeFigures()])
        }
    }
}
