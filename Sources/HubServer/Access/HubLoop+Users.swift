import AgentRuntime
import EventLoops
import Identity
import JSONRPC
import Transport

// Sessions, keys and users, as their owners and administrators handle them.
extension HubLoop {
    /// `auth.refresh`.
    mutating func refresh(_ params: JSONObject, _ pending: PendingAnswer) throws(RPCError) {
        guard let token = RefreshToken(params.text("refreshToken")) else {
            throw .wrongRefreshToken
        }
        let identity = context.identity
        let owner = identity.directory.read { $0.sessions[token.sessionID]?.userID }
        guard let owner else { throw .wrongRefreshToken }
        var random = SystemRandomNumberGenerator()
        let next = token.next(using: &random)
        let now = WallClock.milliseconds
        let issued = identity.tokens.issue(userID: owner, sessionID: token.sessionID, now: now)
        guard let access = issued else { throw .internal }
        var command = try deferredEnd(pending)
        command.caller.userID = owner
        command.submit(
            .refresh(
                sessionID: token.sessionID,
                family: token.familyDigest,
                presented: token.secretDigest,
                replacement: next.secretDigest
            )
        ) { user in identity.tokens.answer(access: access, refresh: next, user: user) }
    }

    /// `auth.logout`: ends the login session that this connection was authenticated by.
    mutating func logOut(_ pending: PendingAnswer) throws(RPCError) {
        guard let id = session(of: pending.connection)?.principal?.loginSessionID else {
            throw .conflict("this session was not authenticated by a login")
        }
        try deferredEnd(pending).submit(.logout(sessionID: id))
    }

    /// Whose things a command is about: the caller's own, unless an administrator names another.
    private func owner(
        _ params: JSONObject,
        _ id: ConnectionID
    ) throws(RPCError) -> String {
        guard let rules = session(of: id)?.rules else {
            throw .unauthenticated("the session is not authenticated")
        }
        let user = params["userId"]?.stringValue ?? rules.principal.userID
        guard rules.sees(user: user) else { throw .notFound("no such user") }
        return user
    }

    /// Refuses API keys, which else could give away more than they have themselves.
    private func refuseAPIKey(_ id: ConnectionID) throws(RPCError) {
        if session(of: id)?.principal?.apiKeyID != nil {
            throw .forbidden("an API key may not do this; sign in with a password")
        }
    }

    /// `auth.sessions`.
    func loginSessions(_ id: ConnectionID, _ params: JSONObject) throws(RPCError) -> JSONValue {
        let user = try owner(params, id)
        let current = session(of: id)?.principal?.loginSessionID
        let now = WallClock.milliseconds
        let list = context.identity.directory.read { $0.sessions(of: user) }
            .filter { $0.expiresAt > now }
        return [
            "sessions": .array(list.map { $0.description(isCurrent: $0.id == current) })
        ]
    }

    /// `auth.revoke`.
    mutating func endSessions(_ params: JSONObject, _ pending: PendingAnswer) throws(RPCError) {
        try refuseAPIKey(pending.connection)
        let user = try owner(params, pending.connection)
        try deferredEnd(pending).submit(
            .endSessions(userID: user, sessionID: params["sessionId"]?.stringValue)
        )
    }

    /// `keys.create`; the answer is the only place where the key ever is.
    mutating func createKey(_ params: JSONObject, _ pending: PendingAnswer) throws(RPCError) {
        try refuseAPIKey(pending.connection)
        let userID = try owner(params, pending.connection)
        guard let user = context.identity.directory.read({ $0.users[userID] }) else {
            throw .notFound("no such user")
        }
        let (_, name) = try profile(params)
        var scope: Scope?
        if let entries = params["scope"]?.arrayValue {
            scope = Scope(entries.compactMap(\.stringValue))
            if scope == nil {
                throw .validation("/scope", "must name methods, such as tasks.create or tasks.*")
            }
        }
        let now = WallClock.milliseconds
        let role = params["role"]?.stringValue.flatMap(Role.init)
        var random = SystemRandomNumberGenerator()
        let key = APIKey(using: &random)
        let record = APIKeyRecord(
            id: key.id,
            userID: userID,
            name: name ?? "",
            role: role ?? user.role,
            scope: scope,
            createdAt: now,
            expiresAt: params["expiresInMs"]?.intValue.map { now + Int64($0) },
            digest: key.digest
        )
        try deferred(pending).submit(.createKey(record)) { answer in
            answer.dropLast() + Array(#","key":"\#(key.text)"}"#.utf8)
        }
    }

    /// `keys.list`.
    func keys(_ id: ConnectionID, _ params: JSONObject) throws(RPCError) -> JSONValue {
        let user = try owner(params, id)
        let list = context.identity.directory.read { $0.keys(of: user) }
        return ["keys": .array(list.map { JSONValue(own: $0.encoded()) })]
    }

    /// `keys.revoke`.
    mutating func revokeKey(_ params: JSONObject, _ pending: PendingAnswer) throws(RPCError) {
        try refuseAPIKey(pending.connection)
        guard let rules = session(of: pending.connection)?.rules else { return }
        let owner = rules.seesAllUsers ? nil : rules.principal.userID
        try deferredEnd(pending).submit(.revokeKey(keyID: params.text("id"), userID: owner))
    }

    /// `users.list`: those whom the caller sees, by id.
    func users(_ id: ConnectionID, _ params: JSONObject) -> JSONValue {
        guard let rules = session(of: id)?.rules else { return [:] }
        let limit = params["limit"]?.intValue ?? 100
        let after = params["after"]?.stringValue ?? ""
        let (page, hasMore) = context.identity.directory.read { state in
            let visible =
                rules.seesAllUsers
                ? Array(state.users.values)
                : state.users[rules.principal.userID].map { [$0] } ?? []
            let rest = visible.filter { $0.id > after }.sorted { $0.id < $1.id }
            return (Array(rest.prefix(limit)), rest.count > limit)
        }
        var answer: JSONObject = [
            "users": .array(page.map { JSONValue(own: $0.encoded()) })
        ]
        if hasMore, let last = page.last { answer["next"] = .string(last.id) }
        return .object(answer)
    }

    /// `users.get`.
    func user(_ id: ConnectionID, _ userID: String) throws(RPCError) -> JSONValue {
        guard session(of: id)?.rules?.sees(user: userID) == true,
            let user = context.identity.directory.read({ $0.users[userID] })
        else { throw .notFound("no such user") }
        return JSONValue(own: user.encoded())
    }

    /// `users.create`: with a password, or with a one-time token for setting one.
    mutating func createUser(_ params: JSONObject, _ pending: PendingAnswer) throws(RPCError) {
        let (email, name) = try profile(params)
        guard let email, let role = params["role"]?.stringValue.flatMap(Role.init) else {
            throw .validation("/email", "is missing")
        }
        var user = UserRecord.new(email: email, name: name ?? email.text, role: role)
        user.agents = try agents(params)
        let key = params["idempotencyKey"]?.stringValue
        guard params["password"] != nil else {
            var random = SystemRandomNumberGenerator()
            let token = OneTimeToken(userID: user.id, using: &random)
            let lifetime = Int64(context.configuration.auth.activationMs)
            user.activation = .init(
                digest: token.digest,
                expiresAt: user.createdAt + lifetime
            )
            return try deferred(pending).submit(.createUser(user), key: key) { [id = user.id] in
                // The answer to a repetition tells of the first user, whose token is not kept.
                let isFirst = JSONValue(own: $0)["id"] == .string(id)
                let member = Array(#","activationToken":"\#(token.text)"}"#.utf8)
                return isFirst ? $0.dropLast() + member : $0
            }
        }
        let password = try newPassword(params, "password")
        let identity = context.identity
        let command = try deferred(pending)
        try work(for: command) { [user] in
            var user = user
            guard let hash = identity.hash(password) else { return command.failForMemory() }
            user.password = hash
            command.submit(.createUser(user), key: key)
        }
    }

    private func agents(_ params: JSONObject) throws(RPCError) -> Set<String> {
        let agents = Set((params["agents"]?.arrayValue ?? []).compactMap(\.stringValue))
        guard agents.count <= context.configuration.auth.agentsPerUser else {
            throw .validation("/agents", "are more than auth.agentsPerUser")
        }
        for (index, agent) in agents.sorted().enumerated()
        where context.runtime.catalogue.description(of: agent) == nil {
            throw .validation("/agents/\(index)", "'\(agent.prefix(64))' is no agent")
        }
        return agents
    }

    /// `users.update`.
    mutating func updateUser(_ params: JSONObject, _ pending: PendingAnswer) throws(RPCError) {
        let id = params.text("id")
        var update = UserUpdate()
        (update.email, update.name) = try profile(params)
        update.role = params["role"]?.stringValue.flatMap(Role.init)
        update.isDisabled = params["disabled"]?.boolValue
        let key = params["idempotencyKey"]?.stringValue
        guard params["password"] != nil else {
            return try deferredEnd(pending).submit(.updateUser(userID: id, update), key: key)
        }
        let password = try newPassword(params, "password")
        let identity = context.identity
        let command = try deferredEnd(pending)
        try work(for: command) { [update] in
            var update = update
            guard let hash = identity.hash(password) else { return command.failForMemory() }
            update.password = hash
            command.submit(.updateUser(userID: id, update), key: key)
        }
    }
}

extension LoginSession {
    fileprivate func description(isCurrent: Bool) -> JSONValue {
        var writer = JSONWriter()
        write(to: &writer, isCurrent: isCurrent)
        return JSONValue(own: writer.takeBytes())
    }
}

extension JSONValue {
    /// Reads what this hub has written itself.
    init(own bytes: [UInt8]) {
        self = (try? JSONValue(parsing: bytes)) ?? .null
    }
}
