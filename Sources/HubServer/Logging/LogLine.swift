import JSONRPC
import Journal

/// One log line before it has a form.
struct LogLine {
    /// What one line may take, so that a peer cannot fill the log and pipes take it in one piece.
    static let maximumBytes = 8 << 10
    /// What a message or a value keeps of itself.
    private static let maximumTextBytes = 1 << 10

    /// Milliseconds since 1970 UTC.
    var time: Int64
    var level: LogLevel
    var message: String
    var fields: [(name: String, value: JSONValue)]

    init(
        time: Int64,
        level: LogLevel,
        message: String,
        fields: KeyValuePairs<String, any CustomStringConvertible>
    ) {
        self.time = time
        self.level = level
        self.message = Self.shortened(message)
        self.fields = fields.map { (Self.shortened($0.key), Self.value($0.value)) }
    }

    private static func value(_ value: any CustomStringConvertible) -> JSONValue {
        switch value {
        case let value as Int: .integer(value)
        case let value as Bool: .bool(value)
        case let value as Double: .double(value)
        case let value as UInt64:
            .number(Int64(exactly: value).map(JSONNumber.integer) ?? .unsigned(value))
        case let value as any FixedWidthInteger:
            Int(exactly: value).map(JSONValue.integer) ?? .string("\(value)")
        default: .string(shortened(value.description))
        }
    }

    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > maximumTextBytes else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: maximumTextBytes)
        while end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return text[..<end] + "…"
    }
}

extension LogLine {
    /// A JSON object; its names are unique.
    ///
    /// Beyond what JSON asks for, it escapes whatever a terminal would act on. Fields that have no
    /// room are left out, and `truncated` says so.
    func json() -> [UInt8] {
        var members = [
            (name: "time", value: JSONValue.string(RFC3339.string(time))),
            (name: "level", value: .string(level.rawValue)),
            (name: "message", value: .string(message)),
        ]
        var names: Set<String> = ["time", "level", "message", "truncated"]
        for (name, value) in fields {
            var name = name
            while !names.insert(name).inserted { name += "_" }
            members.append((name, value))
        }
        var line: [UInt8] = [UInt8(ascii: "{")]
        var isTruncated = false
        for (name, value) in members {
            let member =
                JSONValue.string(name).asciiControls + [UInt8(ascii: ":")] + value.asciiControls
            let separator = line.count > 1 ? 1 : 0
            guard line.count + separator + member.count <= Self.maximumBytes - 32 else {
                isTruncated = true
                continue
            }
            if separator > 0 { line.append(UInt8(ascii: ",")) }
            line += member
        }
        if isTruncated { line += Array(#","truncated":true"#.utf8) }
        return line + [UInt8(ascii: "}"), UInt8(ascii: "\n")]
    }

    /// `TIME LEVEL  message  name=value …`, for people.
    func text(colored: Bool) -> [UInt8] {
        let label = level.rawValue.uppercased()
        let padding = String(repeating: " ", count: max(0, 7 - label.utf8.count))
        var line = RFC3339.string(time) + " "
        line += (colored ? level.color + label + "\u{1B}[0m" : label) + padding
        line += " " + message.printable
        var isTruncated = false
        for (name, value) in fields {
            let field = "  \(name.printable)=\(Self.plain(value))"
            guard line.utf8.count + field.utf8.count <= Self.maximumBytes - 32 else {
                isTruncated = true
                continue
            }
            line += field
        }
        return Array((line + (isTruncated ? "  truncated=true\n" : "\n")).utf8)
    }

    /// A text in quotes only where its end would not be clear otherwise.
    private static func plain(_ value: JSONValue) -> String {
        guard case .string(let text) = value else { return value.encodedString }
        let isWord = !text.isEmpty && !text.contains { " =\"".contains($0) }
        let printable = text.printable
        return isWord ? printable : "\"\(printable.replacing("\"", with: "\\\""))\""
    }
}

extension LogLevel {
    /// The escape sequence that begins its colour (ECMA-48 §8.3.117).
    fileprivate var color: String {
        switch self {
        case .debug: "\u{1B}[2m"
        case .info: "\u{1B}[32m"
        case .notice: "\u{1B}[36m"
        case .warning: "\u{1B}[33m"
        case .error: "\u{1B}[1;31m"
        }
    }
}

extension JSONValue {
    /// The value's JSON text with invisible characters escaped that JSON lets stand as they are.
    fileprivate var asciiControls: [UInt8] {
        let text = encodedString
        guard text.unicodeScalars.contains(where: \.isInvisible) else { return Array(text.utf8) }
        var escaped: [UInt8] = []
        for scalar in text.unicodeScalars {
            if scalar.isInvisible {
                for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
                    let digits = String(unit, radix: 16)
                    escaped +=
                        "\\u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)".utf8
                }
            } else {
                escaped += Array(String(scalar).utf8)
            }
        }
        return escaped
    }
}
