import EventLoops

/// What the daemon has to do, worked out from its arguments, environment and configuration file.
package enum DaemonCommand: Equatable, Sendable {
    case serve(HubConfiguration)
    /// Something else than a hub is to be done with a state folder.
    case maintain(StateCommand)
    case print(String)
    /// Lines for standard error, without the program's name.
    case fail([String], ExitStatus)

    /// A configuration has some thousand bytes; more is the wrong file.
    private static let maximumFileBytes = 1 << 20

    /// What `arguments`, without the program's name, and the environment ask for.
    package init(arguments: [String], environment: [String: String]) {
        self.init(arguments: arguments, environment: environment, readFile: SmallFile.read)
    }

    /// `readFile` reads a file of at most so many bytes.
    init(
        arguments: [String],
        environment: [String: String],
        readFile: (String, Int) throws(SystemError) -> [UInt8]
    ) {
        do {
            if let command = try StateCommand(arguments) {
                self = .maintain(command)
                return
            }
            self = try Self.prepare(DaemonArguments(arguments), environment, readFile)
        } catch let error as UsageError {
            self = .fail([error.description], .usage)
        } catch let error as ConfigurationError {
            self = .fail(error.problems.map(\.description), error.status)
        } catch {
            self = .fail(["\(error)".printable], .software)
        }
    }

    private static func prepare(
        _ arguments: DaemonArguments,
        _ environment: [String: String],
        _ readFile: (String, Int) throws(SystemError) -> [UInt8]
    ) throws -> DaemonCommand {
        switch arguments.action {
        case .showHelp: return .print(DaemonArguments.help)
        case .showVersion: return .print(DaemonArguments.version)
        case .serve, .printConfiguration, .checkConfiguration: break
        }
        var configuration = HubConfiguration()
        let file = arguments.configurationFile ?? environment["OMNIHUB_CONFIG"]
        if let file, !file.isEmpty {
            try configuration.apply(file: file, contents(of: file, readFile))
        }
        try configuration.apply(environment: environment)
        try configuration.apply(settings: arguments.settings)
        try configuration.validate()
        if arguments.action == .printConfiguration { return .print(configuration.document) }
        try configuration.resolveStateDirectory(environment: environment)
        configuration.resolveCredentials(environment: environment)
        if arguments.action == .checkConfiguration {
            let warnings = try tlsWarnings(configuration).map { "warning: \($0)\n" }
            return .print("\(file ?? "the configuration") is valid\n" + warnings.joined())
        }
        return .serve(configuration)
    }

    private static func tlsWarnings(
        _ configuration: HubConfiguration
    ) throws(ConfigurationError) -> [String] {
        guard let files = configuration.tlsFiles else { return [] }
        do {
            let context = try files.load()
            let now = Int(WallClock.milliseconds / 1_000)
            return files.warnings(about: context, now: now).map(\.printable)
        } catch {
            throw ConfigurationError(error)
        }
    }

    private static func contents(
        of file: String,
        _ readFile: (String, Int) throws(SystemError) -> [UInt8]
    ) throws(ConfigurationError) -> [UInt8] {
        do {
            return try readFile(file, maximumFileBytes)
        } catch {
            let problem = ConfigurationProblem(
                place: file,
                reason: "cannot be read: \(error.reason)"
            )
            throw ConfigurationError([problem])
        }
    }
}
