import AgentRuntime
import JSONRPC

// What workers, workflows and schedules promise.
extension Ledger {
    /// In the payload of tasks that a schedule creates, which are all alike.
    static let scheduledMarker = "scheduled"

    /// What the events of runs and schedules say so far.
    struct Automation {
        /// By id: whether the run has ended.
        var runs: [String: Bool] = [:]
        /// In the order in which they were created.
        var schedules: [String] = []
        /// Times of schedules for which something was begun, or that were left out.
        var times: Set<String> = []
        /// Attempts that were lent out, with their tasks.
        var leases: [String: String] = [:]
        /// Leases whose result is the task's.
        var completed: Set<String> = []
    }

    var openRuns: Int { automation.runs.values.count { !$0 } }
    var openSchedules: [String] { automation.schedules }

    // MARK: Events

    func follow(_ change: WorkflowChange) {
        switch change {
        case .defined, .deleted:
            break
        case .started(let start):
            if automation.runs.updateValue(false, forKey: start.runID) != nil {
                fail("run \(start.runID) was started twice")
            }
        case .advanced(let advance):
            guard let hasEnded = automation.runs[advance.runID] else {
                return fail("run \(advance.runID) goes on and was never started")
            }
            if hasEnded { fail("run \(advance.runID) goes on after its end") }
            let ends: [EventType] = [.workflowCompleted, .workflowFailed, .workflowCancelled]
            automation.runs[advance.runID] = ends.contains(change.type)
        }
    }

    func follow(_ change: ScheduleChange) {
        switch change.kind {
        case .created: automation.schedules.append(change.scheduleID)
        case .deleted: automation.schedules.removeAll { $0 == change.scheduleID }
        case .paused, .resumed, .queued: break
        case .fired(let time, _): once(change.scheduleID, time)
        case .skipped(let time, let reason, _):
            // One that is refused was begun, and took that back.
            if reason != .refused { once(change.scheduleID, time) }
        }
    }

    private func once(_ schedule: String, _ time: Timestamp) {
        if !automation.times.insert("\(schedule) \(time)").inserted {
            fail("schedule \(schedule) came to \(time) twice")
        }
    }

    /// A task is completed, perhaps by a worker, which then says with what lease.
    func followResult(_ result: JSONText, ofTask id: String) {
        guard let lease = (try? JSONValue(parsing: result.bytes))?["lease"]?.stringValue else {
            return
        }
        if automation.leases[lease] != id { fail("lease \(lease) has ended task \(id)") }
        if !automation.completed.insert(lease).inserted {
            fail("the result of lease \(lease) was recorded twice")
        }
    }

    // MARK: Workers

    /// A worker was sent an attempt.
    func lend(_ lease: String, task: String) {
        if automation.leases.updateValue(task, forKey: lease) != nil {
            fail("lease \(lease) was given twice")
        }
        if UInt64(lease) == nil { fail("lease \(lease) is no number") }
    }

    /// A worker's result was acknowledged.
    func acknowledged(_ method: String, of lease: String, _ result: JSONValue) {
        guard method == "tasks.complete" else { return }
        if result["taskId"]?.stringValue != automation.leases[lease] {
            fail("lease \(lease): another task is said to be completed: \(result)")
        }
        if result["status"] == "completed", !automation.completed.contains(lease) {
            fail("the result of lease \(lease) was acknowledged and is no event yet")
        }
    }
}
