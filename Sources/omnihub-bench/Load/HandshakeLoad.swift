import EventLoops

/// Opens connections, shakes hands and leaves, as fast as the server does it.
struct HandshakeLoad: PairedLoad {
    var server: ServerKind
    /// Connections that are being opened at a time.
    var concurrency = 64
    var isEncrypted = false

    func startServer(_ programs: Programs, like other: Measurement?) throws -> ServerProcess {
        try programs.start(server, encrypted: isEncrypted)
    }

    func run(on server: ServerProcess, for interval: Interval) throws -> Measurement {
        var connector = try Connector(server, concurrency: concurrency)
        var clock = RunClock(interval, server)
        var latency = LatencyHistogram()
        while true {
            try connector.turn(opening: .max)
            for opened in connector.opened {
                latency.record(opened.duration)
                // An orderly end would occupy the client's port for a minute.
                StreamSocket.reset(opened.descriptor)
            }
            switch clock.advance(to: MonotonicClock.nanoseconds) {
            case .warmingUp, .measuring: break
            case .begins: latency.removeAll()
            case .over:
                return try Measurement(messages: Int(latency.count), clock: clock, latency: latency)
            }
        }
    }
}

extension Programs {
    /// Starts a server for loads that ask for nothing but a handshake.
    func start(_ kind: ServerKind, encrypted: Bool) throws -> ServerProcess {
        switch kind {
        case .echo: try startEcho(encrypted: encrypted)
        case .hub: try startHub(encrypted: encrypted)
        case .floor: try startFloor(["floor-echo"])
        }
    }
}
