import JSONRPC
import Testing

@testable import Identity

/// A state with what happened to it, for tests to tell a story in.
struct Story {
    var state = IdentityState()
    var limits = IdentityLimits()
    var now: Int64 = IdentityTests.now
    var changes: [IdentityChange] = []
    var random = SeededGenerator(seed: 11)

    /// Decides, and lets the changes happen.
    mutating func perform(_ command: IdentityCommand) throws(RPCError) -> IdentityDecision.Answer {
        let decision = state.decide(command, at: now, limits: limits)
        for change in decision.changes { state.apply(change, at: now) }
        changes = decision.changes
        return try decision.result.get()
    }

    mutating func addUser(
        _ email: String,
        _ role: Role = .user,
        password: PasswordHash? = Story.password
    ) throws -> String {
        var user = UserRecord(
            id: UserRecord.newID(using: &random),
            email: try #require(EmailAddress(email)),
            name: email,
            role: role,
            createdAt: now
        )
        user.password = password
        _ = try perform(.createUser(user))
        return user.id
    }

    mutating func signIn(_ userID: String) throws -> RefreshToken {
        let token = RefreshToken.first(using: &random)
        _ = try perform(
            .openSession(session(token, of: userID), verified: Self.password, rehashed: nil)
        )
        return token
    }

    func session(_ token: RefreshToken, of userID: String) -> LoginSession {
        LoginSession(
            token,
            userID: userID,
            createdAt: now,
            expiresAt: now + limits.sessionMs,
            address: "127.0.0.1",
            client: "tests"
        )
    }

    mutating func refresh(_ token: RefreshToken) throws(RPCError) -> RefreshToken {
        let next = token.next(using: &random)
        _ = try perform(
            .refresh(
                sessionID: token.sessionID,
                family: token.familyDigest,
                presented: token.secretDigest,
                replacement: next.secretDigest
            )
        )
        return next
    }

    static let password: PasswordHash = {
        var random = SeededGenerator(seed: 1)
        return .decoy(.quick, using: &random)
    }()

    static let otherPassword: PasswordHash = {
        var random = SeededGenerator(seed: 2)
        return .decoy(.quick, using: &random)
    }()
}

@Suite("Users")
struct IdentityStateTests {
    @Test("Emails are one however their letters are written")
    func emails() throws {
        var story = Story()
        let id = try story.addUser("Alice@Example.org")
        #expect(story.state.user(email: try #require(EmailAddress("aLICE@example.ORG")))?.id == id)
        #expect(throws: RPCError.emailTaken) { try story.addUser("alice@example.org") }
        for text in ["", "@", "a@", "@b", "a@b@c", "a b@c", "a\u{0}@b", "a@b\u{202E}", "a"] {
            #expect(EmailAddress(text) == nil)
        }
        #expect(EmailAddress(String(repeating: "a", count: 252) + "@b") != nil)
        #expect(EmailAddress(String(repeating: "a", count: 253) + "@b") == nil)
    }

    @Test("There are never more users than the limit")
    func userLimit() throws {
        var story = Story()
        story.limits.maximumUsers = 2
        _ = try story.addUser("a@x")
        _ = try story.addUser("b@x")
        #expect(throws: RPCError.self) { try story.addUser("c@x") }
        #expect(story.state.users.count == 2)
    }

    @Test("The last administrator cannot be deleted, disabled or made less")
    func lastAdministrator() throws {
        var story = Story()
        let admin = try story.addUser("admin@x", .admin)
        var disabling = UserUpdate()
        disabling.isDisabled = true
        var lowering = UserUpdate()
        lowering.role = .manager
        let attempts: [IdentityCommand] = [
            .deleteUser(userID: admin), .updateUser(userID: admin, disabling),
            .updateUser(userID: admin, lowering),
        ]
        for attempt in attempts {
            #expect(throws: RPCError.self) { try story.perform(attempt) }
            #expect(story.changes.isEmpty)
        }
        _ = try story.addUser("second@x", .admin)
        #expect(throws: Never.self) { try story.perform(.deleteUser(userID: admin)) }
    }

    @Test("Disabling a user ends the sessions, deleting one takes the keys too")
    func endings() throws {
        var story = Story()
        _ = try story.addUser("admin@x", .admin)
        let id = try story.addUser("a@x")
        _ = try story.signIn(id)
        let key = APIKey(using: &story.random)
        let record = APIKeyRecord(
            id: key.id,
            userID: id,
            name: "bot",
            role: .user,
            scope: nil,
            createdAt: story.now,
            expiresAt: nil,
            digest: key.digest
        )
        _ = try story.perform(.createKey(record))
        var update = UserUpdate()
        update.isDisabled = true
        _ = try story.perform(.updateUser(userID: id, update))
        #expect(story.state.sessions.isEmpty)
        #expect(story.state.keys(of: id).count == 1)
        #expect(throws: RPCError.wrongCredentials) { try story.signIn(id) }
        _ = try story.perform(.deleteUser(userID: id))
        #expect(story.state.keys.isEmpty)
        #expect(story.state.users[id] == nil)
    }

    @Test("A key is never above its owner, and owners have so many")
    func keyLimits() throws {
        var story = Story()
        story.limits.keysPerUser = 1
        let id = try story.addUser("a@x")
        func key(_ role: Role, expiresAt: Int64? = nil) -> APIKeyRecord {
            let key = APIKey(using: &story.random)
            return APIKeyRecord(
                id: key.id,
                userID: id,
                name: "bot",
                role: role,
                scope: nil,
                createdAt: story.now,
                expiresAt: expiresAt,
                digest: key.digest
            )
        }
        #expect(throws: RPCError.self) { try story.perform(.createKey(key(.manager))) }
        let first = key(.viewer, expiresAt: story.now + 10)
        _ = try story.perform(.createKey(first))
        #expect(throws: RPCError.self) { try story.perform(.createKey(key(.viewer))) }
        story.now += 10
        _ = try story.perform(.createKey(key(.viewer)))
        #expect(story.state.keys[first.id] == nil)
        let other = try story.addUser("b@x")
        let second = try #require(story.state.keys(of: id).first)
        #expect(throws: RPCError.self) {
            try story.perform(.revokeKey(keyID: second.id, userID: other))
        }
        _ = try story.perform(.revokeKey(keyID: second.id, userID: nil))
        #expect(story.state.keys.isEmpty)
    }

    @Test("Agents are assigned and unassigned, up to the limit")
    func assignments() throws {
        var story = Story()
        story.limits.agentsPerUser = 2
        let id = try story.addUser("a@x")
        for agent in ["crm", "crm", "sales"] {
            _ = try story.perform(.assignAgent(userID: id, agentID: agent))
        }
        #expect(story.state.users[id]?.agents == ["crm", "sales"])
        #expect(throws: RPCError.self) {
            try story.perform(.assignAgent(userID: id, agentID: "events"))
        }
        _ = try story.perform(.unassignAgent(userID: id, agentID: "crm"))
        #expect(story.state.users[id]?.agents == ["sales"])
        let principal = Principal(userID: id, role: .user, credential: .session(id: "s"))
        #expect(story.state.rules(for: principal).sees(agent: "sales"))
        #expect(!story.state.rules(for: principal).sees(agent: "crm"))
    }

    @Test("An empty hub gets an administrator, and a new token until somebody has signed in")
    func administrator() throws {
        var story = Story()
        func administrator() throws -> (UserRecord, OneTimeToken) {
            var user = UserRecord(
                id: UserRecord.newID(using: &story.random),
                email: try #require(EmailAddress("admin@localhost")),
                name: "Administrator",
                role: .admin,
                createdAt: story.now
            )
            let token = OneTimeToken(userID: user.id, using: &story.random)
            user.activation = .init(digest: token.digest, expiresAt: story.now + 1_000)
            return (user, token)
        }
        let (first, lost) = try administrator()
        _ = try story.perform(.prepareAdministrator(first))
        #expect(story.state.users[first.id]?.role == .admin)
        let (second, token) = try administrator()
        #expect(try story.perform(.prepareAdministrator(second)) == .user(id: first.id))
        #expect(story.state.users.count == 1)
        let refresh = RefreshToken.first(using: &story.random)
        let session = story.session(refresh, of: first.id)
        #expect(throws: RPCError.wrongActivation) {
            try story.perform(
                .activate(session, digest: lost.digest, Story.password, email: nil, name: nil)
            )
        }
        _ = try story.perform(
            .activate(
                session,
                digest: token.digest,
                Story.password,
                email: EmailAddress("root@x"),
                name: "Root"
            )
        )
        #expect(story.state.users[first.id]?.email.text == "root@x")
        #expect(story.state.sessions[refresh.sessionID] != nil)
        #expect(throws: RPCError.wrongActivation) {
            try story.perform(
                .activate(session, digest: token.digest, Story.password, email: nil, name: nil)
            )
        }
        #expect(try story.perform(.prepareAdministrator(try administrator().0)) == .nothing)
    }

    @Test("A one-time token expires")
    func activationExpires() throws {
        var story = Story()
        let id = try story.addUser("a@x", password: nil)
        let token = OneTimeToken(userID: id, using: &story.random)
        story.state.apply(
            .activationIssued(
                userID: id,
                .init(digest: token.digest, expiresAt: story.now + 1_000)
            ),
            at: story.now
        )
        story.now += 1_000
        let session = story.session(.first(using: &story.random), of: id)
        #expect(throws: RPCError.wrongActivation) {
            try story.perform(
                .activate(session, digest: token.digest, Story.password, email: nil, name: nil)
            )
        }
    }

    @Test("Changing a password ends all sessions but the one it was changed in")
    func passwordChange() throws {
        var story = Story()
        let id = try story.addUser("a@x")
        let (kept, other) = (try story.signIn(id), try story.signIn(id))
        #expect(throws: RPCError.self) {
            try story.perform(
                .changePassword(
                    userID: id,
                    verified: Story.otherPassword,
                    Story.otherPassword,
                    keeping: nil
                )
            )
        }
        _ = try story.perform(
            .changePassword(
                userID: id,
                verified: Story.password,
                Story.otherPassword,
                keeping: kept.sessionID
            )
        )
        #expect(story.state.sessions[kept.sessionID] != nil)
        #expect(story.state.sessions[other.sessionID] == nil)
        #expect(throws: RPCError.wrongCredentials) { try story.signIn(id) }
    }
}
