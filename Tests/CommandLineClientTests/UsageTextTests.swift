import Testing

@testable import CommandLineClient

@Suite("Help")
struct UsageTextTests {
    @Test(arguments: [UsageText.program] + CommandDescription.all.map(UsageText.command))
    func `fits into 80 columns`(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(text)")
        #expect(text.hasSuffix("\n"))
    }

    @Test(arguments: CommandDescription.all)
    func `names every option`(command: CommandDescription) {
        let text = UsageText.command(command)
        for option in command.options + OptionDescription.common {
            #expect(text.contains("  \(option.name)"))
        }
    }
}
