import AgentRuntime
import JSONRPC

/// An agent for tests: what it does is a closure.
struct TestAgent: Agent {
    var description: AgentDescription
    var body: @Sendable (TaskAttempt, any TaskContext) async throws -> JSONValue

    init(
        _ id: String = "worker",
        body: @escaping @Sendable (TaskAttempt, any TaskContext) async throws -> JSONValue
    ) {
        description = .test(id)
        self.body = body
    }

    func run(_ task: TaskAttempt, context: any TaskContext) async throws -> JSONValue {
        try await body(task, context)
    }
}

extension AgentDescription {
    /// An agent with the types `<id>.work`, which may be retried, and `<id>.once`, which may not.
    static func test(_ id: String = "worker") -> AgentDescription {
        let schema: JSONValue = [
            "type": "object",
            "required": ["n"],
            "properties": ["n": ["type": "integer", "minimum": 0]],
        ]
        func type(_ name: String, isRetryable: Bool) -> TaskType {
            TaskType(
                name: "\(id).\(name)",
                summary: "Works",
                payloadSchema: schema,
                resultSchema: ["type": "object"],
                example: ["n": 1],
                isRetryable: isRetryable,
                check: { payload in
                    payload["n"] == 13
                        ? [PayloadProblem(path: "/n", reason: "must not be 13")] : []
                }
            )
        }
        return AgentDescription(
            id: id,
            name: "Worker \(id)",
            type: id,
            capabilities: ["working"],
            taskTypes: [type("work", isRetryable: true), type("once", isRetryable: false)],
            configurationSchema: [
                "type": "object", "properties": ["mood": ["type": "string"]],
            ]
        )
    }
}
