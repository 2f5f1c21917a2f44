package import Identity
import JSONRPC

extension RuntimeCore {
    mutating func execute(_ command: IdentityCommand, order: Order) {
        if case .assignAgent(_, let agent) = command, state.agents[agent] == nil {
            return refuse(order.ticket, .notFound("no such agent"))
        }
        let decision = state.identity.decide(
            command,
            at: now.wall.millisecondsSince1970,
            limits: configuration.identity
        )
        let user = order.caller.userID.isEmpty ? nil : order.caller.userID
        for (index, change) in decision.changes.enumerated() {
            // The answer is the object as the last of the changes leaves it.
            let isLast = index == decision.changes.count - 1
            let keys = isLast ? order.remembrance.map { [$0] } ?? [] : []
            emitAgent(.identity(change, requestedBy: user), of: "system", keys: keys)
        }
        let object = command.auditedUserID ?? decision.changes.last?.userID
        switch decision.result {
        case .success(let answer):
            audit(
                order,
                of: command.auditedChannels ?? object.map { AuditObject(kind: "user", id: $0) },
                hasEffect: !decision.changes.isEmpty
            )
            reply(order.ticket, .success(Reply(result: encoded(answer))))
        case .failure(let error):
            refuse(order.ticket, error)
        }
    }

    private func encoded(_ answer: IdentityDecision.Answer) -> [UInt8] {
        switch answer {
        case .user(let id):
            state.identity.users[id]?.encoded() ?? Self.nothing
        case .session(let id):
            state.identity.sessions[id].flatMap { state.identity.users[$0.userID]?.encoded() }
                ?? Self.nothing
        case .key(let id):
            state.identity.keys[id]?.encoded() ?? Self.nothing
        case .nothing:
            Self.nothing
        }
    }

    static let nothing = Array("{}".utf8)
}

extension IdentityCommand {
    /// The method that gives the command; `nil` for what the hub does by itself.
    package var method: String? {
        switch self {
        case .prepareAdministrator: nil
        case .openSession: "auth.login"
        case .activate: "auth.activate"
        case .register: "auth.register"
        case .refresh: "auth.refresh"
        case .logout: "auth.logout"
        case .endSessions: "auth.revoke"
        case .createUser: "users.create"
        case .updateUser: "users.update"
        case .deleteUser: "users.delete"
        case .assignAgent: "users.assignAgent"
        case .unassignAgent: "users.unassignAgent"
        case .changePassword: "auth.changePassword"
        case .createKey: "keys.create"
        case .revokeKey: "keys.revoke"
        case .issueToken: "auth.subscriptionToken"
        }
    }

    /// Whether the answer to a repetition with the same idempotency key is the first one: not of
    /// those whose answers hold secrets, which are not kept.
    var isRemembered: Bool {
        switch self {
        case .createUser, .updateUser, .deleteUser, .assignAgent, .unassignAgent: true
        case .prepareAdministrator, .openSession, .activate, .register, .refresh, .logout,
            .endSessions, .changePassword, .createKey, .revokeKey, .issueToken:
            false
        }
    }

    var auditedUserID: String? {
        switch self {
        case .prepareAdministrator(let user), .register(let user, _), .createUser(let user):
            user.id
        case .openSession(let session, _, _), .activate(let session, _, _, _, _):
            session.userID
        case .endSessions(let id, _), .updateUser(let id, _), .deleteUser(let id),
            .assignAgent(let id, _), .unassignAgent(let id, _), .changePassword(let id, _, _, _):
            id
        case .createKey(let key): key.userID
        case .refresh, .logout, .revokeKey, .issueToken: nil
        }
    }

    /// Of a subscription token, what it is for.
    var auditedChannels: AuditObject? {
        if case .issueToken(let channels) = self { .channel(channels) } else { nil }
    }
}
