import JSONRPC

extension IdentityState {
    /// Decides what a command leads to at `now`; it changes nothing.
    package func decide(
        _ command: IdentityCommand,
        at now: Int64,
        limits: IdentityLimits
    ) -> IdentityDecision {
        do throws(RPCError) {
            switch command {
            case .prepareAdministrator(let user):
                return prepareAdministrator(user)
            case .openSession(let session, let verified, let rehashed):
                return try openSession(session, verified, rehashed, at: now, limits)
            case .activate(let session, let digest, let password, let email, let name):
                return try activate(session, digest, password, email, name, at: now, limits)
            case .register(let user, let session):
                let creation = try creation(of: user, limits)
                let opening = try opening(of: session, at: now, limits)
                return .success(.session(id: session.id), [creation] + opening)
            case .refresh(let id, let family, let presented, let replacement):
                return refresh(id, family, presented, replacement, at: now, limits)
            case .logout(let id):
                return logout(id)
            case .endSessions(let userID, let sessionID):
                return try endSessions(of: userID, sessionID)
            case .createUser(let user):
                return .success(.user(id: user.id), [try creation(of: user, limits)])
            case .updateUser(let id, let update):
                return try self.update(id, update)
            case .deleteUser(let id):
                return try delete(id)
            case .assignAgent(let id, let agent):
                return try assign(agent, to: id, limits)
            case .unassignAgent(let id, let agent):
                guard let user = users[id] else { throw .noSuchUser }
                guard user.agents.contains(agent) else { return .success(.user(id: id), []) }
                return .success(.user(id: id), [.agentUnassigned(userID: id, agentID: agent)])
            case .changePassword(let id, let verified, let password, let kept):
                guard let user = users[id], user.password == verified else {
                    throw .unauthenticated("the current password is not right")
                }
                return .success(
                    .user(id: id),
                    [.passwordChanged(userID: id, password, keeping: kept)]
                )
            case .createKey(let key):
                return try createKey(key, at: now, limits)
            case .revokeKey(let id, let userID):
                guard let key = keys[id], userID.map({ $0 == key.userID }) ?? true else {
                    throw .notFound("no such API key")
                }
                return .success(.nothing, [.keysRevoked(userID: key.userID, keyIDs: [id])])
            case .issueToken:
                return .success(.nothing, [])
            }
        } catch {
            return .failure(error)
        }
    }

    private func prepareAdministrator(_ user: UserRecord) -> IdentityDecision {
        guard !users.isEmpty else {
            return .success(.user(id: user.id), [.userCreated(user)])
        }
        // Nobody could ever sign in, so the token of an earlier start may have been lost.
        guard let activation = user.activation, users.values.allSatisfy({ $0.password == nil }),
            let id = administrators.min()
        else { return .success(.nothing, []) }
        return .success(.user(id: id), [.activationIssued(userID: id, activation)])
    }

    private func creation(
        of user: UserRecord,
        _ limits: IdentityLimits
    ) throws(RPCError) -> IdentityChange {
        guard users[user.id] == nil, self.user(email: user.email) == nil else {
            throw .emailTaken
        }
        guard users.count < limits.maximumUsers else {
            throw .busy("the hub has \(limits.maximumUsers) users, as many as it may")
        }
        return .userCreated(user)
    }

    private func update(
        _ id: String,
        _ update: UserUpdate
    ) throws(RPCError) -> IdentityDecision {
        guard let user = users[id] else { throw .noSuchUser }
        let email = update.email ?? user.email
        if let owner = self.user(email: email), owner.id != id { throw .emailTaken }
        let role = update.role ?? user.role
        let isDisabled = update.isDisabled ?? user.isDisabled
        if role != .admin || isDisabled { try keepAdministrator(without: id) }
        let name = update.name ?? user.name
        var changes: [IdentityChange] = []
        if (email, name, role) != (user.email, user.name, user.role)
            || isDisabled != user.isDisabled
        {
            changes.append(
                .userUpdated(
                    userID: id,
                    email: email,
                    name: name,
                    role: role,
                    isDisabled: isDisabled
                )
            )
        }
        if let password = update.password {
            changes.append(.passwordChanged(userID: id, password, keeping: nil))
        }
        return .success(.user(id: id), changes)
    }

    private func delete(_ id: String) throws(RPCError) -> IdentityDecision {
        guard users[id] != nil else { throw .noSuchUser }
        try keepAdministrator(without: id)
        return .success(.nothing, [.userDeleted(userID: id)])
    }

    /// A hub without an administrator could never get one again.
    private func keepAdministrator(without id: String) throws(RPCError) {
        if administrators == [id] {
            throw .conflict("this is the last administrator; make another user one first")
        }
    }

    private func assign(
        _ agent: String,
        to id: String,
        _ limits: IdentityLimits
    ) throws(RPCError) -> IdentityDecision {
        guard let user = users[id] else { throw .noSuchUser }
        guard !user.agents.contains(agent) else { return .success(.user(id: id), []) }
        guard user.agents.count < limits.agentsPerUser else {
            throw .conflict("the user has \(limits.agentsPerUser) agents, as many as one may")
        }
        return .success(.user(id: id), [.agentAssigned(userID: id, agentID: agent)])
    }

    private func createKey(
        _ key: APIKeyRecord,
        at now: Int64,
        _ limits: IdentityLimits
    ) throws(RPCError) -> IdentityDecision {
        guard let user = users[key.userID], !user.isDisabled else { throw .noSuchUser }
        guard keys[key.id] == nil else { throw .internal }
        guard key.role <= user.role else {
            throw .validation("/role", "must not be above the user's own role")
        }
        let owned = keys(of: user.id)
        let expired = owned.filter { $0.hasExpired(at: now) }.map(\.id)
        guard owned.count - expired.count < limits.keysPerUser else {
            throw .conflict("the user has \(limits.keysPerUser) API keys; revoke one first")
        }
        var changes: [IdentityChange] = []
        if !expired.isEmpty { changes.append(.keysRevoked(userID: user.id, keyIDs: expired)) }
        return .success(.key(id: key.id), changes + [.keyCreated(key)])
    }
}

extension APIKeyRecord {
    package func hasExpired(at now: Int64) -> Bool { expiresAt.map { $0 <= now } ?? false }
}

extension RPCError {
    static let noSuchUser = RPCError.notFound("no such user")
    static let emailTaken = RPCError.conflict("a user with this email exists already")
}
