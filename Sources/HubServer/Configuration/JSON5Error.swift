/// Where and why a text is not JSON5.
package struct JSON5Error: Error, Equatable, Sendable, CustomStringConvertible {
    /// From 1.
    package var line: Int
    /// In Unicode scalars, from 1.
    package var column: Int
    package var reason: String

    package init(line: Int, column: Int, reason: String) {
        self.line = line
        self.column = column
        self.reason = reason
    }

    package var description: String { "\(line):\(column): \(reason)" }
}
