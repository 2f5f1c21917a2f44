import JSONRPC

// Events of workflows, their runs, and schedules.
extension EventLine {
    /// Whose event it is: the run and its workflow, or the schedule.
    static func flowSubject(of event: JSONValue) -> String? {
        let data = event["data"]
        if let run = data?["runId"]?.stringValue {
            return "\(short(run)) \(data?["workflow"]?.stringValue ?? "")"
        }
        return data?["scheduleId"]?.stringValue.map(short) ?? data?["workflow"]?.stringValue
    }

    /// What happened, in the order in which it is shown; `nil` for events of others.
    static func flowEssentials(
        _ type: String,
        _ data: JSONValue
    ) -> [(String, TextStyle.Colour?)]? {
        func word(_ name: String, _ label: String = "") -> String {
            guard let text = data[name]?.stringValue else { return "" }
            return label + short(text)
        }
        let state = (word("state"), TextStyle.Colour?.none)
        switch type {
        case "workflow.defined":
            return [("version \(data["defined"]?["version"]?.numberValue?.text ?? "?")", nil)]
        case "workflow.started":
            return [
                (data["cause"]?["by"]?.stringValue ?? "", nil), (data["input"]?.line ?? "", .dim),
            ]
        case "workflow.taskStarted":
            return [state, (word("taskId", "task "), nil), (word("childRunId", "run "), nil)]
        case "workflow.stepWaiting":
            return [state, (word("until", "until "), nil)]
        case "workflow.stepExited":
            return [state, (word("next", "→ "), nil), (data["output"]?.line ?? "", .dim)]
        case "workflow.stepRetrying":
            return [state, (error(data), .yellow), (word("until", "until "), nil)]
        case "workflow.stepCaught":
            return [state, (error(data), .yellow), (word("next", "→ "), nil)]
        case "workflow.stepFailed", "workflow.failed", "workflow.compensated":
            return [state, (error(data), .red)]
        case "workflow.completed":
            return [(data["output"]?.line ?? "", .dim)]
        case let type where type.hasPrefix("workflow."):
            return [state]
        case "schedule.fired", "schedule.queued", "schedule.skipped":
            return [
                (word("dueAt"), nil), (word("taskId", "task "), nil), (word("runId", "run "), nil),
                (word("reason"), .yellow), (describe(data["error"]), .red),
            ]
        case "schedule.created":
            return [(data["schedule"]?["cron"]?.stringValue ?? "", nil)]
        case let type where type.hasPrefix("schedule."):
            return []
        default:
            return nil
        }
    }

    private static func error(_ data: JSONValue) -> String {
        let parts = [data["error"]?["error"]?.stringValue, data["error"]?["cause"]?.stringValue]
        return parts.compactMap(\.self).joined(separator: ": ")
    }
}
