import EventLoops
import Glibc

/// Opens many connections and leaves them alone.
struct IdleLoad: Load {
    var server: ServerKind
    /// As many as the descriptors that the system allows, when it is more than those.
    var connections = 10_000
    /// Channels that each connection subscribes to, the same ones for all.
    var subscriptions = 0
    /// Seconds in which the server has nothing to do but what it does by itself.
    var watched = 2
    var isEncrypted = false

    func startServer(_ programs: Programs, like other: Measurement?) throws -> ServerProcess {
        try programs.start(server, encrypted: isEncrypted)
    }

    /// The interval is this load's own; a short one makes it open fewer connections.
    func run(on server: ServerProcess, for interval: Interval) throws -> Measurement {
        // What a server makes once is there before the memory is looked at.
        let first = try BenchClient(server)
        if subscriptions > 0 {
            try first.send(text: FanoutLoad.pingRequest)
            try first.awaitMessage(containing: #""result""#)
        }
        let memoryBefore = try server.residentBytes()

        var held = IdleConnections(try Poller())
        let timeBefore = server.clock.nanoseconds
        let begin = MonotonicClock.nanoseconds
        let latency = try open(on: server, into: &held, interval)
        let wall = MonotonicClock.nanoseconds - begin
        var measurement = Measurement(
            opened: held.count,
            wall: wall,
            serverTime: server.clock.nanoseconds - timeBefore,
            latency: latency
        )

        try held.watch(for: 500_000_000)
        let grown = try server.residentBytes() - memoryBefore
        let idle = try watch(held, server, seconds: interval.isShort ? 1 : watched)
        measurement.figures = [
            Figure(kind: .connections, value: Double(held.count)),
            Figure(
                kind: .residentBytesPerConnection,
                value: Double(grown) / Double(held.count)
            ),
            Figure(kind: .idleMilliseconds, value: idle.perSecond),
            Figure(kind: .busiestTenthMilliseconds, value: idle.busiest),
        ]
        return measurement
    }

    private func open(
        on server: ServerProcess,
        into held: inout IdleConnections,
        _ interval: Interval
    ) throws -> LatencyHistogram {
        // Some descriptors are the bench's own, and the server needs about as many.
        let allowed = min(connections, DescriptorLimit.raise() - 50)
        let count = interval.isShort ? min(allowed, 500) : allowed
        let requests = (0..<subscriptions).map { number in
            #"{"jsonrpc":"2.0","id":1,"method":"hub.subscribe","params":{"channel":"#
                + #""app.idle\#(number)"}}"#
        }
        var connector = try Connector(server, concurrency: 64, requests: requests)
        var latency = LatencyHistogram()
        while held.count < count {
            try connector.turn(opening: count - held.count)
            for opened in connector.opened {
                latency.record(opened.duration)
                try held.add(opened.descriptor)
            }
        }
        return latency
    }

    /// Milliseconds that the server computes in a second, and in the busiest tenth of one.
    private func watch(
        _ held: borrowing IdleConnections,
        _ server: ServerProcess,
        seconds: Int
    ) throws -> (perSecond: Double, busiest: Double) {
        let before = server.clock.nanoseconds
        var last = before
        var busiest: UInt64 = 0
        for _ in 0..<seconds * 10 {
            try held.watch(for: 100_000_000)
            let now = server.clock.nanoseconds
            busiest = max(busiest, now - last)
            last = now
        }
        return (Double(last - before) / 1e6 / Double(seconds), Double(busiest) / 1e6)
    }
}

/// Connections that do nothing but answer Pings.
private struct IdleConnections: ~Copyable {
    private let poller: Poller
    private var descriptors: [CInt] = []

    init(_ poller: consuming Poller) {
        self.poller = poller
    }

    deinit {
        for descriptor in descriptors { StreamSocket.reset(descriptor) }
    }

    var count: Int { descriptors.count }

    mutating func add(_ descriptor: CInt) throws(SystemError) {
        descriptors.append(descriptor)
        try poller.add(descriptor, token: UInt64(descriptor), for: .readable)
    }

    /// Lets `nanoseconds` pass.
    ///
    /// - Throws: When anything else than a Ping comes.
    borrowing func watch(for nanoseconds: UInt64) throws(BenchError) {
        let end = MonotonicClock.nanoseconds + nanoseconds
        var now = MonotonicClock.nanoseconds
        while now < end {
            let ready = poller.wait(timeout: CInt((end - now) / 1_000_000))
            for index in 0..<ready {
                try answer(CInt(truncatingIfNeeded: poller.event(index).token))
            }
            now = MonotonicClock.nanoseconds
        }
    }

    private borrowing func answer(_ descriptor: CInt) throws(BenchError) {
        var bytes = [UInt8](repeating: 0, count: 64)
        let transfer = bytes.withUnsafeMutableBytes { StreamSocket.receive(descriptor, into: $0) }
        guard transfer == .bytes(2), bytes[0] == 0x89, bytes[1] == 0 else {
            throw BenchError("an idle connection was sent something else than a Ping")
        }
        // A Pong without payload, masked with zeros.
        let pong: [UInt8] = [0x8A, 0x80, 0, 0, 0, 0]
        let sent = pong.withUnsafeBytes { StreamSocket.send(descriptor, $0) }
        guard sent == .bytes(pong.count) else { throw .disconnected }
    }
}
