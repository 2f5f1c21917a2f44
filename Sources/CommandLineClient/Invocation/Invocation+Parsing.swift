import JSONRPC

extension Invocation {
    /// Reads a command line.
    ///
    /// - Parameters:
    ///   - words: The words behind the program's name.
    ///   - standardURL: What `$OMNIHUB_URL` says.
    /// - Throws: The first word that is wrong.
    init(_ words: [String], standardURL: String? = nil) throws(UsageError) {
        let arguments = try ParsedArguments(words)
        let options = arguments.options
        if options["--version"] != nil {
            self.init(command: .version)
            return
        }
        if options["--help"] != nil || words.isEmpty {
            self.init(command: .help(arguments.command))
            return
        }
        guard let description = arguments.command else {
            throw UsageError("a command is missing; see 'omnihub --help'")
        }
        guard description.operands.contains(arguments.operands.count) else {
            let problem =
                arguments.operands.count < description.operands.lowerBound
                ? "too few arguments" : "too many arguments"
            throw UsageError("\(problem); usage: omnihub \(description.synopsis)")
        }
        self.init(command: try Command(description, arguments))
        if let url = options["--url"] {
            address = try HubAddress(url)
        } else if let standardURL, !standardURL.isEmpty {
            do {
                address = try HubAddress(standardURL)
            } catch {
                throw UsageError("$OMNIHUB_URL: \(error.message)")
            }
        }
        tokenFile = options["--token-file"]
        authorities = options["--ca"]
        guard authorities == nil || address.usesTLS else {
            throw UsageError("--ca is of use with a wss:// URL only")
        }
        printsJSON = options["--json"] != nil
        guard tokenFile == nil || !command.isAboutLogin else {
            throw UsageError(
                "--token-file is another way to authenticate than '\(description.name)'"
            )
        }
    }
}

extension Invocation.Command {
    fileprivate init(
        _ description: CommandDescription,
        _ arguments: ParsedArguments
    ) throws(UsageError) {
        let operands = arguments.operands
        let first = operands.first ?? ""
        let second = operands.dropFirst().first
        switch description.name {
        case CommandDescription.call.name:
            self = .call(method: first, params: try JSONSource(second, called: "PARAMS"))
        case CommandDescription.watch.name:
            self = .watch(try WatchRequest(arguments))
        case CommandDescription.task.name:
            self = .task(try TaskRequest(first, second, arguments.options))
        case CommandDescription.login.name:
            self = .login(email: first, passwordFile: arguments.options["--password-file"])
        case CommandDescription.logout.name:
            self = .logout
        case CommandDescription.agents.name:
            self = operands.isEmpty ? .agents : .agent(id: first)
        default:
            guard !operands.isEmpty else {
                self = .tasks(try TaskFilter(arguments.options))
                return
            }
            for option in description.options where arguments.options[option.name] != nil {
                throw UsageError("\(option.name) lists tasks and takes no task's ID")
            }
            self = .showTask(id: first)
        }
    }
}

extension Invocation.Command {
    fileprivate var isAboutLogin: Bool {
        switch self {
        case .login, .logout: true
        default: false
        }
    }
}

extension WatchRequest {
    fileprivate init(_ arguments: ParsedArguments) throws(UsageError) {
        let options = arguments.options
        let begins = ["--since", "--last", "--state"].filter { options[$0] != nil }
        guard begins.count <= 1 else {
            throw UsageError("\(begins.joined(separator: " and ")) exclude each other")
        }
        guard Set(arguments.operands).count == arguments.operands.count else {
            throw UsageError("a channel is named twice")
        }
        self.init(channels: arguments.operands)
        if let text = options["--since"] {
            guard channels.count == 1 else {
                throw UsageError("--since needs exactly one channel; use --last for several")
            }
            start = try Start(since: text)
        } else if let text = options["--last"] {
            start = .last(try integer(text, of: "--last", in: 1...100_000))
        } else if options["--state"] != nil {
            start = .state
        }
        if let text = options["--filter"] {
            filter = try JSONSource.object(Array(text.utf8), called: "--filter")
        }
        keepsLatest = options["--latest"] != nil
    }
}

extension WatchRequest.Start {
    fileprivate init(since text: String) throws(UsageError) {
        let problem = UsageError("--since '\(text)' is neither EPOCH:OFFSET nor OFFSET")
        let colon = text.lastIndex(of: ":")
        let digits = colon.map { text[text.index(after: $0)...] } ?? text[...]
        guard let offset = Int(decimalDigits: digits) else { throw problem }
        guard let colon else {
            self = .offset(offset)
            return
        }
        guard colon != text.startIndex else { throw problem }
        self = .since(ChannelPosition(epoch: String(text[..<colon]), offset: offset))
    }
}

extension JSONSource {
    /// Reads an operand: a JSON object, `-`, or an empty object when there is none.
    fileprivate init(_ text: String?, called name: String) throws(UsageError) {
        switch text {
        case nil: self = .value(.object([:]))
        case "-": self = .standardInput
        case let text?: self = .value(try Self.object(Array(text.utf8), called: name))
        }
    }

    /// Reads bytes that must be a JSON object.
    static func object(_ bytes: [UInt8], called name: String) throws(UsageError) -> JSONValue {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw UsageError("\(name) is not JSON: \(error)", status: .badData)
        }
        guard value.objectValue != nil else {
            throw UsageError("\(name) must be a JSON object, such as {}", status: .badData)
        }
        return value
    }
}

extension TaskRequest {
    fileprivate init(
        _ type: String,
        _ payload: String?,
        _ options: [String: String]
    ) throws(UsageError) {
        self.init(type: type, payload: try JSONSource(payload, called: "PAYLOAD"))
        let priorities = ["low", "medium", "high", "critical"]
        if let text = options["--priority"] {
            guard priorities.contains(text) else {
                let names = priorities.joined(separator: ", ")
                throw UsageError("--priority '\(text)' is none of \(names)")
            }
            priority = text
        }
        if let text = options["--timeout-ms"] {
            timeoutMilliseconds = try integer(text, of: "--timeout-ms", in: 1...86_400_000)
        }
        waits = options["--wait"] != nil
    }
}

extension TaskFilter {
    fileprivate init(_ options: [String: String]) throws(UsageError) {
        self.init(
            status: options["--status"],
            agentID: options["--agent"],
            type: options["--type"],
            limit: try options["--limit"].map { text throws(UsageError) in
                try integer(text, of: "--limit", in: 1...1000)
            } ?? 20
        )
    }
}

private func integer(
    _ text: String,
    of option: String,
    in range: ClosedRange<Int>
) throws(UsageError) -> Int {
    guard let number = Int(decimalDigits: text[...]), range.contains(number) else {
        throw UsageError(
            "\(option) '\(text)' is no integer from \(range.lowerBound) to \(range.upperBound)"
        )
    }
    return number
}

extension Int {
    /// Reads decimal digits and nothing else.
    fileprivate init?(decimalDigits text: Substring) {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        self.init(text)
    }
}
