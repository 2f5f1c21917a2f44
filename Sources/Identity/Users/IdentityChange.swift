/// What an event changes in the tables of users; decided by ``IdentityState/decide(_:at:limits:)``.
///
/// Secrets are in it as digests and slow hashes only.
package enum IdentityChange: Equatable, Sendable {
    /// With its password or activation, and the agents that were assigned at once.
    case userCreated(UserRecord)
    /// Everything but password, activation and agents is replaced. A disabled user's sessions end.
    case userUpdated(
        userID: String,
        email: EmailAddress,
        name: String,
        role: Role,
        isDisabled: Bool
    )
    /// With all sessions and keys.
    case userDeleted(userID: String)
    case agentAssigned(userID: String, agentID: String)
    case agentUnassigned(userID: String, agentID: String)
    /// Ends all sessions but `keeping`, and every activation.
    case passwordChanged(userID: String, PasswordHash, keeping: String?)
    /// The same password with other parameters.
    case passwordRehashed(userID: String, PasswordHash)
    case activationIssued(userID: String, UserRecord.Activation)
    case sessionOpened(LoginSession)
    /// `usedAt` is the time of the event.
    case sessionRenewed(userID: String, sessionID: String, SecretDigest, expiresAt: Int64)
    case sessionsEnded(userID: String, sessionIDs: [String], SessionEndReason)
    case keyCreated(APIKeyRecord)
    case keysRevoked(userID: String, keyIDs: [String])
}

package enum SessionEndReason: String, CaseIterable, Sendable {
    case logout
    /// By the user or an administrator.
    case revoked
    /// A refresh token was presented twice.
    case tokenReused
    /// To make room for a new one.
    case replaced
    case expired
}

extension IdentityChange {
    /// Whom it concerns.
    package var userID: String {
        switch self {
        case .userCreated(let user): user.id
        case .userUpdated(let id, _, _, _, _), .userDeleted(let id), .agentAssigned(let id, _),
            .agentUnassigned(let id, _), .passwordChanged(let id, _, _),
            .passwordRehashed(let id, _), .activationIssued(let id, _),
            .sessionRenewed(let id, _, _, _), .sessionsEnded(let id, _, _),
            .keysRevoked(let id, _):
            id
        case .sessionOpened(let session): session.userID
        case .keyCreated(let key): key.userID
        }
    }

    /// Whether something that held before may not hold any more, so that open connections of the
    /// user have to be looked at.
    package var changesRights: Bool {
        switch self {
        case .userUpdated, .userDeleted, .agentAssigned, .agentUnassigned, .passwordChanged,
            .sessionsEnded, .keysRevoked:
            true
        case .userCreated, .passwordRehashed, .activationIssued, .sessionOpened, .sessionRenewed,
            .keyCreated:
            false
        }
    }
}
