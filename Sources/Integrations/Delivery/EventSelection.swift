/// Which events a webhook is sent: types such as `task.completed`, and groups such as `task.*`.
package struct EventSelection: Equatable, Sendable {
    private let patterns: [String]

    /// Without patterns, all.
    package init(_ patterns: [String]) {
        self.patterns = patterns
    }

    /// Events about integrations are never sent: a webhook that fails must not cause events that
    /// are sent to webhooks.
    package func contains(_ type: String) -> Bool {
        guard !type.hasPrefix("integration.") else { return false }
        return patterns.isEmpty
            || patterns.contains { pattern in
                pattern == type || pattern == "*"
                    || pattern.hasSuffix(".*") && type.hasPrefix(pattern.dropLast())
            }
    }
}
