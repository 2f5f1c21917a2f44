import EventLoops

extension HubConfiguration {
    /// Takes over what a file sets whose JSON5 text is `bytes`.
    ///
    /// A value that is wrong does not keep the others from being judged.
    package mutating func apply(
        file: String,
        _ bytes: [UInt8]
    ) throws(ConfigurationError) {
        let document: ConfigurationValue
        do {
            document = try JSON5Reader.value(of: bytes)
        } catch {
            let problem = ConfigurationProblem(
                place: "\(file):\(error.line):\(error.column)",
                reason: error.reason
            )
            throw ConfigurationError([problem])
        }
        guard case .object(let members) = document else {
            let reason = "expected an object, not \(document.description.printable)"
            throw ConfigurationError([ConfigurationProblem(place: file, reason: reason)])
        }
        var problems: [ConfigurationProblem] = []
        apply(members, group: "", file: file, problems: &problems)
        if !problems.isEmpty { throw ConfigurationError(problems) }
    }

    /// Takes over what environment variables set; an empty one counts as not set.
    package mutating func apply(
        environment: [String: String]
    ) throws(ConfigurationError) {
        var problems: [ConfigurationProblem] = []
        for key in Self.keys {
            guard let variable = key.variable, let text = environment[variable], !text.isEmpty
            else { continue }
            apply(key.value(ofText: text), to: key, name: variable, problems: &problems)
        }
        if !problems.isEmpty { throw ConfigurationError(problems) }
    }

    /// Takes over what the command line sets.
    package mutating func apply(
        settings: [DaemonArguments.Setting]
    ) throws(ConfigurationError) {
        var problems: [ConfigurationProblem] = []
        for setting in settings {
            guard let key = Self.key(setting.key) else {
                preconditionFailure("\(setting.option) sets \(setting.key), which is no key")
            }
            apply(setting.value(for: key), to: key, name: setting.option, problems: &problems)
        }
        if !problems.isEmpty { throw ConfigurationError(problems, status: .usage) }
    }

    /// Judges what no key can judge for itself.
    package func validate() throws(ConfigurationError) {
        var problems: [ConfigurationProblem] = []
        if dev, let address = listen.first(where: { !$0.isLoopback }) {
            problems.append(
                ConfigurationProblem(
                    name: "dev",
                    reason: "makes everybody an administrator and so refuses to listen on "
                        + "\(address), which other machines can reach; use a loopback address or a "
                        + "Unix socket"
                )
            )
        }
        problems += tlsProblems + authProblems
        for (smaller, larger) in Self.orderedKeys {
            guard let small = Self.key(smaller)?.value(in: self),
                let large = Self.key(larger)?.value(in: self),
                case .integer(let number) = small, case .integer(let bound) = large,
                number > bound
            else { continue }
            problems.append(
                ConfigurationProblem(
                    name: smaller,
                    reason: "\(number) is above \(larger), \(bound)"
                )
            )
        }
        if !problems.isEmpty { throw ConfigurationError(problems) }
    }

    /// Pairs of which the first must not be above the second.
    ///
    /// An answer, and a page of state in it, must fit into what may wait for a client, or the
    /// client would be closed as too slow for having asked.
    static let orderedKeys = [
        ("channels.answerBytes", "limits.maxOutboundBytes"),
        ("runtime.statePageBytes", "limits.maxOutboundBytes"),
        ("channels.journaledPublicationBytes", "channels.journaledBytes"),
        ("runtime.defaultMaxAttempts", "runtime.maxMaxAttempts"),
        ("journal.reservationBytes", "journal.segmentBytes"),
        ("workers.heartbeatMs", "workers.leaseMs"),
        ("agents.restartMs", "agents.maxRestartMs"),
    ]

    /// A file with more of them is the wrong file.
    static let maximumProblems = 20

    private mutating func apply(
        _ members: [ConfigurationValue.Member],
        group: String,
        file: String,
        problems: inout [ConfigurationProblem]
    ) {
        for member in members where problems.count < Self.maximumProblems {
            let path = group + member.name
            let place = "\(file):\(member.line)"
            if let key = Self.key(path) {
                apply(member.value, to: key, place: place, name: path, problems: &problems)
            } else if !Self.keys.contains(where: { $0.path.hasPrefix(path + ".") }) {
                let reason = "there is no such key" + Self.hint(for: path)
                problems.append(ConfigurationProblem(place: place, name: path, reason: reason))
            } else if case .object(let members) = member.value {
                apply(members, group: path + ".", file: file, problems: &problems)
            } else {
                let reason = "expected an object, not \(member.value.description.printable)"
                problems.append(ConfigurationProblem(place: place, name: path, reason: reason))
            }
        }
    }

    private mutating func apply(
        _ value: ConfigurationValue,
        to key: ConfigurationKey,
        place: String? = nil,
        name: String,
        problems: inout [ConfigurationProblem]
    ) {
        do {
            try key.store(value, &self)
        } catch {
            problems.append(ConfigurationProblem(place: place, name: name, reason: error.reason))
        }
    }

    /// Names the key or group that was probably meant, also when it stands in another group.
    private static func hint(for path: String) -> String {
        let last = path.split(separator: ".").last.map(String.init) ?? path
        let sameName = keys.first { $0.path.hasSuffix("." + last) }?.path
        let groups = Set(keys.compactMap { $0.path.split(separator: ".").dropLast().first })
        let names = keys.map(\.path) + groups.map(String.init).sorted()
        guard let meant = sameName ?? Suggestion.closest(to: path, among: names) else { return "" }
        return "; did you mean '\(meant)'?"
    }
}
