extension HubConfiguration {
    /// Chooses the state folder where none is configured.
    ///
    /// That is the first of systemd's `STATE_DIRECTORY` (systemd.exec(5)), else `omnihub` in
    /// `XDG_STATE_HOME`, which counts only when it is absolute, else in `~/.local/state` (XDG Base
    /// Directory Specification 0.8).
    package mutating func resolveStateDirectory(
        environment: [String: String]
    ) throws(ConfigurationError) {
        guard stateDirectory.isEmpty else { return }
        if let first = environment["STATE_DIRECTORY"]?.split(separator: ":").first {
            stateDirectory = String(first)
        } else if let home = environment["XDG_STATE_HOME"], home.hasPrefix("/") {
            stateDirectory = "\(home)/omnihub"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            stateDirectory = "\(home)/.local/state/omnihub"
        } else {
            let reason = "has no default without HOME; name a folder with --state-dir"
            throw ConfigurationError([ConfigurationProblem(name: "stateDirectory", reason: reason)])
        }
    }
}
