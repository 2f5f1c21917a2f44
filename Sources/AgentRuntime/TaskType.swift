package import JSONRPC

/// One kind of work an agent does: its contract, from which validation, documentation and the
/// forms of dashboards are made.
package struct TaskType: Sendable {
    /// `content.analyze`: unique over all agents.
    package var name: String
    /// One line for people.
    package var summary: String
    /// By which published definition it works, for people; empty for none.
    package var definition: String
    /// JSON Schema of the payload, within the dialect of JSONSchema.
    package var payloadSchema: JSONValue
    package var resultSchema: JSONValue
    /// A payload that works as it stands.
    package var example: JSONValue
    /// For one attempt.
    package var timeout: Duration
    package var isRetryable: Bool
    /// What a schema cannot say: the problems of a payload that is already valid by
    /// `payloadSchema`, none when the task can be performed.
    ///
    /// Asked at submit, so it is linear in the payload and performs none of the work itself.
    package var check: @Sendable (JSONValue) -> [PayloadProblem]

    package init(
        name: String,
        summary: String,
        definition: String = "",
        payloadSchema: JSONValue,
        resultSchema: JSONValue,
        example: JSONValue,
        timeout: Duration = .seconds(30),
        isRetryable: Bool = true,
        check: @escaping @Sendable (JSONValue) -> [PayloadProblem] = { _ in [] }
    ) {
        self.name = name
        self.summary = summary
        self.definition = definition
        self.payloadSchema = payloadSchema
        self.resultSchema = resultSchema
        self.example = example
        self.timeout = timeout
        self.isRetryable = isRetryable
        self.check = check
    }
}

/// One place where a payload asks for the impossible although its schema allows it.
package struct PayloadProblem: Equatable, Sendable {
    /// JSON pointer (RFC 6901) to the value; empty for the whole payload.
    package var path: String
    /// What is wrong and what would be right, as one sentence without a full stop.
    package var reason: String

    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}
