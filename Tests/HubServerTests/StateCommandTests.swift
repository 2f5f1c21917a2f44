import Testing

@testable import HubServer

@Suite struct StateCommandTests {
    private static func command(_ words: String) -> DaemonCommand {
        DaemonCommand(arguments: words.split(separator: " ").map(String.init), environment: [:])
    }

    private static func parsed(_ words: String) -> StateCommand? {
        if case .maintain(let command) = command(words) { command } else { nil }
    }

    @Test func `a command names its folder`() {
        #expect(Self.parsed("verify a")?.name == .verify)
        #expect(Self.parsed("verify a")?.directory == "a")
        #expect(Self.parsed("backup a b")?.target == "b")
    }

    @Test(arguments: ["repair --dry-run a", "repair a --dry-run"])
    func `a repair can be a dry run`(words: String) {
        #expect(Self.parsed(words)?.isDryRun == true)
        #expect(Self.parsed("repair a")?.isDryRun == false)
    }

    @Test(arguments: [
        "verify", "verify a b", "verify --dry-run a", "repair", "repair --force a", "backup a",
        "backup a b c", "backup --dry-run a b", "verfy a", "serve",
    ])
    func `what does not make sense is a usage error`(words: String) {
        guard case .fail(let lines, .usage) = Self.command(words) else {
            Issue.record("accepted: \(words)")
            return
        }
        #expect(lines.count == 1)
    }

    @Test func `a misspelt command is guessed`() {
        guard case .fail(let lines, _) = Self.command("verfy a") else {
            Issue.record("accepted")
            return
        }
        #expect(lines.first?.contains("did you mean 'verify'?") == true)
    }

    @Test func `the help text has every command`() {
        for command in StateCommand.Name.allCases {
            #expect(DaemonArguments.help.contains("  \(command.rawValue) \(command.synopsis)"))
        }
    }
}
