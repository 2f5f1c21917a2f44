import JSONRPC

/// The params of `tasks.create`, for those who read: the runtime checks them, with the payload's
/// schema, and tells all problems at once.
enum NewTaskSchema {
    static let params: JSONValue = .params(
        [
            "type": .text("Type of the task, such as content.analyze"),
            "payload": ["description": "What the task type's payload schema says"],
            "agentId": .text("Id of the agent; by default the one of the type"),
            "priority": .choice("Default: medium", ["low", "medium", "high", "critical"]),
            "maxAttempts": .whole("Attempts in all", 1...100, default: 3),
            "timeoutMs": .whole("For one attempt; default: the task type's", 1...3_600_000),
            "runAt": ["type": "string", "format": "date-time"],
            "deadline": ["type": "string", "format": "date-time"],
            "dependsOn": [
                "type": "array", "description": "Ids of tasks that must complete before it runs",
                "items": ["type": "string", "minLength": 1, "maxLength": 256],
            ],
            "dedupeKey": .text("While the task is not final, no other of its type has the same"),
            "correlationId": .text("Goes into all events of the task", longest: 128),
            "idempotencyKey": .idempotencyKey,
        ],
        required: ["type", "payload"]
    )
}
