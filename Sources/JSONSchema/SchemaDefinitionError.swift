/// A schema document that means nothing, or something that this dialect cannot check.
package struct SchemaDefinitionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// JSON pointer (RFC 6901) into the schema document.
    package var path: String
    package var reason: String

    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    package var description: String { "schema at '\(path)': \(reason)" }
}
