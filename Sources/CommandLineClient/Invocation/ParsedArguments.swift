/// The words of a command line, told apart: command, operands, and options with their values.
struct ParsedArguments: Equatable, Sendable {
    private(set) var command: CommandDescription?
    private(set) var operands: [String] = []
    /// The value of each option that was given; empty for one without a value.
    private(set) var options: [String: String] = [:]

    /// Reads the words behind the program's name.
    ///
    /// Options may stand anywhere, as `--name value` or `--name=value`; `--` ends them, and `-`
    /// alone is an operand.
    init(_ words: [String]) throws(UsageError) {
        var rest = words[...]
        var optionsEnded = false
        while let word = rest.popFirst() {
            if optionsEnded || word == "-" || !word.hasPrefix("-") {
                try take(operand: word)
            } else if word == "--" {
                optionsEnded = true
            } else {
                try take(option: word, &rest)
            }
        }
    }

    private mutating func take(operand: String) throws(UsageError) {
        guard command == nil else {
            operands.append(operand)
            return
        }
        guard let known = CommandDescription.all.first(where: { $0.name == operand }) else {
            let names = CommandDescription.all.map(\.name)
            throw UsageError(
                "unknown command '\(operand)'; "
                    + Self.hint(Suggestion.nearest(to: operand, among: names), "omnihub --help")
            )
        }
        command = known
    }

    private mutating func take(
        option word: String,
        _ rest: inout ArraySlice<String>
    ) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = word == "-h" ? "--help" : String(parts[0])
        let known = OptionDescription.common + (command?.options ?? [])
        guard let option = known.first(where: { $0.name == name }) else {
            throw unknownOption(name, among: known.map(\.name))
        }
        guard options[name] == nil else { throw UsageError("'\(name)' is given twice") }
        if option.value == nil {
            guard parts.count == 1 else { throw UsageError("'\(name)' takes no value") }
            options[name] = ""
        } else if parts.count == 2 {
            options[name] = String(parts[1])
        } else if let value = rest.popFirst() {
            options[name] = value
        } else {
            throw UsageError("'\(name)' needs a value")
        }
    }

    private func unknownOption(_ name: String, among known: [String]) -> UsageError {
        let place = command.map { " of '\($0.name)'" } ?? ""
        let help = command.map { "omnihub \($0.name) --help" } ?? "omnihub --help"
        let owner = CommandDescription.all.first { command in
            command.options.contains { $0.name == name }
        }
        if command == nil, let owner {
            return UsageError("'\(name)' belongs behind its command: omnihub \(owner.synopsis)")
        }
        return UsageError(
            "unknown option '\(name)'\(place); "
                + Self.hint(Suggestion.nearest(to: name, among: known), help)
        )
    }

    private static func hint(_ suggestion: String?, _ help: String) -> String {
        suggestion.map { "did you mean '\($0)'?" } ?? "see '\(help)'"
    }
}
