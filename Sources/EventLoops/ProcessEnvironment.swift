import CLinux

/// The environment variables of this process.
package enum ProcessEnvironment {
    /// Read anew each time; of a name that occurs twice the first counts, as for getenv(3).
    package static var variables: [String: String] {
        var variables: [String: String] = [:]
        guard var entry = clinux_environment() else { return variables }
        while let text = entry.pointee {
            let parts = String(cString: text).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            if parts.count == 2, variables[String(parts[0])] == nil {
                variables[String(parts[0])] = String(parts[1])
            }
            entry += 1
        }
        return variables
    }
}
