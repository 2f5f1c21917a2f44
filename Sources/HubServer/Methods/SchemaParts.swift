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

    /// What can be subscribed.
    static let channelOrPattern = text(
        "Name of a channel, or a pattern of names: '*' for one token, '>' at its end for the rest"
    )

    static let eventFilter: JSONValue = [
        "type": "object",
        "description": "Which events of a channel of the runtime to get; all members must hold",
        "properties": [
            "types": [
                "type": "array", "maxItems": 64, "minItems": 1,
                "items": ["type": "string", "minLength": 1, "maxLength": 64],
            ],
            "severity": choice("At least this", ["LOW", "MEDIUM", "HIGH", "CRITICAL"]),
            "agentId": text("Id of an agent"),
            "taskId": text("Id of a task"),
            "correlationId": text("Of a task and all that belongs to it", longest: 128),
        ],
        "additionalProperties": false,
    ]

    /// How a subscriber is seen by others.
    static let presence: JSONValue = [
        "type": ["boolean", "object"],
        "description": "Be told who comes and goes; an id that is kept over reconnects, and info",
        "properties": [
            "id": text("Under which the client is seen; by default, the session's"),
            "info": ["description": "What the client says of itself"],
        ],
        "additionalProperties": false,
    ]

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
