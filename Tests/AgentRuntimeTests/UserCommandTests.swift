import Identity
import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Commands about users")
struct UserCommandTests {
    private static let password: PasswordHash = {
        var random = SplitMix64(seed: 9)
        let parameters = ScryptParameters(logN: 4, r: 8, p: 1) ?? .standard
        return .decoy(parameters, using: &random)
    }()

    private static func user(_ name: String, seed: UInt64, role: Role = .user) throws -> UserRecord
    {
        var random = SplitMix64(seed: seed)
        var user = UserRecord(
            id: UserRecord.newID(using: &random),
            email: try #require(EmailAddress("\(name)@example.org")),
            name: name,
            role: role,
            createdAt: CoreHarness.start.wall.millisecondsSince1970
        )
        user.password = password
        return user
    }

    /// A hub on which every kind of change has happened.
    private static func eventfulHub() throws -> CoreHarness {
        var hub = try CoreHarness()
        var random = SplitMix64(seed: 3)
        let now = CoreHarness.start.wall.millisecondsSince1970
        var admin = try user("root", seed: 1, role: .admin)
        admin.password = nil
        let token = OneTimeToken(userID: admin.id, using: &random)
        admin.activation = .init(digest: token.digest, expiresAt: now + 60_000)
        _ = try hub.call(.identity(.prepareAdministrator(admin)), user: "")
        admin.activation?.digest = OneTimeToken(userID: admin.id, using: &random).digest
        _ = try hub.call(.identity(.prepareAdministrator(admin)), user: "")
        let ada = try user("ada", seed: 2)
        _ = try hub.call(.identity(.createUser(ada)))
        let bob = try user("bob", seed: 4)
        _ = try hub.call(.identity(.createUser(bob)))
        func session(_ token: RefreshToken) -> LoginSession {
            LoginSession(
                token,
                userID: ada.id,
                createdAt: now,
                expiresAt: now + 3_600_000,
                address: "192.0.2.1",
                client: "tests"
            )
        }
        let first = RefreshToken.first(using: &random)
        let second = RefreshToken.first(using: &random)
        for token in [first, second] {
            _ = try hub.call(
                .identity(
                    .openSession(session(token), verified: password, rehashed: password)
                )
            )
        }
        _ = try hub.call(
            .identity(
                .refresh(
                    sessionID: first.sessionID,
                    family: first.familyDigest,
                    presented: first.secretDigest,
                    replacement: first.next(using: &random).secretDigest
                )
            )
        )
        let key = APIKey(using: &random)
        for (id, scope, expiry) in [
            (key.id, Scope(["tasks.*"]), Optional(now + 60_000)), ("0011223344556677", nil, nil),
        ] {
            let record = APIKeyRecord(
                id: id,
                userID: ada.id,
                name: "bot",
                role: .viewer,
                scope: scope,
                createdAt: now,
                expiresAt: expiry,
                digest: key.digest
            )
            _ = try hub.call(.identity(.createKey(record)))
        }
        _ = try hub.call(.identity(.revokeKey(keyID: key.id, userID: ada.id)))
        _ = try hub.call(.identity(.assignAgent(userID: ada.id, agentID: "worker")))
        _ = try hub.call(.identity(.assignAgent(userID: bob.id, agentID: "worker")))
        _ = try hub.call(.identity(.unassignAgent(userID: bob.id, agentID: "worker")))
        var update = UserUpdate()
        update.name = "Ada"
        update.role = .manager
        _ = try hub.call(.identity(.updateUser(userID: ada.id, update)))
        _ = try hub.call(.identity(.logout(sessionID: second.sessionID)))
        _ = try hub.call(
            .identity(
                .changePassword(
                    userID: ada.id,
                    verified: password,
                    password,
                    keeping: first.sessionID
                )
            )
        )
        _ = try hub.call(.identity(.deleteUser(userID: bob.id)))
        return hub
    }

    @Test func `the events alone, and a stored state, give the same users`() throws {
        let hub = try Self.eventfulHub()
        let kinds = Set(hub.types.filter { $0.hasPrefix("user.") })
        #expect(kinds.count == 13)
        #expect(hub.state.identity.users.count == 2)
        #expect(hub.state.identity.sessions.count == 1)
        #expect(hub.state.identity.keys.count == 1)
        #expect(try RuntimeState.replaying(hub.log) == hub.state)
        #expect(try hub.state.storedAndRead() == hub.state)
    }

    @Test func `events about users are in no channel and hold nothing secret`() throws {
        let hub = try Self.eventfulHub()
        let digests = hub.state.identity.sessions.values.map(\.current.text)
        #expect(!digests.isEmpty)
        for recorded in hub.recorded where recorded.event.type.isAboutUsers {
            let text = String(decoding: recorded.json, as: UTF8.self)
            #expect(recorded.positions.isEmpty)
            #expect(!text.contains("scrypt") && !text.contains(Self.password.text))
            for digest in digests { #expect(!text.contains(digest)) }
        }
    }

    @Test func `each command is in the audit with its user`() throws {
        let hub = try Self.eventfulHub()
        let entries = hub.audited.compactMap { recorded in
            if case .audit(let entry) = recorded.event.change { entry } else { nil }
        }
        #expect(entries.count == 15)
        let created = entries.first { $0.method == "users.create" }
        #expect(created?.actor.userID == "anna")
        #expect(created?.object?.kind == "user")
        #expect(created?.effect != nil)
    }

    @Test func `a repetition with the same key is answered with the first user`() throws {
        var hub = try CoreHarness()
        let ada = try Self.user("ada", seed: 2)
        let first = try hub.call(.identity(.createUser(ada)), key: "k")
        let again = try Self.user("other", seed: 5)
        #expect(try hub.call(.identity(.createUser(again)), key: "k") == first)
        #expect(hub.state.identity.users.count == 1)
        let deletion = Command.identity(.deleteUser(userID: ada.id))
        #expect(try hub.call(deletion, key: "d") == [:])
        #expect(try hub.call(deletion, key: "d") == [:])
        #expect(hub.refusal(of: deletion)?.code == .notFound)
        #expect(try hub.state.storedAndRead() == hub.state)
    }

    @Test func `an agent that does not exist is not assigned`() throws {
        var hub = try CoreHarness()
        let ada = try Self.user("ada", seed: 2)
        _ = try hub.call(.identity(.createUser(ada)))
        let refusal = hub.refusal(of: .identity(.assignAgent(userID: ada.id, agentID: "none")))
        #expect(refusal?.code == .notFound)
    }
}
