/// Who a session acts for, and by what it proved so.
package struct Principal: Equatable, Sendable {
    package enum Credential: Equatable, Sendable {
        /// An access token of a login session.
        case session(id: String)
        case apiKey(id: String)
        /// A token of another issuer.
        case foreign(issuer: String)
        /// Nothing: the hub was started for development.
        case development
    }

    package var userID: String
    /// What holds now: of a key, the lesser of its own and the user's.
    package var role: Role
    package var credential: Credential
    /// Of a key that may call some methods only.
    package var scope: Scope?
    /// When the credential expires; `nil` for never.
    package var expiresAt: Int64?

    package init(
        userID: String,
        role: Role,
        credential: Credential,
        scope: Scope? = nil,
        expiresAt: Int64? = nil
    ) {
        self.userID = userID
        self.role = role
        self.credential = credential
        self.scope = scope
        self.expiresAt = expiresAt
    }

    /// Everybody on a hub that was started for development.
    package static let developer = Principal(
        userID: "dev",
        role: .admin,
        credential: .development
    )
}
