import Glibc

/// A variable of the process environment.
package struct EnvironmentVariable: Sendable {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    /// `nil` when it is not set.
    package var value: String? {
        getenv(name).map { String(cString: $0) }
    }
}
