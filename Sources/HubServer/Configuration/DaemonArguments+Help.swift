extension DaemonArguments {
    /// What `--help` prints, at most 80 columns wide.
    package static var help: String {
        var text = """
            omnihubd \(HubVersion.current) - a WebSocket hub with channels, tasks and agents

            Usage: omnihubd [OPTION]...
                   omnihubd COMMAND DIR...

            Commands, on the state folder DIR of a hub:

            """
        for command in StateCommand.Name.allCases {
            text += row("\(command.rawValue) \(command.synopsis)", command.summary, indent: 22)
        }
        for group in DaemonOption.Group.allCases {
            text += "\n\(group.rawValue):\n"
            for option in DaemonOption.all where option.group == group {
                let name = [option.name, option.placeholder].compactMap(\.self)
                text += row(name.joined(separator: " "), option.summary, indent: 22)
            }
        }
        text += "\nEnvironment, which wins over the file and loses to options:\n"
        for key in HubConfiguration.keys {
            guard let variable = key.variable else { continue }
            let list = key.kind == .list ? ", separated by commas" : ""
            text += row(variable, "sets '\(key.path)'\(list)", indent: 22)
        }
        text += """

            Examples:
              omnihubd --dev                           try it on this machine
              omnihubd --listen 127.0.0.1:0 --loops 2  a free port, two event loops
              omnihubd --listen [::1]:7420 --listen unix:/run/omnihub/hub.sock
              omnihubd --print-config > omnihub.json5  a configuration to begin with
              omnihubd --check-config --config omnihub.json5
              omnihubd verify ~/.local/state/omnihub

            Exit status:

            """
        for status in ExitStatus.allCases {
            text += row(String(status.rawValue), status.summary, indent: 6)
        }
        return text + "\nSIGTERM and SIGINT stop it gracefully.\n"
    }

    package static var version: String { "omnihubd \(HubVersion.current)\n" }

    /// `name` and its wrapped `summary` as two columns, the second from column `indent` on.
    private static func row(_ name: String, _ summary: String, indent: Int) -> String {
        let padding = String(repeating: " ", count: max(2, indent - 2 - name.count))
        let margin = "\n" + String(repeating: " ", count: indent)
        return "  \(name)\(padding)"
            + summary.wrapped(width: 80 - indent).joined(separator: margin) + "\n"
    }
}
