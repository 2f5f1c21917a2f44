import JSONRPC

/// A compiled schema or subschema.
indirect enum SchemaNode: Sendable {
    /// `false`: no value is valid.
    case nothing
    /// Every rule must hold; none at all is the schema `true`.
    case rules([Rule])

    enum Rule: Sendable {
        case type(TypeSet)
        case enumeration(Enumeration)
        case number(NumberRule)
        case string(SizeRule)
        case array(ArrayRule)
        case object(ObjectRule)
        case allOf([SchemaNode])
        case anyOf([SchemaNode])
        case oneOf([SchemaNode])
        case not(SchemaNode)
    }
}

/// The types of JSON Schema; `integer` is a subset of `number`.
struct TypeSet: OptionSet, Sendable {
    let rawValue: UInt8

    static let null = TypeSet(rawValue: 1 << 0)
    static let boolean = TypeSet(rawValue: 1 << 1)
    static let object = TypeSet(rawValue: 1 << 2)
    static let array = TypeSet(rawValue: 1 << 3)
    static let number = TypeSet(rawValue: 1 << 4)
    static let string = TypeSet(rawValue: 1 << 5)
    static let integer = TypeSet(rawValue: 1 << 6)

    /// Each type with its name in schemas and its name for people.
    static let all: [(type: TypeSet, keyword: String, noun: String)] = [
        (.string, "string", "a string"),
        (.number, "number", "a number"),
        (.integer, "integer", "an integer"),
        (.boolean, "boolean", "true or false"),
        (.object, "object", "an object"),
        (.array, "array", "an array"),
        (.null, "null", "null"),
    ]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init?(keyword: String) {
        guard let entry = Self.all.first(where: { $0.keyword == keyword }) else { return nil }
        self = entry.type
    }

    /// `a string, a number or null`.
    var noun: String {
        Self.all.filter { contains($0.type) }.map(\.noun).joinedAsAlternatives()
    }

    /// Whether a value of this set's types may be `value`.
    func allows(_ value: JSONValue) -> Bool {
        switch value {
        case .null: contains(.null)
        case .bool: contains(.boolean)
        case .string: contains(.string)
        case .array: contains(.array)
        case .object: contains(.object)
        case .number(let number):
            contains(.number) || contains(.integer) && number.isInteger
        }
    }
}

struct Enumeration: Sendable {
    var values: Set<CanonicalValue>
    /// The values as JSON, for people.
    var listing: String
}

struct NumberRule: Sendable {
    struct Bound: Sendable {
        var number: JSONNumber
        var decimal: DecimalNumber
        var isExclusive: Bool
    }

    var minimum: Bound?
    var maximum: Bound?
    var divisor: Bound?
    /// What the value is called: `a number` or `an integer`.
    var noun = "a number"
}

/// Bounds of a length or count.
struct SizeRule: Sendable {
    var minimum = 0
    var maximum = Int.max

    func allows(_ size: Int) -> Bool { minimum <= size && size <= maximum }
}

struct ArrayRule: Sendable {
    var size = SizeRule()
    var prefix: [SchemaNode] = []
    /// For the elements after the prefix.
    var rest: SchemaNode?
    var isUnique = false
}

struct ObjectRule: Sendable {
    struct Property: Sendable {
        var schema: SchemaNode?
        /// Its place in `required`.
        var requiredIndex: Int?
    }

    var size = SizeRule()
    var properties: [String: Property] = [:]
    var required: [String] = []
    /// For the members that `properties` does not name.
    var additional: SchemaNode?
}

extension [String] {
    /// `a`, `a or b`, `a, b or c`.
    func joinedAsAlternatives() -> String {
        guard let last, count > 1 else { return first ?? "nothing" }
        return dropLast().joined(separator: ", ") + " or " + last
    }
}

extension JSONNumber {
    var isInteger: Bool {
        switch self {
        case .integer, .unsigned: true
        case .literal: DecimalNumber(self).isInteger
        }
    }
}
