/// What this build calls itself, on the command line and in `session.welcome`.
package enum HubVersion {
    package static let name = "omnihub"
    /// Semantic Versioning 2.0.0.
    package static let current = "0.1.0"
}
