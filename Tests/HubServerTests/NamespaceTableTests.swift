import HubCore
import Identity
import Testing

@testable import HubServer

@Suite("Namespaces of client channels")
struct NamespaceTableTests {
    private func configuration(_ text: String) throws(ConfigurationError) -> HubConfiguration {
        var configuration = HubConfiguration()
        let file = "{channels: {historySize: 7, namespaces: \(text)}}"
        try configuration.apply(file: "f", Array(file.utf8))
        return configuration
    }

    private func table(_ text: String) throws -> NamespaceTable {
        NamespaceTable(try configuration(text).channels)
    }

    @Test func `without rules every role subscribes and all but viewers publish`() throws {
        let rules = try table("{}").rules(of: "app.any.thing")
        #expect(rules.subscribe == .viewer)
        #expect(rules.publish == .user)
        #expect(rules.hasPresence)
        #expect(!rules.isRetained)
        #expect(rules.history.count == 7)
        #expect(rules.history.milliseconds == 0)
    }

    @Test func `a channel is of the namespace that its second token names`() throws {
        let table = try table("{chat: {historySize: 3, presence: false, publish: 'manager'}}")
        for name in ["app.chat", "app.chat.room", "app.chat.*", "app.chat.>"] {
            let rules = table.rules(of: name)
            #expect(rules.history.count == 3)
            #expect(!rules.hasPresence)
            #expect(rules.publish == .manager)
            #expect(rules.subscribe == .viewer)
        }
        for name in ["app.chats", "app.room.chat", "app.Chat"] {
            #expect(table.rules(of: name).history.count == 7)
        }
    }

    @Test func `what a namespace leaves out is as in the rules of all others`() throws {
        let table = try table(
            "{'*': {historyMs: 5000, subscribe: 'user', retained: true}, a: {historySize: 0}}"
        )
        let rules = table.rules(of: "app.a.b")
        #expect(rules.subscribe == .user)
        #expect(rules.isRetained)
        #expect(rules.history.milliseconds == 5_000)
        // Of a retained one there is always something to keep.
        #expect(rules.history.count == 1)
        #expect(table.rules(of: "app.z").history.count == 7)
    }

    @Test(arguments: ["app.>", "app.*", "app.*.x"])
    func `a pattern over several namespaces needs the right to each of them`(
        pattern: String
    ) throws {
        let table = try table("{a: {subscribe: 'manager'}, b: {subscribe: 'user'}}")
        #expect(table.rules(of: pattern).subscribe == .manager)
    }

    @Test func `roles are ordered, and nobody is above all of them`() {
        #expect(LeastRole.allCases == LeastRole.allCases.sorted())
        #expect(LeastRole.allCases.filter { $0.admits(.admin) }.count == 4)
    }

    @Test(
        arguments: [
            ("{a: 1}", "'a': expected an object, not 1"),
            ("{'a.b': {}}", "'a.b' is no namespace"),
            ("{'>': {}}", "'>' is no namespace"),
            ("{a: {historySise: 1}}", "'a' has no 'historySise'; did you mean 'historySize'?"),
            ("{a: {historyMs: -1}}", "'a': historyMs: -1 is below the minimum 0"),
            ("{a: {publish: 'root'}}", "'a': publish: expected one of viewer, user, manager"),
            ("{a: {presence: 1}}", "'a': presence: expected true or false, not 1"),
            ("[]", "expected an object of namespaces"),
        ]
    )
    func `what is wrong is said`(text: String, reason: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try configuration(text) }
        let problem = try #require(error?.problems.first)
        #expect(problem.name == "channels.namespaces")
        #expect(problem.reason.hasPrefix(reason), "\(problem.reason)")
    }

    @Test func `rules are printed as they are read`() throws {
        let written = try configuration(
            "{b: {retained: true, historyMs: 9}, '*': {publish: 'admin'}}"
        )
        #expect(written.document.contains(#"namespaces: {"*": {"publish": "admin"}, "b": {"#))
        var read = HubConfiguration()
        try read.apply(file: "f", Array(written.document.utf8))
        #expect(read == written)
    }
}
