package import JSONRPC

/// What is asked of the tables of users; whether the caller may was decided before.
///
/// Ids, tokens and slow hashes are made by the caller, so that deciding needs neither chance nor
/// time.
package enum IdentityCommand: Equatable, Sendable {
    /// Sees to it that somebody can administer the hub: creates an administrator when there are no
    /// users, or issues a new token when none has ever set a password. Else changes nothing.
    case prepareAdministrator(UserRecord)
    /// A password was right. `verified` is the hash that it was compared with; `rehashed` the one
    /// that is to replace it, if the parameters have changed.
    case openSession(LoginSession, verified: PasswordHash, rehashed: PasswordHash?)
    /// Sets the first password by a one-time token, and begins a session.
    case activate(
        LoginSession,
        digest: SecretDigest,
        PasswordHash,
        email: EmailAddress?,
        name: String?
    )
    /// A user makes an account for itself, and begins a session.
    case register(UserRecord, LoginSession)
    /// Renews a session.
    case refresh(
        sessionID: String,
        family: SecretDigest,
        presented: SecretDigest,
        replacement: SecretDigest
    )
    case logout(sessionID: String)
    /// Ends one session of a user, or all of them.
    case endSessions(userID: String, sessionID: String?)
    case createUser(UserRecord)
    case updateUser(userID: String, UserUpdate)
    case deleteUser(userID: String)
    case assignAgent(userID: String, agentID: String)
    case unassignAgent(userID: String, agentID: String)
    /// `verified` is the hash that the old password was compared with.
    case changePassword(userID: String, verified: PasswordHash, PasswordHash, keeping: String?)
    case createKey(APIKeyRecord)
    /// `userID` is the owner, unless an administrator asks.
    case revokeKey(keyID: String, userID: String?)
    /// A subscription token was made: changes nothing, but is recorded. `channels` are what it is for.
    case issueToken(channels: String)
}

/// Members of a user that are to change; `nil` ones stay.
package struct UserUpdate: Equatable, Sendable {
    package var email: EmailAddress?
    package var name: String?
    package var role: Role?
    package var isDisabled: Bool?
    package var password: PasswordHash?

    package init() {}
}

/// What a command leads to.
package struct IdentityDecision: Equatable, Sendable {
    /// Also of a command that fails: a token that is used twice ends its session.
    package var changes: [IdentityChange]
    package var result: Result<Answer, RPCError>

    package enum Answer: Equatable, Sendable {
        case nothing
        case user(id: String)
        case session(id: String)
        case key(id: String)
    }

    static func success(_ answer: Answer, _ changes: [IdentityChange]) -> IdentityDecision {
        IdentityDecision(changes: changes, result: .success(answer))
    }

    static func failure(_ error: RPCError, _ changes: [IdentityChange] = []) -> IdentityDecision {
        IdentityDecision(changes: changes, result: .failure(error))
    }
}
