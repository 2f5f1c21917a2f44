import JSONRPC

/// Short forms for the JSON Schemas of task types, within the dialect of the hub.
enum Schema {
    /// An object; members that it does not name are ignored.
    static func object(
        _ properties: KeyValuePairs<String, JSONValue>,
        required: [String]? = nil,
        description: String? = nil
    ) -> JSONValue {
        let names = required ?? properties.map(\.key)
        return make([
            "type": "object",
            "description": description.map(JSONValue.string),
            "properties": .object(JSONObject(properties.map { ($0.key, $0.value) })),
            "required": .array(names.map(JSONValue.string)),
        ])
    }

    static func array(
        _ items: JSONValue,
        _ count: ClosedRange<Int>? = nil,
        description: String? = nil
    ) -> JSONValue {
        make([
            "type": "array",
            "description": description.map(JSONValue.string),
            "items": items,
            "minItems": count.map { .integer($0.lowerBound) },
            "maxItems": count.map { .integer($0.upperBound) },
        ])
    }

    static func string(
        _ length: ClosedRange<Int>? = nil,
        description: String? = nil
    ) -> JSONValue {
        make([
            "type": "string",
            "description": description.map(JSONValue.string),
            "minLength": length.map { .integer($0.lowerBound) },
            "maxLength": length.map { .integer($0.upperBound) },
        ])
    }

    static func date(description: String? = nil) -> JSONValue {
        string(10...64, description: description ?? "As in 2026-12-31")
    }

    static func moment(description: String? = nil) -> JSONValue {
        string(20...64, description: description ?? "RFC 3339, as in 2026-12-31T09:30:00Z")
    }

    static func choice(
        _ names: [String],
        default fallback: String? = nil,
        description: String? = nil
    ) -> JSONValue {
        make([
            "type": "string",
            "description": description.map(JSONValue.string),
            "enum": .array(names.map(JSONValue.string)),
            "default": fallback.map(JSONValue.string),
        ])
    }

    static func integer(
        _ range: ClosedRange<Int>? = nil,
        default fallback: Int? = nil,
        description: String? = nil
    ) -> JSONValue {
        make([
            "type": "integer",
            "description": description.map(JSONValue.string),
            "minimum": range.map { .integer($0.lowerBound) },
            "maximum": range.map { .integer($0.upperBound) },
            "default": fallback.map(JSONValue.integer),
        ])
    }

    static func number(
        _ range: ClosedRange<Double>? = nil,
        default fallback: Double? = nil,
        description: String? = nil
    ) -> JSONValue {
        make([
            "type": "number",
            "description": description.map(JSONValue.string),
            "minimum": range.map { .double($0.lowerBound) },
            "maximum": range.map { .double($0.upperBound) },
            "default": fallback.map(JSONValue.double),
        ])
    }

    /// A number strictly between the bounds.
    static func number(
        above lower: Double,
        below upper: Double,
        default fallback: Double? = nil,
        description: String? = nil
    ) -> JSONValue {
        make([
            "type": "number",
            "description": description.map(JSONValue.string),
            "exclusiveMinimum": .double(lower),
            "exclusiveMaximum": .double(upper),
            "default": fallback.map(JSONValue.double),
        ])
    }

    static func boolean(default fallback: Bool? = nil, description: String? = nil) -> JSONValue {
        make([
            "type": "boolean",
            "description": description.map(JSONValue.string),
            "default": fallback.map(JSONValue.bool),
        ])
    }

    /// `schema` or null.
    static func nullable(_ schema: JSONValue) -> JSONValue {
        ["anyOf": [schema, ["type": "null"]]]
    }

    private static func make(_ keywords: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(JSONObject(keywords.compactMap { name, value in value.map { (name, $0) } }))
    }
}
