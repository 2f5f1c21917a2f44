import JSONRPC

extension JSONValue {
    /// The value over several lines, indented by two, with harmless characters only.
    func pretty(_ style: TextStyle) -> String {
        PrettyJSON(style: style).text(self, indentation: "")
    }

    /// The value on one line.
    var line: String { String(decoding: encoded(), as: UTF8.self) }
}

private struct PrettyJSON {
    var style: TextStyle

    func text(_ value: JSONValue, indentation: String) -> String {
        let inner = indentation + "  "
        switch value {
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { inner + text($0, indentation: inner) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(indentation)]"
        case .object(let object) where !object.isEmpty:
            let lines = object.members.map { member in
                let name = PrintableText.escaped(JSONValue.string(member.name).line)
                return inner + style.paint(name, .blue) + ": "
                    + text(member.value, indentation: inner)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indentation)}"
        case .string:
            return style.paint(PrintableText.escaped(value.line), .green)
        case .null, .bool, .number:
            return style.paint(value.line, .yellow)
        case .array, .object:
            return value.line
        }
    }
}
