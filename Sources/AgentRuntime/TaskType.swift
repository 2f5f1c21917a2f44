package import JSONRPC

/// One kind of work an agent does: its contract, from which validation, documentation and the
/// forms of dashboards are made.
package struct TaskType: Sendable {
    /// `content.analyze`: unique over all agents.
    package var name: String
    /// One line for people.
    package var summary: String
    /// JSON Schema of the payload, within the dialect of JSONSchema.
    package var payloadSchema: JSONValue
    package var resultSchema: JSONValue
    /// A payload that works as it stands.
    package var example: JSONValue
    /// For one attempt.
    package var timeout: Duration
    package var isRetryable: Bool

    package init(
        name: String,
        summary: String,
        payloadSchema: JSONValue,
        resultSchema: JSONValue,
        example: JSONValue,
        timeout: Duration = .seconds(30),
        isRetryable: Bool = true
    ) {
        self.name = name
        self.summary = summary
        self.payloadSchema = payloadSchema
        self.resultSchema = resultSchema
        self.example = example
        self.timeout = timeout
        self.isRetryable = isRetryable
    }
}
