import Analytics
import Identity

// How events are counted. What is counted is a part of the state, so nothing may be looked at here
// but the event and the state before it.
extension RuntimeState {
    /// Counts what happens to a task; `task` is as it was before, or as it is created.
    mutating func count(_ event: Event, of task: TaskRecord) {
        let step: TaskStep
        switch event.change {
        case .taskCreated: step = .created(payloadBytes: task.definition.payload.bytes.count)
        case .taskStarted: step = .started(waitMs: task.wait(until: event.timestamp))
        case .taskCompleted(let result, _, let durationMs):
            step = .completed(durationMs: durationMs, resultBytes: result.bytes.count)
        case .taskFailed: step = .failed
        case .taskDead: step = .dead
        case .taskCancelled: step = .cancelled
        case .taskAbandoned: step = .abandoned
        case .taskRetrying: step = .retrying
        default: return
        }
        activity.count(
            step,
            of: TaskSeries(agent: task.definition.agentID, type: task.definition.type),
            at: event.timestamp.millisecondsSince1970,
            limit: retention.maximumSeries
        )
    }

    /// Counts any event.
    mutating func count(_ event: Event) {
        let time = event.timestamp.millisecondsSince1970
        activity.count(.event, at: time)
        switch event.change {
        case .systemStarted: activity.count(.started, at: time)
        case .systemDegraded: activity.count(.degraded, at: time)
        case .agentFailed: activity.count(.agentFailed, at: time)
        case .identity(.sessionOpened(_), _): activity.count(.signedIn, at: time)
        // What retention does by itself is no command.
        case .audit(let entry) where entry.trim == nil:
            activity.count(
                method: entry.method,
                user: entry.actor.userID ?? "",
                isAllowed: entry.outcome == .allowed,
                attempts: UInt64(max(0, entry.count)),
                at: time,
                limit: retention.maximumSeries
            )
        default: break
        }
    }
}

extension TaskRecord {
    /// From the moment the next attempt could begin: what last happened to the task made it wait,
    /// or the time that it waits for.
    fileprivate func wait(until start: Timestamp) -> Int64 {
        let since = max(updatedAt, runAt ?? updatedAt)
        let (wait, overflow) = start.millisecondsSince1970
            .subtractingReportingOverflow(since.millisecondsSince1970)
        return overflow ? 0 : wait
    }
}
