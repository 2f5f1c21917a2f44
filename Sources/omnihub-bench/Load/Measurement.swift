/// What one run on one server showed.
struct Measurement {
    /// Messages that arrived at clients.
    let messages: Int
    /// Nanoseconds in which they did.
    let wall: UInt64
    /// Nanoseconds that the server computed.
    let serverTime: UInt64
    let latency: LatencyHistogram
    /// In a fan-out, of what the clients were sent.
    let payloadLengths: PayloadLengths?

    /// - Throws: When nothing was measured.
    init(
        messages: Int,
        clock: RunClock,
        latency: LatencyHistogram,
        payloadLengths: PayloadLengths? = nil
    ) throws(BenchError) {
        guard messages > 0, clock.wall > 0 else {
            throw BenchError("no message arrived while measuring")
        }
        self.messages = messages
        self.wall = clock.wall
        self.serverTime = clock.serverTime
        self.latency = latency
        self.payloadLengths = payloadLengths
    }

    var messagesPerSecond: Double { Double(messages) * 1e9 / Double(wall) }

    /// Microseconds of user and system time of the server per message.
    var serverMicroseconds: Double { Double(serverTime) / 1e3 / Double(messages) }

    /// The part of the time in which the server computed; 1 when it, not the load, is the limit.
    var utilisation: Double { Double(serverTime) / Double(wall) }
}

/// What a fan-out server sends, so that its floor can send as much.
struct PayloadLengths: Equatable, Sendable {
    /// To each subscriber.
    var publication: Int
    /// To the publisher.
    var answer: Int
}
