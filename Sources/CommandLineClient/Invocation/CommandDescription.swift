/// One command as the parser and the help see it.
struct CommandDescription: Equatable, Sendable {
    var name: String
    var synopsis: String
    var summary: String
    var options: [OptionDescription]
    /// What the summary has no room for, a paragraph each.
    var notes: [String] = []
    /// How many operands it takes.
    var operands: ClosedRange<Int>
}

/// One option of a command.
struct OptionDescription: Equatable, Sendable {
    /// With its dashes.
    var name: String
    /// What stands for the value in the help; `nil` for an option without one.
    var value: String?
    var summary: String
}

extension OptionDescription {
    static let help = OptionDescription(name: "--help", summary: "print this help and exit")
    static let version = OptionDescription(name: "--version", summary: "print the version and exit")

    /// The options every command takes.
    static let common: [OptionDescription] = [
        OptionDescription(
            name: "--url",
            value: "URL",
            summary: "the hub: ws://HOST:PORT/ws, wss://…, http://…, https://… or unix:PATH "
                + "(default $OMNIHUB_URL, else ws://127.0.0.1:7420/ws)"
        ),
        OptionDescription(
            name: "--token-file",
            value: "FILE",
            summary: "authenticate with the API key or access token in FILE, in place of the login"
        ),
        OptionDescription(
            name: "--ca",
            value: "FILE",
            summary: "with wss://, trust the authorities whose certificates are in FILE, in PEM, "
                + "in place of those of this machine"
        ),
        OptionDescription(name: "--json", summary: "print JSON, one line for each value"),
        help,
        version,
    ]
}

extension CommandDescription {
    static let call = CommandDescription(
        name: "call",
        synopsis: "call METHOD [PARAMS]",
        summary: "call a method and print its result",
        options: [],
        notes: ["PARAMS is a JSON object, or '-' to read one from standard input."],
        operands: 1...2
    )

    static let watch = CommandDescription(
        name: "watch",
        synopsis: "watch CHANNEL...",
        summary: "print what is published on channels or patterns, live",
        options: [
            OptionDescription(
                name: "--since",
                value: "POSITION",
                summary: "begin behind a position: EPOCH:OFFSET, or OFFSET in the current epoch"
            ),
            OptionDescription(
                name: "--last",
                value: "N",
                summary: "begin with the newest N publications of the past"
            ),
            OptionDescription(name: "--state", summary: "begin with the channel's current objects"),
            OptionDescription(
                name: "--filter",
                value: "JSON",
                summary: "only events that pass, such as "
                    + #"'{"types":["task.failed"],"severity":"HIGH"}'"#
            ),
            OptionDescription(
                name: "--latest",
                summary: "when it cannot keep up, only the newest of each task, agent or key"
            ),
        ],
        notes: [
            "A pattern such as 'app.*.orders' or 'agents.*' stands for all channels it matches: "
                + "'*' for one token, '>' at its end for the rest.",
            "A lost connection is made again and what was missed is recovered; what cannot be "
                + "is announced on standard error and, with --json, also as a line "
                + #"{"channel":…,"gap":{"after":{"epoch":…,"offset":…},"now":{…}}}."#,
            "Ctrl-C ends it with exit status 0.",
        ],
        operands: 1...64
    )

    static let task = CommandDescription(
        name: "task",
        synopsis: "task TYPE [PAYLOAD]",
        summary: "create a task and print its id",
        options: [
            OptionDescription(
                name: "--wait",
                summary: "show its progress, print its result, and fail unless it completes"
            ),
            OptionDescription(
                name: "--priority",
                value: "P",
                summary: "low, medium (the default), high or critical"
            ),
            OptionDescription(
                name: "--timeout-ms",
                value: "N",
                summary: "how long one attempt may take"
            ),
        ],
        notes: [
            "PAYLOAD is a JSON object, or '-' to read one from standard input. A task is created "
                + "once, also when the connection is lost meanwhile and the request sent again."
        ],
        operands: 1...2
    )

    static let agents = CommandDescription(
        name: "agents",
        synopsis: "agents [ID]",
        summary: "list the agents, or show one with its task types",
        options: [],
        operands: 0...1
    )

    static let tasks = CommandDescription(
        name: "tasks",
        synopsis: "tasks [ID]",
        summary: "list tasks, newest first, or show one",
        options: [
            OptionDescription(
                name: "--status",
                value: "S",
                summary: "only pending, running, completed, failed, …"
            ),
            OptionDescription(name: "--agent", value: "ID", summary: "only those of an agent"),
            OptionDescription(name: "--type", value: "T", summary: "only those of a type"),
            OptionDescription(name: "--limit", value: "N", summary: "at most N (default 20)"),
        ],
        operands: 0...1
    )

    static let login = CommandDescription(
        name: "login",
        synopsis: "login EMAIL",
        summary: "sign in to a hub; later commands act for this user",
        options: [
            OptionDescription(
                name: "--password-file",
                value: "FILE",
                summary: "read the password from FILE, which nobody else may read"
            )
        ],
        notes: [
            "Without --password-file the password is asked for at the terminal, or is the first "
                + "line of standard input.",
            "Tokens are kept in omnihub/credentials.json in $XDG_CONFIG_HOME, else in ~/.config, "
                + "one login for each hub, and renewed when they expire.",
        ],
        operands: 1...1
    )

    static let logout = CommandDescription(
        name: "logout",
        synopsis: "logout",
        summary: "end the login session of 'omnihub login'",
        options: [],
        operands: 0...0
    )

    static let all = [call, watch, task, agents, tasks, login, logout]
}
