import EventLoops

/// Sends messages on many connections and sends each one again when it has come back.
struct EchoLoad: PairedLoad {
    var server = ServerKind.echo
    var connections = 100
    var payloadLength: Int
    /// Messages on their way in each connection; they are sent together as they come back.
    var inFlight = 1
    var isEncrypted = false

    func startServer(_ programs: Programs, like other: Measurement?) throws -> ServerProcess {
        server == .floor
            ? try programs.startFloor(["floor-echo"])
            : try programs.startEcho(encrypted: isEncrypted)
    }

    func run(on server: ServerProcess, for interval: Interval) throws -> Measurement {
        let clients = try (0..<connections).map { _ in try BenchClient(server) }
        let payload = (0..<payloadLength).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        var driver = try RoundTripDriver(
            clients,
            tls: server.tls,
            message: payload,
            inFlight: inFlight,
            answer: .equal(payload)
        )
        return try driver.run(RunClock(interval, server))
    }
}
