/// A load with the name under which its results are reported.
struct Scenario: Sendable {
    let name: String
    let load: any Load

    /// All scenarios, in the order in which they are measured.
    static let all = [
        Scenario(name: "echo-20B", load: EchoLoad(payloadLength: 20)),
        Scenario(name: "echo-20B-x16", load: EchoLoad(payloadLength: 20, inFlight: 16)),
        Scenario(name: "echo-1KiB", load: EchoLoad(payloadLength: 1_024)),
        Scenario(name: "fanout-1", load: FanoutLoad(outstanding: 1)),
        Scenario(name: "fanout-8", load: FanoutLoad(outstanding: 8)),
        Scenario(name: "fanout-64-burst", load: FanoutLoad(outstanding: 64, pace: .bursts)),
    ]
}

/// What is done to a server while its processor time is measured.
protocol Load: Sendable {
    /// Starts the server under test.
    func startServer(_ programs: Programs) throws -> ServerProcess

    /// Starts the floor that a server measured so is compared with.
    func startFloor(_ programs: Programs, like server: Measurement) throws -> ServerProcess

    /// Connects, warms the server up, and measures.
    ///
    /// - Throws: When a connection is lost, or a message is lost, repeated or changed.
    func run(on server: ServerProcess, for interval: Interval) throws -> Measurement
}

/// Where the programs are that get started.
struct Programs: Sendable {
    /// With the servers.
    let directory: String

    /// The folder that this program was started from.
    static var besideThis: Programs {
        let path = thisProgram
        return Programs(directory: String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
    }

    var echo: String { "\(directory)/omnihub-echo" }
    var hub: String { "\(directory)/omnihubd" }
    /// Which is the floors, too.
    var bench: String { Self.thisProgram }

    private static var thisProgram: String {
        ProgramPath.current ?? CommandLine.arguments[0]
    }
}
