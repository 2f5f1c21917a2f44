/// What the daemon's command line asks for.
package struct DaemonArguments: Equatable, Sendable {
    package enum Action: Equatable, Sendable {
        case serve
        case printConfiguration
        case checkConfiguration
        case showVersion
        case showHelp
    }

    /// A key that an option sets.
    package struct Setting: Equatable, Sendable {
        package var option: String
        package var key: String
        /// As they were written, in their order; one unless the key is a list.
        package var texts: [String]

        func value(for key: ConfigurationKey) -> ConfigurationValue {
            guard key.kind == .list else {
                return texts.last.map(key.value(ofText:)) ?? .null
            }
            return .array(
                texts.flatMap { text -> [ConfigurationValue] in
                    if case .array(let values) = key.value(ofText: text) { values } else { [] }
                }
            )
        }
    }

    package var action = Action.serve
    package var configurationFile: String?
    package var settings: [Setting] = []

    /// Reads the arguments that follow the program's name.
    ///
    /// `--option value` and `--option=value` are the same. `--help` and `--version` win over what
    /// stands behind them.
    package init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let (option, attached) = try Self.option(argument)
            var value = attached
            if let placeholder = option.placeholder {
                if value == nil, let next = rest.first, !next.hasPrefix("--") {
                    value = rest.removeFirst()
                }
                guard value?.isEmpty == false else {
                    throw UsageError("option '\(option.name)' needs a value: \(placeholder)")
                }
            } else if attached != nil {
                throw UsageError("option '\(option.name)' takes no value")
            }
            try apply(option, value ?? "true")
            if action == .showHelp || action == .showVersion { return }
        }
    }

    private mutating func apply(_ option: DaemonOption, _ value: String) throws(UsageError) {
        switch option.effect {
        case .asksFor(let action):
            guard
                self.action == .serve || self.action == action
                    || action == .showHelp || action == .showVersion
            else { throw UsageError("'--print-config' and '--check-config' exclude each other") }
            self.action = action
        case .namesFile:
            guard configurationFile == nil else { throw .repeated(option) }
            configurationFile = value
        case .sets(let key):
            if let index = settings.firstIndex(where: { $0.key == key }) {
                guard HubConfiguration.key(key)?.kind == .list else { throw .repeated(option) }
                settings[index].texts.append(value)
            } else {
                settings.append(Setting(option: option.name, key: key, texts: [value]))
            }
        }
    }

    /// The option that `argument` names, and the value behind its `=`.
    private static func option(
        _ argument: String
    ) throws(UsageError) -> (DaemonOption, value: String?) {
        guard argument.hasPrefix("-"), argument != "-" else {
            throw UsageError("unexpected argument '\(argument)'; options begin with '--'")
        }
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first == "-h" ? "--help" : String(parts.first ?? "")
        if let option = DaemonOption.all.first(where: { $0.name == name }) {
            return (option, parts.count > 1 ? String(parts[1]) : nil)
        }
        let names = DaemonOption.all.map(\.name)
        let meant = Suggestion.closest(to: name, among: names)
        throw UsageError(
            "unknown option '\(name)'" + (meant.map { "; did you mean '\($0)'?" } ?? "")
        )
    }
}

/// Why a command line is not understood.
package struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
    package let reason: String

    init(_ reason: String) {
        self.reason = reason.printable
    }

    static func repeated(_ option: DaemonOption) -> UsageError {
        UsageError("option '\(option.name)' is given twice")
    }

    /// One line, with where to read on.
    package var description: String {
        "\(reason)\(reason.hasSuffix("?") ? "" : ".") See 'omnihubd --help'."
    }
}
