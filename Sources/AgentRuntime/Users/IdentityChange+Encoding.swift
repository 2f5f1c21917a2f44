import Identity
import JSONRPC

extension IdentityChange {
    var eventType: EventType {
        switch self {
        case .userCreated: .userCreated
        case .userUpdated: .userUpdated
        case .userDeleted: .userDeleted
        case .agentAssigned: .userAgentAssigned
        case .agentUnassigned: .userAgentUnassigned
        case .passwordChanged: .userPasswordChanged
        case .passwordRehashed: .userPasswordRehashed
        case .activationIssued: .userActivationIssued
        case .sessionOpened: .userSignedIn
        case .sessionRenewed: .userSessionRenewed
        case .sessionsEnded: .userSessionsEnded
        case .keyCreated: .userKeyCreated
        case .keysRevoked: .userKeysRevoked
        }
    }

    var severity: Severity {
        switch self {
        case .sessionsEnded(_, _, .tokenReused): .high
        case .userUpdated, .userDeleted, .passwordChanged, .keysRevoked, .keyCreated,
            .agentAssigned, .agentUnassigned, .userCreated, .activationIssued:
            .medium
        case .sessionsEnded, .sessionOpened, .sessionRenewed, .passwordRehashed: .low
        }
    }

    /// Writes the members of the event's `data`: nothing secret.
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("userId", userID)
        switch self {
        case .userCreated(let user):
            writer.name("user")
            user.write(to: &writer)
        case .userUpdated(_, let email, let name, let role, let isDisabled):
            writer.member("email", email.text)
            writer.member("name", name)
            writer.member("role", role.rawValue)
            writer.member("disabled", isDisabled)
        case .agentAssigned(_, let agent), .agentUnassigned(_, let agent):
            writer.member("assignedAgentId", agent)
        case .passwordChanged(_, _, let kept):
            writer.member("keptSessionId", ifPresent: kept)
        case .activationIssued(_, let activation):
            writer.member(
                "expiresAt",
                Timestamp(millisecondsSince1970: activation.expiresAt).description
            )
        case .sessionOpened(let session):
            writer.name("session")
            session.write(to: &writer)
        case .sessionRenewed(_, let id, _, let expiresAt):
            writer.member("sessionId", id)
            writer.member("expiresAt", Timestamp(millisecondsSince1970: expiresAt).description)
        case .sessionsEnded(_, let ids, let reason):
            writer.member("sessionIds", ids)
            writer.member("reason", reason.rawValue)
        case .keyCreated(let key):
            writer.name("key")
            key.write(to: &writer)
        case .keysRevoked(_, let ids):
            writer.member("keyIds", ids)
        case .userDeleted, .passwordRehashed:
            break
        }
    }

    /// Hashes and digests, which the journal keeps beside the event and nobody is sent.
    ///
    /// - Returns: `nil` when there are none.
    var secrets: [UInt8]? {
        var writer = JSONWriter()
        switch self {
        case .userCreated(let user): user.writeSecrets(to: &writer)
        case .sessionOpened(let session): session.writeSecrets(to: &writer)
        case .keyCreated(let key): key.writeSecrets(to: &writer)
        case .passwordChanged(_, let password, _), .passwordRehashed(_, let password):
            writer.object(["password": .string(password.text)])
        case .activationIssued(_, let activation):
            writer.object(["activation": .string(activation.digest.text)])
        case .sessionRenewed(_, _, let digest, _):
            writer.object(["token": .string(digest.text)])
        case .userUpdated, .userDeleted, .agentAssigned, .agentUnassigned, .sessionsEnded,
            .keysRevoked:
            return nil
        }
        return writer.takeBytes()
    }
}
