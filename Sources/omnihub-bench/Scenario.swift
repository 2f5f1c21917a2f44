/// A trial with the name under which its results are reported.
struct Scenario: Sendable {
    let name: String
    let trial: any Trial
    /// What runs in turn with it and is the measure of its cost.
    var reference: Reference?
    /// More runs than this show nothing new.
    var maximumRuns = Int.max
    /// What is asked of the results.
    var thresholds: [Threshold] = []

    /// The other side of a pair.
    struct Reference: Sendable {
        /// What the table calls it.
        let name: String
        let trial: any Trial
    }
}

/// What is measured in one go.
protocol Trial: Sendable {
    /// Prepares, warms up and measures.
    ///
    /// What the other side of the pair has shown is there so that a floor can do as much; it is
    /// `nil` for the side that is measured first.
    func measure(
        _ programs: Programs,
        like other: Measurement?,
        for interval: Interval
    ) throws -> Measurement
}

/// What is done to a server while its processor time is measured.
protocol Load: Trial {
    /// Starts the server that the load is for.
    func startServer(_ programs: Programs, like other: Measurement?) throws -> ServerProcess

    /// Connects, warms the server up, and measures.
    ///
    /// - Throws: When a connection is lost, or a message is lost, repeated or changed.
    func run(on server: ServerProcess, for interval: Interval) throws -> Measurement
}

extension Load {
    func measure(
        _ programs: Programs,
        like other: Measurement?,
        for interval: Interval
    ) throws -> Measurement {
        let server = try startServer(programs, like: other)
        let measurement = try run(on: server, for: interval)
        try server.stop()
        return measurement
    }
}

/// The programs that can be put under load.
enum ServerKind: Sendable {
    /// `omnihub-echo`: the transport alone.
    case echo
    /// `omnihubd`.
    case hub
    /// The bare epoll program that fits the load.
    case floor
}

/// Where the programs are that get started.
struct Programs: Sendable {
    /// With the servers.
    var directory: String
    /// This program, which is the floors, too.
    var bench: String
    /// What a server is started by, such as a profiler and its options.
    var prefix: [String] = []

    /// - Parameter directory: `nil` for the folder that this program was started from.
    init(directory: String? = nil) {
        let path = ProgramPath.current ?? CommandLine.arguments[0]
        bench = path
        let slash = path.lastIndex(of: "/") ?? path.endIndex
        self.directory = directory ?? String(path[..<slash])
    }

    var echo: String { "\(directory)/omnihub-echo" }
    var hub: String { "\(directory)/omnihubd" }

    func startEcho(encrypted: Bool = false) throws -> ServerProcess {
        let arguments = prefix + [echo, "--listen", "127.0.0.1:0"]
        guard encrypted else { return try ServerProcess(arguments) }
        let certificate = try TestCertificate()
        let server = try ServerProcess(
            arguments + [
                "--certificate", certificate.certificatePath, "--key", certificate.keyPath,
            ]
        )
        server.tls = try LoadTLS(trusting: certificate)
        return server
    }

    /// Starts a hub on one loop, with a state folder of its own.
    ///
    /// It has its limits, but those of rates are out of a load's reach.
    func startHub(encrypted: Bool = false) throws -> ServerProcess {
        try startHub(in: TemporaryDirectory(), encrypted: encrypted)
    }

    /// Starts it on the folder `state` in `folder`, which may have been written before.
    ///
    /// `settings` are members of its configuration.
    func startHub(
        in state: TemporaryDirectory,
        settings: String = "",
        encrypted: Bool = false
    ) throws -> ServerProcess {
        let configuration = "\(state.path)/configuration.json5"
        try TextFile(configuration).write(
            """
            { limits: { commandsPerSecond: 10000000, commandBurst: 10000000,
                userCommandsPerSecond: 100000000, userCommandBurst: 100000000,
                userPublicationsPerSecond: 0, userTasksPerSecond: 0,
                connectionsPerSecond: 0 }, \(settings) }

            """
        )
        let arguments =
            prefix + [
                hub, "--dev", "--listen", "127.0.0.1:0", "--loops", "1",
                "--state-dir", "\(state.path)/state", "--log-level", "error",
                "--config", configuration,
            ]
        guard encrypted else { return try ServerProcess(arguments, state: state) }
        let certificate = try TestCertificate()
        let files = [
            "--tls-certificate", certificate.certificatePath, "--tls-key", certificate.keyPath,
        ]
        let server = try ServerProcess(arguments + files, state: state)
        server.tls = try LoadTLS(trusting: certificate)
        return server
    }

    func startFloor(_ arguments: [String]) throws -> ServerProcess {
        try ServerProcess(prefix + [bench] + arguments)
    }
}
