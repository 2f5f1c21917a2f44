import Identity
import JSONRPC

extension IdentityChange {
    /// Reads an event's `data` and what the journal keeps beside it.
    init(
        type: EventType,
        data: JSONReader,
        secrets: JSONReader
    ) throws(StateDecodingError) {
        let id = try data.string("userId")
        switch type {
        case .userCreated:
            self = .userCreated(
                try UserRecord(reading: data.member("user"), secrets: secrets)
            )
        case .userUpdated:
            self = .userUpdated(
                userID: id,
                email: try data.email("email"),
                name: try data.string("name"),
                role: try data.choice("role"),
                isDisabled: try data.bool("disabled")
            )
        case .userDeleted:
            self = .userDeleted(userID: id)
        case .userAgentAssigned:
            self = .agentAssigned(userID: id, agentID: try data.string("assignedAgentId"))
        case .userAgentUnassigned:
            self = .agentUnassigned(userID: id, agentID: try data.string("assignedAgentId"))
        case .userPasswordChanged:
            self = .passwordChanged(
                userID: id,
                try secrets.passwordHash("password"),
                keeping: data.optionalString("keptSessionId")
            )
        case .userPasswordRehashed:
            self = .passwordRehashed(userID: id, try secrets.passwordHash("password"))
        case .userActivationIssued:
            self = .activationIssued(
                userID: id,
                UserRecord.Activation(
                    digest: try secrets.secretDigest("activation"),
                    expiresAt: try data.milliseconds("expiresAt")
                )
            )
        default:
            try self.init(sessionOrKey: type, userID: id, data: data, secrets: secrets)
        }
    }

    private init(
        sessionOrKey type: EventType,
        userID id: String,
        data: JSONReader,
        secrets: JSONReader
    ) throws(StateDecodingError) {
        switch type {
        case .userSignedIn:
            self = .sessionOpened(
                try LoginSession(reading: data.member("session"), userID: id, secrets: secrets)
            )
        case .userSessionRenewed:
            self = .sessionRenewed(
                userID: id,
                sessionID: try data.string("sessionId"),
                try secrets.secretDigest("token"),
                expiresAt: try data.milliseconds("expiresAt")
            )
        case .userSessionsEnded:
            self = .sessionsEnded(
                userID: id,
                sessionIDs: try data.strings("sessionIds"),
                try data.choice("reason")
            )
        case .userKeyCreated:
            self = .keyCreated(try APIKeyRecord(reading: data.member("key"), secrets: secrets))
        case .userKeysRevoked:
            self = .keysRevoked(userID: id, keyIDs: try data.strings("keyIds"))
        default:
            throw StateDecodingError(path: data.path, problem: "belongs to an unknown event type")
        }
    }
}

extension EventType {
    /// Whether it is about users, and so decoded by ``IdentityChange``.
    var isAboutUsers: Bool { rawValue.hasPrefix("user.") }
}
