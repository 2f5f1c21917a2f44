/// A sign-in that lasts until it is revoked or not renewed for long: a family of refresh tokens.
package struct LoginSession: Equatable, Sendable {
    package static let maximumClientBytes = 256

    /// 32 hexadecimal digits.
    package let id: String
    package let userID: String
    package let createdAt: Int64
    /// When it was last renewed.
    package var usedAt: Int64
    /// Renewals move it on.
    package var expiresAt: Int64
    /// From where it was begun.
    package var address: String
    /// What the client said of itself.
    package var client: String
    package let family: SecretDigest
    /// Of the one token that is good.
    package var current: SecretDigest
    /// Of the token before it, which a client may present once more by accident.
    package var previous: SecretDigest?

    package init(
        _ token: RefreshToken,
        userID: String,
        createdAt: Int64,
        expiresAt: Int64,
        address: String,
        client: String
    ) {
        self.init(
            id: token.sessionID,
            userID: userID,
            createdAt: createdAt,
            expiresAt: expiresAt,
            address: address,
            client: client,
            family: token.familyDigest,
            current: token.secretDigest
        )
    }

    package init(
        id: String,
        userID: String,
        createdAt: Int64,
        expiresAt: Int64,
        address: String,
        client: String,
        family: SecretDigest,
        current: SecretDigest
    ) {
        self.id = id
        self.userID = userID
        self.createdAt = createdAt
        usedAt = createdAt
        self.expiresAt = expiresAt
        self.address = address
        self.client = client
        self.family = family
        self.current = current
    }
}

/// An API key as the state keeps it.
package struct APIKeyRecord: Equatable, Sendable {
    package let id: String
    package let userID: String
    package var name: String
    /// At most the user's own, whatever is stored.
    package var role: Role
    /// `nil` for all that the role allows.
    package var scope: Scope?
    package let createdAt: Int64
    /// `nil` for a key that does not expire.
    package var expiresAt: Int64?
    package let digest: SecretDigest

    package init(
        id: String,
        userID: String,
        name: String,
        role: Role,
        scope: Scope?,
        createdAt: Int64,
        expiresAt: Int64?,
        digest: SecretDigest
    ) {
        self.id = id
        self.userID = userID
        self.name = name
        self.role = role
        self.scope = scope
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.digest = digest
    }
}
