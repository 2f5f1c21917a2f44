/// Who a session acts for, and by what it proved so.
package struct Principal: Equatable, Sendable {
    package indirect enum Credential: Equatable, Sendable {
        /// An access token of a login session.
        case session(id: String)
        case apiKey(id: String)
        /// A token of another issuer.
        case foreign(issuer: String)
        /// Nothing: the hub was started for development.
        case development
        /// A subscription token, issued by somebody who had proved itself by `issuer`.
        case grant(ChannelGrant, by: Credential)
    }

    /// Of a subscription token, who issued it.
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

    /// What it is bounded to by a subscription token.
    package var grant: ChannelGrant? {
        if case .grant(let grant, _) = credential { grant } else { nil }
    }

    /// By what is counted what it does, and its idempotency keys are told from those of others: the
    /// user, but for holders of subscription tokens, who are strangers to whoever issued them.
    package var subject: String { grant.map { "token \($0.id)" } ?? userID }

    /// Everybody on a hub that was started for development.
    package static let developer = Principal(
        userID: "dev",
        role: .admin,
        credential: .development
    )
}
