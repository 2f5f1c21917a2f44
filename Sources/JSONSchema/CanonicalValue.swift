import JSONRPC

/// A JSON value under the equality of JSON Schema: numbers by value, however they are written,
/// objects without order, strings by code points.
///
/// Swift's own equality of strings is that of canonical equivalence, under which `"é"` equals
/// `"e\u{301}"`, so strings are kept as UTF-8.
enum CanonicalValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(DecimalNumber)
    case string([UInt8])
    case array([CanonicalValue])
    case object([[UInt8]: CanonicalValue])

    init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let number): self = .number(DecimalNumber(number))
        case .string(let text): self = .string(Array(text.utf8))
        case .array(let elements): self = .array(elements.map(CanonicalValue.init))
        case .object(let object):
            let members = object.members.map { (Array($0.name.utf8), CanonicalValue($0.value)) }
            self = .object(Dictionary(members) { _, last in last })
        }
    }
}
