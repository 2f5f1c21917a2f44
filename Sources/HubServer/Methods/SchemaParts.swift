import JSONRPC

// The parts that the schemas of params are put together from.
extension JSONValue {
    /// A schema of an object with these members, of which `required` must be there.
    static func params(
        _ properties: KeyValuePairs<String, JSONValue>,
        required: [String] = []
    ) -> JSONValue {
        var schema: JSONObject = ["type": "object"]
        schema["properties"] = .object(JSONObject(properties.map { ($0.key, $0.value) }))
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        return .object(schema)
    }

    static func text(_ description: String, longest: Int = 256) -> JSONValue {
        [
            "type": "string", "description": .string(description),
            "minLength": 1, "maxLength": .integer(longest),
        ]
    }

    static func whole(
        _ description: String,
        _ range: ClosedRange<Int>,
        default value: Int? = nil
    ) -> JSONValue {
        var schema: JSONObject = [
            "type": "integer", "description": .string(description),
            "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
        ]
        schema["default"] = value.map(JSONValue.integer)
        return .object(schema)
    }

    static func flag(_ description: String) -> JSONValue {
        ["type": "boolean", "description": .string(description), "default": false]
    }

    static func choice(_ description: String, _ values: [String]) -> JSONValue {
        [
            "type": "string", "description": .string(description),
            "enum": .array(values.map(JSONValue.string)),
        ]
    }

    /// The channel that a method is about.
    static let channel = text("Name of a channel: tokens of [A-Za-z0-9_-] between dots")

    static let position: JSONValue = [
        "type": "object",
        "description": "A position in a channel, as an earlier answer or notification gave it",
        "properties": [
            "epoch": ["type": "string", "minLength": 1, "maxLength": 64],
            "offset": ["type": "integer", "minimum": 0],
        ],
        "required": ["epoch", "offset"],
    ]

    static let idempotencyKey = text(
        "The same key by the same user within 24 h gets the first answer and does nothing again"
    )
}
