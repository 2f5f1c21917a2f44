/// What one principal may do and see: the rules of the whole hub, as a value.
///
/// | | viewer | user | manager | admin |
/// |---|---|---|---|---|
/// | agents, their tasks and runs | assigned, reads | assigned | all | all |
/// | users | itself | itself | itself | all |
///
/// It is made from the state and holds until the state changes (``IdentityState/rules(for:)``).
package struct AccessRules: Equatable, Sendable {
    package let principal: Principal
    package let agents: AgentVisibility
    /// What a subscription token bounds it to.
    package let grant: ChannelGrant?

    package enum AgentVisibility: Equatable, Sendable {
        case all
        case only(Set<String>)
    }

    /// `assigned` are the ids of the agents that are assigned to the user.
    package init(_ principal: Principal, assigned: Set<String>) {
        self.principal = principal
        grant = principal.grant
        agents =
            switch principal.role {
            case .admin, .manager: .all
            case .user, .viewer: .only(assigned)
            }
    }

    /// Whether the method may be called at all.
    package func allows(_ permission: Permission, method: String) -> Bool {
        if let grant, !grant.allows(method) { return false }
        if let scope = principal.scope, permission != .anyone, !scope.allows(method) {
            return false
        }
        return permission.leastRole.map { principal.role >= $0 } ?? true
    }

    package var seesAllAgents: Bool { agents == .all }
    package var seesAllUsers: Bool { principal.role == .admin }

    package func sees(agent id: String) -> Bool {
        switch agents {
        case .all: true
        case .only(let ids): ids.contains(id)
        }
    }

    /// Tasks and workflow runs are seen by whom sees their agent, whoever created them.
    package func sees(taskOf agentID: String) -> Bool { sees(agent: agentID) }

    package func sees(user id: String) -> Bool { seesAllUsers || principal.userID == id }
}

extension IdentityState {
    /// What holds for a principal now.
    package func rules(for principal: Principal) -> AccessRules {
        AccessRules(principal, assigned: users[principal.userID]?.agents ?? [])
    }

    /// What holds for a principal now; `nil` when its user, session or key is not good any more.
    package func current(_ principal: Principal, now: Int64) -> AccessRules? {
        if case .grant(_, let issuer) = principal.credential {
            return current(principal, by: issuer, now: now)
        }
        if principal.credential == .development { return AccessRules(principal, assigned: []) }
        guard let user = users[principal.userID], !user.isDisabled else { return nil }
        var principal = principal
        switch principal.credential {
        case .session(let id):
            guard let session = sessions[id], session.userID == user.id, session.expiresAt > now
            else { return nil }
            principal.role = user.role
        case .apiKey(let id):
            guard let key = keys[id], key.userID == user.id, !key.hasExpired(at: now) else {
                return nil
            }
            principal.role = min(key.role, user.role)
        case .foreign:
            principal.role = user.role
        case .development, .grant:
            return nil
        }
        return rules(for: principal)
    }

    /// What the holder of a subscription token may do as long as its issuer may.
    private func current(
        _ holder: Principal,
        by issuer: Principal.Credential,
        now: Int64
    ) -> AccessRules? {
        var principal = holder
        principal.credential = issuer
        switch issuer {
        case .session, .apiKey, .foreign: break
        case .development, .grant: return nil
        }
        guard let rules = current(principal, now: now) else { return nil }
        principal = holder
        principal.role = rules.principal.role
        return self.rules(for: principal)
    }
}
