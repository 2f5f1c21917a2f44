import JSONRPC

/// Agents as people read them.
enum AgentView {
    static func table(_ agents: [JSONValue]) -> Table {
        var table = Table([
            .init(title: "ID"), .init(title: "NAME"), .init(title: "STATUS"),
            .init(title: "QUEUE", alignsRight: true), .init(title: "RUNNING", alignsRight: true),
            .init(title: "COMPLETED", alignsRight: true),
            .init(title: "FAILED", alignsRight: true), .init(title: "AVERAGE", alignsRight: true),
        ])
        for agent in agents {
            let metrics = agent["metrics"]
            let status = agent["status"]?.stringValue ?? ""
            table.append([
                .init(agent["id"]?.stringValue ?? ""),
                .init(agent["name"]?.stringValue ?? ""),
                .init(status, .ofStatus(status)),
                .init(number(metrics?["queueDepth"])),
                .init(number(metrics?["running"])),
                .init(number(metrics?["tasksCompleted"])),
                .init(number(metrics?["tasksFailed"])),
                .init(milliseconds(metrics?["averageMs"])),
            ])
        }
        return table
    }

    static func details(_ agent: JSONValue, _ style: TextStyle) -> [String] {
        let metrics = agent["metrics"]
        let status = agent["status"]?.stringValue ?? ""
        let id = PrintableText.escaped(agent["id"]?.stringValue ?? "")
        let name = PrintableText.escaped(agent["name"]?.stringValue ?? "")
        var lines = [
            "\(style.paint(id, .bold))  \(name)  \(style.paint(PrintableText.escaped(status), .ofStatus(status)))",
            "\(number(metrics?["queueDepth"])) queued, \(number(metrics?["running"])) running, "
                + "\(number(metrics?["tasksCompleted"])) completed, "
                + "\(number(metrics?["tasksFailed"])) failed, "
                + "\(milliseconds(metrics?["averageMs"])) on average",
        ]
        if let configuration = agent["config"], configuration.objectValue?.isEmpty == false {
            lines.append("configuration: " + PrintableText.escaped(configuration.line))
        }
        for type in agent["taskTypes"]?.arrayValue ?? [] {
            let name = PrintableText.escaped(type["name"]?.stringValue ?? "")
            lines += ["", style.paint(name, .bold)]
            if let summary = type["summary"]?.stringValue {
                lines.append("  " + PrintableText.escaped(summary))
            }
            if let definition = type["definition"]?.stringValue {
                lines.append("  definition: " + PrintableText.escaped(definition))
            }
            if let payload = members(of: type["payloadSchema"]) { lines.append("  " + payload) }
            if let example = type["example"] {
                let quoted = example.line.split(separator: "'", omittingEmptySubsequences: false)
                    .joined(separator: #"'\''"#)
                lines.append("  omnihub task \(name) '\(PrintableText.escaped(quoted))' --wait")
            }
        }
        return lines
    }

    /// The members of a payload with their types, the optional ones with a question mark.
    private static func members(of schema: JSONValue?) -> String? {
        guard let properties = schema?["properties"]?.objectValue, !properties.isEmpty else {
            return nil
        }
        let required = (schema?["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        let members = properties.members.map { member in
            let mark = required.contains(member.name) ? "" : "?"
            let type = member.value["type"]?.stringValue ?? member.value["enum"]?.line ?? "any"
            return "\(member.name)\(mark): \(type)"
        }
        return PrintableText.escaped(members.joined(separator: ", "))
    }

    private static func number(_ value: JSONValue?) -> String {
        value?.numberValue?.text ?? "-"
    }

    private static func milliseconds(_ value: JSONValue?) -> String {
        guard let number = value?.doubleValue, number >= 0, number < 1e12 else { return "-" }
        return number < 10
            ? "\((number * 10).rounded() / 10) ms" : Duration.milliseconds(Int64(number)).brief
    }
}
