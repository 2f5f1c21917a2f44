/// One place where a value is not as its schema says.
package struct SchemaViolation: Equatable, Sendable {
    /// JSON pointer (RFC 6901) to the value; empty for the whole document.
    package var path: String
    /// What is wrong and what would be right, as one sentence without a full stop.
    package var reason: String

    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}
