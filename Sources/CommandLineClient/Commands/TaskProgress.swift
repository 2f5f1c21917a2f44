import JSONRPC

/// What is known about a task that somebody waits for.
struct TaskProgress {
    /// The Task object, as it was when it was last asked for.
    var task: JSONValue {
        didSet {
            mayBeFinal = false
            percent = max(percent, task["progress"]?.intValue ?? 0)
        }
    }
    /// Whether an event tells of an end that the object does not show yet.
    private(set) var mayBeFinal = false
    private var percent = 0
    private var message = ""
    private let start: ContinuousClock.Instant

    init(_ task: JSONValue, now: ContinuousClock.Instant = .now) {
        self.task = task
        start = now
    }

    var isFinal: Bool {
        switch task["status"]?.stringValue {
        case "completed", "failed", "cancelled", "dead", "abandoned": true
        default: false
        }
    }

    /// Takes the params of an event of the task's channel.
    mutating func take(_ params: JSONValue) {
        let event = params["event"]
        let data = event?["data"]
        switch event?["type"]?.stringValue {
        case "task.progress":
            percent = data?["progress"]?.intValue ?? percent
            message = data?["message"]?.stringValue ?? message
        case "task.started":
            percent = 0
            message = ""
        case "task.retrying":
            message = "retrying: " + EventLine.describe(data?["error"])
        case "task.completed", "task.failed", "task.cancelled", "task.dead", "task.abandoned":
            mayBeFinal = true
        default:
            break
        }
    }

    /// The status line: type, bar, message, elapsed time.
    func line(at now: ContinuousClock.Instant, _ style: TextStyle) -> String {
        let type = PrintableText.escaped(task["type"]?.stringValue ?? "task")
        let elapsed = (now - start).brief
        // One column stays free, or some terminals go on to the next line.
        let room = (style.columns ?? .max) - 1
        let fixed = type.count + elapsed.count + 4
        let cells = min(24, room - fixed - 7)
        guard cells >= 4 else { return PrintableText.truncated("\(percent) %", to: room) }
        let bar = ProgressBar.text(percent: percent, cells: cells)
        let message = PrintableText.truncated(
            PrintableText.escaped(message),
            to: max(0, room - fixed - cells - 9)
        )
        return [type, style.paint(bar, .cyan), message, style.paint(elapsed, .dim)]
            .filter { !$0.isEmpty }
            .joined(separator: "  ")
    }
}
