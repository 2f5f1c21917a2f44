import JSONRPC

/// One publication as one line for people: time, place, type, subject, essentials.
struct EventLine {
    private let style: TextStyle

    init(style: TextStyle) {
        self.style = style
    }

    /// The line for the params of a `hub.event`.
    func text(_ params: JSONValue) -> String {
        let channel = params["channel"]?.stringValue ?? ""
        let offset = params["offset"]?.numberValue?.text ?? "?"
        guard let event = params["event"] else {
            let publisher = params["publisher"]?.stringValue ?? ""
            let data = params["data"]?.line ?? ""
            return line(time: nil, place(channel, offset), "", publisher, [(data, nil)])
        }
        let type = event["type"]?.stringValue ?? ""
        return line(
            time: event["timestamp"]?.stringValue,
            place(channel, offset),
            type,
            Self.subject(of: event),
            essentials(type, event["data"] ?? .object([:]))
        )
    }

    /// The line for an object of `state`.
    func text(state object: JSONValue, channel: String, offset: Int) -> String {
        let status = object["status"]?.stringValue ?? ""
        let isTask = object["payload"] != nil
        let id = object["id"]?.stringValue ?? ""
        var essentials: [(String, TextStyle.Colour?)] = [(status, .ofStatus(status))]
        let label = isTask ? object["type"]?.stringValue : object["name"]?.stringValue
        if let label { essentials.append((label, nil)) }
        if status == "running", let percent = object["progress"]?.intValue {
            essentials.append((ProgressBar.text(percent: percent, cells: 10), nil))
        }
        return line(
            time: object["updatedAt"]?.stringValue,
            place(channel, String(offset)),
            "(state)",
            isTask ? Self.short(id) : id,
            essentials
        )
    }

    /// An id at a length for people: of a UUID its last eight digits, because the first ones are
    /// the time and the same for neighbours.
    static func short(_ id: String) -> String {
        let digits = id.utf8
        guard digits.count == 36, digits.filter({ $0 == UInt8(ascii: "-") }).count == 4 else {
            return id
        }
        return "…" + id.suffix(8)
    }

    private static func subject(of event: JSONValue) -> String {
        if let subject = flowSubject(of: event) { return subject }
        let agent = event["agentId"]?.stringValue ?? ""
        guard let task = event["taskId"]?.stringValue else { return agent }
        return "\(short(task)) \(agent)"
    }

    private func place(_ channel: String, _ offset: String) -> String {
        channel.split(separator: ".", omittingEmptySubsequences: false)
            .map { Self.short(String($0)) }
            .joined(separator: ".") + "#" + offset
    }

    /// The members of `data` that say what happened, in the order in which they are shown.
    private func essentials(
        _ type: String,
        _ data: JSONValue
    ) -> [(String, TextStyle.Colour?)] {
        switch type {
        case "task.created":
            let priority = data["priority"]?.stringValue ?? "medium"
            return [
                (data["type"]?.stringValue ?? "", nil),
                (priority == "medium" ? "" : priority, .yellow),
            ]
        case "task.scheduled":
            return [("at " + (data["runAt"]?.stringValue ?? "?"), nil)]
        case "task.unblocked":
            return []
        case "task.started":
            let attempt = data["attempt"]?.intValue ?? 1
            let maximum = data["maxAttempts"]?.numberValue?.text ?? "?"
            return [(attempt > 1 ? "attempt \(attempt) of \(maximum)" : "", .yellow)]
        case "task.progress":
            let percent = data["progress"]?.intValue ?? 0
            return [
                (ProgressBar.text(percent: percent, cells: 10), .cyan),
                (data["message"]?.stringValue ?? "", nil),
            ]
        case "task.output":
            return [(data["output"]?.line ?? "", nil)]
        case "task.completed":
            let time = data["durationMs"]?.intValue.map { Duration.milliseconds($0).brief }
            return [(time.map { "in \($0)" } ?? "", nil), (data["result"]?.line ?? "", .dim)]
        case "task.failed", "task.dead", "agent.failed":
            return [(Self.describe(data["error"]), .red)]
        case "task.retrying":
            let delay = data["delayMs"]?.intValue.map { Duration.milliseconds($0).brief }
            return [
                (delay.map { "in \($0)" } ?? "", nil), (Self.describe(data["error"]), .yellow),
            ]
        case "task.cancelled", "task.abandoned":
            return [(data["requestedBy"]?.stringValue.map { "by \($0)" } ?? "", nil)]
        default:
            if let essentials = Self.flowEssentials(type, data) { return essentials }
            return [(data.objectValue?.isEmpty == true ? "" : data.line, nil)]
        }
    }

    /// `CODE: message` of an error object.
    static func describe(_ error: JSONValue?) -> String {
        let code = error?["code"]?.stringValue
        let message = error?["message"]?.stringValue ?? error?.stringValue
        return [code, message].compactMap(\.self).joined(separator: ": ")
    }

    private func line(
        time: String?,
        _ place: String,
        _ type: String,
        _ subject: String,
        _ essentials: [(String, TextStyle.Colour?)]
    ) -> String {
        let status = type.split(separator: ".").last ?? ""
        let clock = time.map { String($0.dropFirst(11)) } ?? ""
        var parts: [(text: String, width: Int, colour: TextStyle.Colour?)] = [
            (clock, 13, .dim), (place, 12, nil), (type, 15, .ofStatus(status)), (subject, 18, nil),
        ]
        for (text, colour) in essentials where !text.isEmpty { parts.append((text, 0, colour)) }

        var line = ""
        var used = 0
        for (index, part) in parts.enumerated() {
            let room = (style.columns ?? .max) - used
            guard room > 0 else { break }
            if index > 0 { line += " " }
            let escaped = PrintableText.escaped(part.text)
            let text = PrintableText.truncated(escaped, to: room)
            let width = PrintableText.width(text)
            let isLast = index == parts.count - 1
            let padding = isLast ? 0 : max(0, min(part.width, room) - width)
            line += style.paint(text, part.colour) + String(repeating: " ", count: padding)
            used += width + padding + 1
        }
        return line
    }
}
