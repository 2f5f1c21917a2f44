import AgentRuntime
import EventLoops
import Identity
import JSONRPC
import Transport

/// A command that is answered later, and what it takes to answer it from another thread.
struct DeferredCommand: Sendable {
    let context: HubContext
    let mailbox: Mailbox<LoopMessage>
    let pending: PendingAnswer
    var caller: Caller

    func fail(_ error: RPCError) { mailbox.post(.answer(pending, .failure(error))) }

    /// Hands a command to the runtime; `body` makes the answer of its result.
    func submit(
        _ command: IdentityCommand,
        key: String? = nil,
        answer body: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 }
    ) {
        let (mailbox, pending) = (mailbox, pending)
        context.runtime.submit(
            .identity(command),
            caller: caller,
            idempotencyKey: key
        ) { result in
            mailbox.post(.answer(pending, result.map { Reply(result: body($0.result)) }))
        }
    }

    /// Notes in the audit that somebody was refused.
    func noteDenial(_ method: String, userID: String?) {
        context.runtime.note(
            Denial(
                method: method,
                actor: AuditActor(
                    sessionID: caller.sessionID,
                    address: caller.address,
                    transport: caller.transport
                ),
                object: userID.map { AuditObject(kind: "user", id: $0) },
                reason: ErrorCode.unauthenticated.name,
                at: Timestamp(millisecondsSince1970: WallClock.milliseconds)
            )
        )
    }
}

// Signing in, and everything else that hashes a password: the work is done by ``PasswordWorkers``.
extension HubLoop {
    mutating func deferred(_ pending: PendingAnswer) throws(RPCError) -> DeferredCommand {
        guard let caller = caller(of: pending.connection) else {
            throw .unauthenticated("the session is gone")
        }
        try beginCommand(of: pending.connection)
        return DeferredCommand(
            context: context,
            mailbox: mailbox,
            pending: pending,
            caller: caller
        )
    }

    /// As ``deferred(_:)``, for a command that may end the session that gives it.
    mutating func deferredEnd(_ pending: PendingAnswer) throws(RPCError) -> DeferredCommand {
        var pending = pending
        pending.mayEndSession = true
        let command = try deferred(pending)
        sessions[Int(pending.connection.slot)]?.answersBeforeEnd += 1
        return command
    }

    /// Has a password hashed; BUSY when too many wait for that.
    mutating func work(
        for command: DeferredCommand,
        _ job: @escaping @Sendable () -> Void
    ) throws(RPCError) {
        guard !context.identity.passwords.submit(job) else { return }
        let id = command.pending.connection
        answered(id)
        if command.pending.mayEndSession { finishLastAnswer(to: id) }
        throw tooManyPasswords()
    }

    private mutating func tooManyPasswords() -> RPCError {
        exceeded.note(.queuedPasswords)
        let patience = context.identity.passwords.patience
        return .busy("too many passwords wait to be checked", retryAfter: patience)
    }

    private mutating func throttle(
        _ id: ConnectionID,
        account: String?
    ) throws(RPCError) {
        // What is refused before a password is looked at is no attempt: nobody has to wait for it.
        guard context.identity.passwords.hasRoom else { throw tooManyPasswords() }
        let address = transport.peer(of: id)?.network ?? session(of: id)?.address ?? ""
        guard let wait = context.identity.noteAttempt(account: account, address: address) else {
            return
        }
        exceeded.note(.logins)
        throw .rateLimited(retryAfter: .milliseconds(wait))
    }

    /// `auth.login`: the same work and the same answer whether or not there is such an account.
    mutating func signIn(_ params: JSONObject, _ pending: PendingAnswer) throws(RPCError) {
        let email = EmailAddress(params.text("email"))
        try throttle(pending.connection, account: email?.text)
        let identity = context.identity
        let user = email.flatMap { email in identity.directory.read { $0.user(email: email) } }
        let command = try deferred(pending)
        let password = params.text("password")
        let client = params["client"]?.stringValue ?? ""
        try work(for: command) {
            let hash = user?.password ?? identity.decoy
            guard let isRight = hash.matches(SecretBytes(password)) else {
                return command.fail(.busy("there is no memory to check the password"))
            }
            guard isRight, let user, !user.isDisabled else {
                command.noteDenial("auth.login", userID: user?.id)
                return command.fail(.wrongCredentials)
            }
            identity.noteSuccess(account: user.email.text)
            let renewed =
                hash.needsUpgrade(to: identity.settings.scrypt) ? identity.hash(password) : nil
            command.open(userID: user.id, client: client) { session in
                .openSession(session, verified: hash, rehashed: renewed)
            }
        }
    }

    /// `auth.activate`: sets the first password by a one-time token.
    mutating func activate(_ params: JSONObject, _ pending: PendingAnswer) throws(RPCError) {
        try throttle(pending.connection, account: nil)
        let (email, name) = try profile(params)
        let password = try newPassword(params, "password")
        guard let token = OneTimeToken(params.text("token")) else { throw .wrongActivation }
        // Without this, anybody could have passwords hashed at will.
        let isKnown = context.identity.directory.read { state in
            state.users[token.userID]?.activation?.digest == token.digest
        }
        guard isKnown else { throw .wrongActivation }
        let identity = context.identity
        let client = params["client"]?.stringValue ?? ""
        let command = try deferred(pending)
        try work(for: command) {
            guard let hash = identity.hash(password) else { return command.failForMemory() }
            let folder = command.context.configuration.stateDirectory
            command.open(
                userID: token.userID,
                client: client,
                then: { FirstAdministrator.forget(in: folder) }
            ) { session in
                .activate(session, digest: token.digest, hash, email: email, name: name)
            }
        }
    }

    /// `auth.register`, where that is allowed.
    mutating func register(_ params: JSONObject, _ pending: PendingAnswer) throws(RPCError) {
        guard context.configuration.auth.registration else {
            throw .forbidden("this hub lets nobody register; ask an administrator")
        }
        try throttle(pending.connection, account: nil)
        let (email, name) = try profile(params)
        guard let email, let name else { throw .validation("/email", "is missing") }
        let password = try newPassword(params, "password")
        let identity = context.identity
        let client = params["client"]?.stringValue ?? ""
        let command = try deferred(pending)
        try work(for: command) {
            guard let hash = identity.hash(password) else { return command.failForMemory() }
            var user = UserRecord.new(email: email, name: name, role: .user)
            user.password = hash
            command.open(userID: user.id, client: client) { [user] in .register(user, $0) }
        }
    }

    /// `auth.changePassword` of one's own.
    mutating func changePassword(_ params: JSONObject, _ pending: PendingAnswer) throws(RPCError) {
        guard let principal = session(of: pending.connection)?.principal else {
            throw .unauthenticated("the session is not authenticated")
        }
        guard principal.apiKeyID == nil else {
            throw .forbidden("an API key may not do this; sign in with a password")
        }
        let password = try newPassword(params, "newPassword")
        let identity = context.identity
        guard let user = identity.directory.read({ $0.users[principal.userID] }),
            let present = user.password
        else { throw .conflict("this account has no password") }
        try throttle(pending.connection, account: user.email.text)
        let given = params.text("currentPassword")
        let kept = principal.loginSessionID
        let command = try deferredEnd(pending)
        try work(for: command) {
            guard present.matches(SecretBytes(given)) == true else {
                command.noteDenial("auth.changePassword", userID: user.id)
                return command.fail(.unauthenticated("the current password is not right"))
            }
            identity.noteSuccess(account: user.email.text)
            guard let hash = identity.hash(password) else { return command.failForMemory() }
            command.submit(
                .changePassword(userID: user.id, verified: present, hash, keeping: kept)
            )
        }
    }

    /// `email` and `name`, where they are given.
    func profile(_ params: JSONObject) throws(RPCError) -> (email: EmailAddress?, name: String?) {
        var email: EmailAddress?
        if let text = params["email"]?.stringValue {
            email = EmailAddress(text)
            if email == nil {
                throw .validation("/email", "must be an email address, of at most 254 bytes")
            }
        }
        let name = params["name"]?.stringValue
        if let name, name.utf8.count > UserRecord.maximumNameBytes || !name.isPrintable {
            throw .validation("/name", "must have at most 256 bytes and no control characters")
        }
        return (email, name)
    }

    /// A password that may be set.
    func newPassword(_ params: JSONObject, _ member: String) throws(RPCError) -> String {
        let password = params.text(member)
        let least = context.configuration.auth.minPasswordLength
        guard password.unicodeScalars.count >= least else {
            throw .validation("/\(member)", "must have at least \(least) characters")
        }
        return password
    }
}

extension DeferredCommand {
    func failForMemory() { fail(.busy("there is no memory to hash the password")) }

    /// Begins a login session, and answers with its tokens once that is durable.
    func open(
        userID: String,
        client: String,
        then afterwards: @escaping @Sendable () -> Void = {},
        _ makeCommand: (LoginSession) -> IdentityCommand
    ) {
        let identity = context.identity
        let now = WallClock.milliseconds
        var random = SystemRandomNumberGenerator()
        let token = RefreshToken.first(using: &random)
        let session = LoginSession(
            token,
            userID: userID,
            createdAt: now,
            expiresAt: now + Int64(identity.settings.sessionMs),
            address: caller.address ?? "",
            client: client
        )
        let issued = identity.tokens.issue(userID: userID, sessionID: session.id, now: now)
        guard let access = issued else { return fail(.internal) }
        var command = self
        command.caller.userID = userID
        command.submit(makeCommand(session)) { user in
            afterwards()
            return identity.tokens.answer(access: access, refresh: token, user: user)
        }
    }
}

extension AccessTokens {
    /// `{accessToken, refreshToken, expiresIn, user}`, the lifetime in seconds (RFC 6749 §5.1).
    func answer(access: String, refresh: RefreshToken, user: [UInt8]) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.member("accessToken", access)
        writer.member("refreshToken", refresh.text)
        writer.member("expiresIn", Int(lifetimeMs / 1_000))
        writer.member("user", raw: user)
        writer.endObject()
        return writer.takeBytes()
    }
}

extension UserRecord {
    /// A user who begins now.
    static func new(email: EmailAddress, name: String, role: Role) -> UserRecord {
        var random = SystemRandomNumberGenerator()
        return UserRecord(
            id: UserRecord.newID(using: &random),
            email: email,
            name: name,
            role: role,
            createdAt: WallClock.milliseconds
        )
    }
}

extension Principal {
    var loginSessionID: String? {
        if case .session(let id) = credential { id } else { nil }
    }
}

extension String {
    /// No control characters, which could deceive who reads it.
    fileprivate var isPrintable: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }
}

extension InternetAddress {
    /// What one client has for itself: an IPv4 address, or a network of 64 bits.
    var network: String {
        isIPv6 ? Hexadecimal.encode(bytes.prefix(8)) : host
    }
}
