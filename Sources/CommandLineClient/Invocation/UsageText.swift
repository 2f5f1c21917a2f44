/// The help, made of the same table as the parser.
enum UsageText {
    static let program = """
        Usage: omnihub COMMAND [OPTION...]

        Talks to an OmniHub daemon.

        Commands:
        \(table(CommandDescription.all.map { ($0.synopsis, $0.summary) }))

        Options of every command:
        \(options(OptionDescription.common))

        \(paragraph(
            "'omnihub COMMAND --help' tells more. The exit status is 0 on success, 1 when the hub "
                + "refuses the request or the task does not complete, 64 for a wrong command line, "
                + "69 when no hub answers, and 75 when the same may succeed later."
        ))

        """

    static func command(_ command: CommandDescription) -> String {
        var text = "Usage: omnihub \(command.synopsis) [OPTION...]\n\n"
        text += command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".\n"
        for note in command.notes { text += paragraph(note) + "\n" }
        text += "\nOptions:\n" + options(command.options + OptionDescription.common) + "\n"
        return text
    }

    private static func options(_ options: [OptionDescription]) -> String {
        table(
            options.map { option in
                (option.name + (option.value.map { " \($0)" } ?? ""), option.summary)
            }
        )
    }

    /// Two columns; a summary that does not fit into 80 columns goes on below itself.
    private static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, summary in
            let lines = wrapped(summary, to: 76 - width)
            let rest = lines.dropFirst().map { String(repeating: " ", count: width + 4) + $0 }
            let padding = String(repeating: " ", count: width - name.count)
            return (["  \(name)\(padding)  \(lines.first ?? "")"] + rest).joined(separator: "\n")
        }
        .joined(separator: "\n")
    }

    private static func paragraph(_ text: String) -> String {
        wrapped(text, to: 80).joined(separator: "\n")
    }

    private static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
