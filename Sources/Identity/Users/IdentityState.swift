/// Users, their login sessions and API keys.
///
/// Changes in one way, ``apply(_:at:)``; the same changes give the same state. Who may do what is
/// decided by ``decide(_:at:limits:)``, which changes nothing.
package struct IdentityState: Equatable, Sendable {
    package private(set) var users: [String: UserRecord] = [:]
    package private(set) var sessions: [String: LoginSession] = [:]
    package private(set) var keys: [String: APIKeyRecord] = [:]

    // Follow from the tables.
    private var usersByEmail: [EmailAddress: String] = [:]
    private var sessionsByUser: [String: Set<String>] = [:]
    private var keysByUser: [String: Set<String>] = [:]
    /// Administrators that are not disabled.
    private(set) var administrators: Set<String> = []

    package init() {}

    package func user(email: EmailAddress) -> UserRecord? {
        usersByEmail[email].flatMap { users[$0] }
    }

    /// The oldest first.
    package func sessions(of userID: String) -> [LoginSession] {
        (sessionsByUser[userID] ?? []).compactMap { sessions[$0] }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// The oldest first.
    package func keys(of userID: String) -> [APIKeyRecord] {
        (keysByUser[userID] ?? []).compactMap { keys[$0] }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }
}

extension IdentityState {
    package mutating func apply(_ change: IdentityChange, at now: Int64) {
        switch change {
        case .userCreated(let user):
            put(user)
        case .userUpdated(let id, let email, let name, let role, let isDisabled):
            edit(id, at: now) { user in
                user.email = email
                user.name = name
                user.role = role
                user.isDisabled = isDisabled
            }
            if isDisabled { removeSessions(of: id, keeping: nil) }
        case .userDeleted(let id):
            removeSessions(of: id, keeping: nil)
            for key in keysByUser.removeValue(forKey: id) ?? [] { keys[key] = nil }
            removeUser(id)
        case .agentAssigned(let id, let agent):
            edit(id, at: now) { $0.agents.insert(agent) }
        case .agentUnassigned(let id, let agent):
            edit(id, at: now) { $0.agents.remove(agent) }
        case .passwordChanged(let id, let password, let kept):
            edit(id, at: now) { user in
                user.password = password
                user.activation = nil
            }
            removeSessions(of: id, keeping: kept)
        case .passwordRehashed(let id, let password):
            users[id]?.password = password
        case .activationIssued(let id, let activation):
            users[id]?.activation = activation
        case .sessionOpened(let session):
            put(session)
        case .sessionRenewed(_, let id, let digest, let expiresAt):
            guard var session = sessions[id] else { return }
            session.previous = session.current
            session.current = digest
            session.usedAt = now
            session.expiresAt = expiresAt
            sessions[id] = session
        case .sessionsEnded(_, let ids, _):
            for id in ids { removeSession(id) }
        case .keyCreated(let key):
            put(key)
        case .keysRevoked(let id, let keyIDs):
            for key in keyIDs {
                keys[key] = nil
                keysByUser[id]?.remove(key)
            }
            if keysByUser[id]?.isEmpty == true { keysByUser[id] = nil }
        }
    }

    /// Adopts what a snapshot holds.
    package mutating func put(_ user: UserRecord) {
        removeUser(user.id)
        users[user.id] = user
        usersByEmail[user.email] = user.id
        if user.role == .admin, !user.isDisabled { administrators.insert(user.id) }
    }

    package mutating func put(_ session: LoginSession) {
        sessions[session.id] = session
        sessionsByUser[session.userID, default: []].insert(session.id)
    }

    package mutating func put(_ key: APIKeyRecord) {
        keys[key.id] = key
        keysByUser[key.userID, default: []].insert(key.id)
    }

    private mutating func edit(_ id: String, at now: Int64, _ body: (inout UserRecord) -> Void) {
        guard var user = users[id] else { return }
        body(&user)
        user.updatedAt = now
        put(user)
    }

    private mutating func removeUser(_ id: String) {
        guard let user = users.removeValue(forKey: id) else { return }
        usersByEmail[user.email] = nil
        administrators.remove(id)
    }

    private mutating func removeSessions(of userID: String, keeping kept: String?) {
        for id in sessionsByUser[userID] ?? [] where id != kept { removeSession(id) }
    }

    private mutating func removeSession(_ id: String) {
        guard let session = sessions.removeValue(forKey: id) else { return }
        sessionsByUser[session.userID]?.remove(id)
        if sessionsByUser[session.userID]?.isEmpty == true { sessionsByUser[session.userID] = nil }
    }
}
