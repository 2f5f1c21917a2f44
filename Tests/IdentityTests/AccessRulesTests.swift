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
