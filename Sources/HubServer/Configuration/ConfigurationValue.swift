import JSONRPC

/// A value as a source of the configuration gives it, before its key has judged it.
package indirect enum ConfigurationValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// A number that is no `Int`; also infinite or not a number, which JSON5 can write.
    case number(Double)
    case string(String)
    case array([ConfigurationValue])
    case object([Member])

    package struct Member: Equatable, Sendable {
        package var name: String
        /// Of the name, from 1.
        package var line: Int
        package var value: ConfigurationValue

        package init(name: String, line: Int, value: ConfigurationValue) {
            self.name = name
            self.line = line
            self.value = value
        }
    }
}

extension ConfigurationValue: CustomStringConvertible {
    /// The value as JSON5 on one line; containers that hold something only as their kind.
    package var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value): value.description
        case .string(let value): JSONValue.string(value).encodedString
        case .array(let values): values.isEmpty ? "[]" : "a list"
        case .object: "an object"
        }
    }
}
