import JSONRPC
import Testing

@testable import Identity

@Suite("What one may do and see")
struct AccessRulesTests {
    private func rules(_ role: Role, scope: Scope? = nil) -> AccessRules {
        AccessRules(
            Principal(
                userID: "me",
                role: role,
                credential: .session(id: "s"),
                scope: scope
            ),
            assigned: ["mine"]
        )
    }

    @Test("Each permission takes its least role", arguments: Role.allCases)
    func permissions(_ role: Role) {
        let rules = rules(role)
        let allowed = Permission.allCases.filter { rules.allows($0, method: "x.y") }
        let expected: [Permission] =
            switch role {
            case .viewer: [.anyone, .authenticated, .read]
            case .user: [.anyone, .authenticated, .read, .work]
            case .manager: [.anyone, .authenticated, .read, .work, .manage]
            case .admin: Permission.allCases
            }
        #expect(allowed == expected)
    }

    @Test("Only managers and administrators see agents that are not assigned to them")
    func agents() {
        for role in Role.allCases {
            #expect(rules(role).sees(agent: "mine"))
            #expect(rules(role).sees(taskOf: "mine"))
            #expect(rules(role).sees(agent: "other") == (role >= .manager))
            #expect(rules(role).sees(taskOf: "other") == (role >= .manager))
        }
    }

    @Test("Only administrators see users other than themselves")
    func users() {
        for role in Role.allCases {
            #expect(rules(role).sees(user: "me"))
            #expect(rules(role).sees(user: "you") == (role == .admin))
        }
    }

    @Test("A scope takes away and never gives")
    func scopes() throws {
        let scope = try #require(Scope(["tasks.*", "agents.list", "users.list"]))
        let rules = rules(.user, scope: scope)
        #expect(rules.allows(.work, method: "tasks.create"))
        #expect(rules.allows(.read, method: "agents.list"))
        #expect(!rules.allows(.read, method: "agents.get"))
        #expect(!rules.allows(.administer, method: "users.list"))
        #expect(rules.allows(.anyone, method: "session.info"))
        #expect(!rules.allows(.read, method: "tasksx.list"))
    }

    @Test(
        "What is no method or group is no scope",
        arguments: [
            [], [""], ["*"], ["tasks"], ["tasks."], [".*"], ["tasks.*.x"], ["ta sks.x"],
            ["tasks.cre*"], Array(repeating: "a.b", count: 65),
        ]
    )
    func badScopes(_ entries: [String]) {
        #expect(Scope(entries) == nil)
    }
}

@Suite("What a subscription token is for")
struct ChannelGrantTests {
    private func grant(
        _ channels: [String],
        _ actions: Set<ChannelGrant.Action> = [.subscribe]
    ) throws -> ChannelGrant {
        try #require(ChannelGrant(id: "t", channels: channels, actions: actions))
    }

    @Test(
        arguments: [
            ("app.a", ["app.a"], ["app", "app.a.b", "app.b", "app.*", "app.>", "", "app.a."]),
            (
                "app.*.x", ["app.a.x", "app.*.x"],
                ["app.x", "app.a.b.x", "app.>", "app.a.>", "app.a.*"]
            ),
            (
                "app.a.>", ["app.a.b", "app.a.b.c", "app.a.*", "app.a.>", "app.a.*.b"],
                ["app.a", "app.>"]
            ),
            (
                "app.*.>", ["app.a.b", "app.*.b", "app.a.>", "app.*.>"],
                ["app.a", "app.>", "app.*"]
            ),
        ]
    )
    func `a pattern covers what it stands for, and patterns of that`(
        entry: String,
        covered: [String],
        others: [String]
    ) throws {
        let grant = try grant([entry])
        #expect(covered.allSatisfy(grant.covers))
        #expect(!others.contains(where: grant.covers))
    }

    @Test func `methods that no action is for are refused`() throws {
        let grant = try grant(["app.a"], [.publish, .history])
        for method in [
            "rpc.discover", "session.info", "hub.publish", "hub.history", "hub.channels",
        ] {
            #expect(grant.allows(method))
        }
        for method in [
            "hub.subscribe", "hub.unsubscribe", "hub.presence", "auth.login", "tasks.get",
        ] {
            #expect(!grant.allows(method))
        }
    }

    @Test func `it has some channels, not too many, and actions`() {
        #expect(ChannelGrant(id: "t", channels: [], actions: [.publish]) == nil)
        #expect(ChannelGrant(id: "t", channels: ["app.a"], actions: []) == nil)
        let many = [String](repeating: "app.a", count: 17)
        #expect(ChannelGrant(id: "t", channels: many, actions: [.publish]) == nil)
        #expect(ChannelGrant(id: "t", channels: [""], actions: [.publish]) == nil)
    }

    @Test func `its holder may do what its issuer may at the moment`() throws {
        var state = IdentityState()
        let email = try #require(EmailAddress("a@b"))
        state.put(UserRecord(id: "u", email: email, name: "", role: .manager, createdAt: now))
        let grant = try grant(["app.a"])
        let holder = Principal(
            userID: "u",
            role: .viewer,
            credential: .grant(grant, by: .foreign(issuer: "x"))
        )
        let rules = try #require(state.current(holder, now: now))
        #expect(rules.principal.role == .manager && rules.grant == grant)
        #expect(rules.principal.subject != "u")
        #expect(!rules.allows(.read, method: "tasks.list"))
        #expect(!rules.allows(.anyone, method: "auth.login"))
        for issuer: Principal.Credential in [
            .session(id: "s"), .apiKey(id: "k"), .development,
            .grant(grant, by: .foreign(issuer: "x")),
        ] {
            let other = Principal(userID: "u", role: .admin, credential: .grant(grant, by: issuer))
            #expect(state.current(other, now: now) == nil)
        }
    }
}

@Suite("Tokens that are known to be good")
struct VerifiedTokensTests {
    private func claims(_ name: String) -> TokenClaims {
        TokenClaims(issuer: "i", subject: name, type: nil, expiresAt: now, all: [:])
    }

    @Test func `a token is found by itself and no other`() {
        var table = VerifiedTokens(capacity: 10)
        table.insert(claims("a"), for: .init(of: "a"))
        #expect(table.claims(of: .init(of: "a"))?.subject == "a")
        #expect(table.claims(of: .init(of: "b")) == nil)
    }

    @Test func `the table is bounded, and keeps what is used`() {
        var table = VerifiedTokens(capacity: 10)
        for number in 0..<1_000 {
            table.insert(claims("\(number)"), for: .init(of: "\(number)"))
            #expect(table.claims(of: .init(of: "0")) != nil)
            #expect(table.count <= 11)
        }
        var none = VerifiedTokens(capacity: 0)
        none.insert(claims("a"), for: .init(of: "a"))
        #expect(none.claims(of: .init(of: "a")) == nil)
    }
}
