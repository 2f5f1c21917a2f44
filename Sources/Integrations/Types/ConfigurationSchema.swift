import JSONRPC

/// Short forms for the schemas of configurations and params.
enum ConfigurationSchema {
    static func object(
        _ properties: KeyValuePairs<String, JSONValue>,
        required: [String] = []
    ) -> JSONValue {
        [
            "type": "object",
            "properties": .object(JSONObject(properties.map { ($0.key, $0.value) })),
            "required": .array(required.map(JSONValue.string)),
            "additionalProperties": false,
        ]
    }

    static func text(_ description: String, longest: Int = 256) -> JSONValue {
        [
            "type": "string", "description": .string(description), "minLength": 1,
            "maxLength": .integer(longest),
        ]
    }

    static let url: JSONValue = [
        "type": "string", "description": "Begins with https:// or http://", "minLength": 8,
        "maxLength": 2048,
    ]

    static func whole(_ description: String, _ range: ClosedRange<Int>) -> JSONValue {
        [
            "type": "integer", "description": .string(description),
            "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
        ]
    }

    static func choice(_ description: String, _ values: [String]) -> JSONValue {
        [
            "type": "string", "description": .string(description),
            "enum": .array(values.map(JSONValue.string)),
        ]
    }

    static func list(_ items: JSONValue, _ count: ClosedRange<Int>) -> JSONValue {
        [
            "type": "array", "items": items, "minItems": .integer(count.lowerBound),
            "maxItems": .integer(count.upperBound),
        ]
    }

    /// Of a preset: where its service is, and what is its own.
    static func preset(
        _ properties: KeyValuePairs<String, JSONValue>,
        required: [String] = []
    ) -> JSONValue {
        var members = properties.map { ($0.key, $0.value) }
        members.append(("baseUrl", url))
        return [
            "type": "object", "properties": .object(JSONObject(members)),
            "required": .array(required.map(JSONValue.string)), "additionalProperties": false,
        ]
    }
}
