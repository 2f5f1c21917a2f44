import JSONRPC

/// Tasks as people read them.
enum TaskView {
    static func table(_ tasks: [JSONValue], now: Timestamp) -> Table {
        var table = Table([
            .init(title: "ID"), .init(title: "TYPE"), .init(title: "STATUS"),
            .init(title: "PROGRESS", alignsRight: true),
            .init(title: "ATTEMPTS", alignsRight: true), .init(title: "AGE", alignsRight: true),
            .init(title: "DURATION", alignsRight: true),
        ])
        for task in tasks {
            let status = task["status"]?.stringValue ?? ""
            table.append([
                .init(task["id"]?.stringValue ?? ""),
                .init(task["type"]?.stringValue ?? ""),
                .init(status, .ofStatus(status)),
                .init(task["progress"]?.numberValue.map { "\($0.text) %" } ?? "-"),
                .init(attempts(task)),
                .init(age(task, now: now)),
                .init(duration(task, now: now)),
            ])
        }
        return table
    }

    static func details(_ task: JSONValue, now: Timestamp, _ style: TextStyle) -> [String] {
        let status = task["status"]?.stringValue ?? ""
        var rows: [(String, String)] = [
            ("task", PrintableText.escaped(task["id"]?.stringValue ?? "")),
            ("type", PrintableText.escaped(task["type"]?.stringValue ?? "")),
            ("agent", PrintableText.escaped(task["agentId"]?.stringValue ?? "")),
            ("status", style.paint(PrintableText.escaped(status), .ofStatus(status))),
            ("progress", "\(task["progress"]?.numberValue?.text ?? "-") %"),
            ("attempts", attempts(task)),
            ("priority", PrintableText.escaped(task["priority"]?.stringValue ?? "")),
            ("created", PrintableText.escaped(created(task, now: now))),
            ("duration", duration(task, now: now)),
        ]
        for name in ["runAt", "deadline"] {
            if let moment = task[name]?.stringValue {
                rows.append((name, PrintableText.escaped(moment)))
            }
        }
        if let error = task["error"] {
            let text = PrintableText.escaped(EventLine.describe(error))
            rows.append(("error", style.paint(text, .red)))
        }
        var lines = rows.map { name, value in
            style.paint(name, .dim) + String(repeating: " ", count: 10 - name.count) + value
        }
        for name in ["payload", "result"] {
            guard let value = task[name] else { continue }
            lines.append(style.paint(name, .dim))
            lines.append(value.pretty(style))
        }
        return lines
    }

    private static func attempts(_ task: JSONValue) -> String {
        let used = task["attempts"]?.numberValue?.text ?? "-"
        return used + (task["maxAttempts"]?.numberValue.map { "/\($0.text)" } ?? "")
    }

    private static func created(_ task: JSONValue, now: Timestamp) -> String {
        guard let text = task["createdAt"]?.stringValue else { return "-" }
        return "\(text) (\(age(task, now: now)) ago)"
    }

    private static func age(_ task: JSONValue, now: Timestamp) -> String {
        moment(task, "createdAt").map { $0.age(at: now).brief } ?? "-"
    }

    /// From the start of its last attempt to its end, or until now while it runs.
    private static func duration(_ task: JSONValue, now: Timestamp) -> String {
        guard let start = moment(task, "startedAt") else { return "-" }
        if let end = moment(task, "completedAt") { return start.age(at: end).brief }
        return task["status"]?.stringValue == "running" ? start.age(at: now).brief : "-"
    }

    private static func moment(_ task: JSONValue, _ name: String) -> Timestamp? {
        task[name]?.stringValue.flatMap(Timestamp.init)
    }
}
