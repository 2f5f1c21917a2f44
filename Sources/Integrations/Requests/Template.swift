import JSONRPC

/// A text with variables: `{{name}}` is a param, `{{config.name}}` a member of the configuration,
/// `{{secret.name}}` a secret.
struct Template {
    /// What variables stand for.
    struct Values {
        var params: JSONObject
        var configuration: JSONObject
        var secrets: [String: String]

        func value(_ name: Substring) -> JSONValue? {
            if name.hasPrefix("config.") { return configuration[String(name.dropFirst(7))] }
            if name.hasPrefix("secret.") {
                return secrets[String(name.dropFirst(7))].map { .string($0) }
            }
            return params[String(name)]
        }
    }

    /// How a value is written into the text.
    enum Escaping {
        case none
        /// Everything but unreserved characters (RFC 3986 §2.3), so that no value leaves its
        /// segment; of the text itself only what no URL can hold.
        case path
        case xml
    }

    private let text: String

    init(_ text: String) {
        self.text = text
    }

    /// The text with its values; `nil` when one of them is absent.
    func filled(_ values: Values, _ escaping: Escaping = .none) -> String? {
        var result = ""
        var rest = text[...]
        while let (before, name, after) = Self.split(rest) {
            guard let value = values.value(name), let written = Self.plain(value) else {
                return nil
            }
            result += Self.literal(before, escaping)
            result += Self.escape(written, escaping)
            rest = after
        }
        return result + Self.literal(rest, escaping)
    }

    private static func literal(_ text: Substring, _ escaping: Escaping) -> String {
        guard escaping == .path else { return String(text) }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            let isFit =
                scalar.value > 0x20 && scalar.value < 0x7F
                && !#"<>"\^`{|}"#.unicodeScalars.contains(scalar)
            result += isFit ? String(scalar) : percentEncoded(String(scalar))
        }
    }

    /// The name of the only variable of a text that is nothing else.
    var onlyVariable: Substring? {
        guard let (before, name, after) = Self.split(text[...]), before.isEmpty, after.isEmpty
        else {
            return nil
        }
        return name
    }

    /// The names of all variables.
    var variables: [String] {
        var names: [String] = []
        var rest = text[...]
        while let (_, name, after) = Self.split(rest) {
            names.append(String(name))
            rest = after
        }
        return names
    }

    private static func split(_ text: Substring) -> (Substring, Substring, Substring)? {
        var position = text.startIndex
        while let open = text[position...].firstIndex(of: "{") {
            let next = text.index(after: open)
            position = next
            guard text[next...].first == "{" else { continue }
            let start = text.index(after: next)
            guard let close = text[start...].firstIndex(of: "}"),
                text[text.index(after: close)...].first == "}"
            else { continue }
            let name = text[start..<close]
            let end = text.index(close, offsetBy: 2)
            return (text[..<open], name, text[end...])
        }
        return nil
    }

    /// A value as text; objects and arrays as JSON, nothing for null.
    private static func plain(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .null: nil
        default: value.encodedString
        }
    }

    static func escape(_ text: String, _ escaping: Escaping) -> String {
        switch escaping {
        case .none: text
        case .path: percentEncoded(text)
        case .xml:
            text.reduce(into: "") { result, character in
                switch character {
                case "&": result += "&amp;"
                case "<": result += "&lt;"
                case ">": result += "&gt;"
                case "\"": result += "&quot;"
                default: result.append(character)
                }
            }
        }
    }

    /// `name=value` of a query or form.
    static func pair(_ name: String, _ value: String) -> String {
        "\(percentEncoded(name))=\(percentEncoded(value))"
    }

    static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONValue {
    /// A tree of templates with its values; what has an absent variable is left out.
    func filled(_ values: Template.Values) -> JSONValue? {
        switch self {
        case .string(let text):
            let template = Template(text)
            if let name = template.onlyVariable {
                let value = values.value(name)
                return value == .null ? nil : value
            }
            return template.filled(values).map(JSONValue.string)
        case .array(let elements):
            return .array(elements.compactMap { $0.filled(values) })
        case .object(let object):
            return .object(
                JSONObject(
                    object.members.compactMap { member in
                        member.value.filled(values).map { (member.name, $0) }
                    }
                )
            )
        case .null, .bool, .number:
            return self
        }
    }
}
