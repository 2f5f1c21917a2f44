/// A value that cannot be used: where it stands, what it is called and what is wrong with it.
package struct ConfigurationProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file with a line, such as `omnihub.json5:12`; `nil` where the name says it all.
    package var place: String?
    /// A key, an environment variable or an option; `nil` for a source as a whole.
    package var name: String?
    package var reason: String

    package init(place: String? = nil, name: String? = nil, reason: String) {
        self.place = place
        self.name = name
        self.reason = reason
    }

    package var description: String {
        [place?.printable, name?.printable, reason].compactMap(\.self).joined(separator: ": ")
    }
}

/// All that is wrong with a configuration, so that it need not be mended line by line.
package struct ConfigurationError: Error, Equatable, Sendable {
    package var problems: [ConfigurationProblem]
    package var status: ExitStatus

    package init(_ problems: [ConfigurationProblem], status: ExitStatus = .configuration) {
        self.problems = problems
        self.status = status
    }
}
