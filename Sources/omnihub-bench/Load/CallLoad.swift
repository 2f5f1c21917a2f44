/// Calls a method of the hub on many connections, and calls it again whenever it was answered.
struct CallLoad: PairedLoad {
    enum Method: Sendable {
        /// `session.ping`, the least that can be called.
        case ping
        /// `hub.publish`, on a channel that nobody has subscribed to.
        case publish
    }

    var server = ServerKind.hub
    var connections = 100
    var method: Method
    /// Calls on their way in each connection.
    var inFlight = 1
    /// Patterns that others have subscribed to and that fit nothing that is published.
    var patterns = 0

    func startServer(_ programs: Programs, like other: Measurement?) throws -> ServerProcess {
        guard server == .floor else { return try programs.startHub() }
        guard let lengths = other?.payloadLengths else {
            throw BenchError("nothing tells what the floor is to answer")
        }
        return try programs.startFloor(["floor-call", "--answer-bytes", "\(lengths.answer)"])
    }

    func run(on server: ServerProcess, for interval: Interval) throws -> Measurement {
        let watchers = try subscribe(on: server)
        defer { withExtendedLifetime(watchers) {} }
        let clients = try (0..<connections).map { _ in
            let client = try BenchClient(server)
            // After an answer nothing comes unasked any more.
            try client.send(text: FanoutLoad.pingRequest)
            try client.awaitMessage(containing: #""result""#)
            return client
        }
        var driver = try RoundTripDriver(
            clients,
            message: Array(request.utf8),
            inFlight: inFlight,
            answer: .beginning(Self.answerStart)
        )
        return try driver.run(RunClock(interval, server))
    }

    /// Subscribes to all patterns, as many on each connection as a session may have by default.
    private func subscribe(on server: ServerProcess) throws -> [BenchClient] {
        try stride(from: 0, to: patterns, by: 1_000).map { first in
            let client = try BenchClient(server)
            for number in first..<min(first + 1_000, patterns) {
                try client.send(
                    text: #"{"jsonrpc":"2.0","id":1,"method":"hub.subscribe","params":"#
                        + #"{"channel":"app.*.number\#(number)"}}"#
                )
                try client.awaitMessage(containing: #""result""#)
            }
            return client
        }
    }

    static let answerStart = Array(#"{"jsonrpc":"2.0","id":10000000,"result":"#.utf8)

    private var request: String {
        switch method {
        case .ping:
            #"{"jsonrpc":"2.0","id":10000000,"method":"session.ping","params":{}}"#
        case .publish:
            #"{"jsonrpc":"2.0","id":10000000,"method":"hub.publish","params":"#
                + #"{"channel":"app.nobody","data":{"price":1234.5,"symbol":"ABCD"}}}"#
        }
    }
}
