/// How much the tables of users hold, and how long things are good for.
package struct IdentityLimits: Equatable, Sendable {
    package var maximumUsers = 100_000
    /// Login sessions of all users.
    package var maximumSessions = 200_000
    /// Beyond it a user's oldest session ends when a new one begins.
    package var sessionsPerUser = 50
    package var keysPerUser = 100
    package var agentsPerUser = 1_000
    /// Since the last renewal.
    package var sessionMs: Int64 = 30 * 24 * 3_600_000
    /// For setting the first password.
    package var activationMs: Int64 = 24 * 3_600_000
    /// How long after a renewal the replaced token is only refused; later, and every older token at
    /// once, it ends the session.
    package var refreshGraceMs: Int64 = 0

    package init() {}
}
