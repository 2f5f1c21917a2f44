/// How long to wait before the next attempt to connect: exponential, with jitter so that the
/// clients of a hub that was restarted do not come back all at once.
struct Backoff: Equatable, Sendable {
    static let first = Duration.milliseconds(250)
    static let longest = Duration.seconds(15)

    private var attempts = 0
    /// What the hub asked for, which wins over the first delay.
    private var asked: Duration?

    /// Heeds `reconnectAfterMs` of `session.draining`.
    mutating func ask(for delay: Duration) {
        asked = min(delay, .seconds(60))
    }

    /// The delay before the next attempt: between half of its step and the whole of it.
    mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
        defer { attempts += 1 }
        if let delay = asked {
            asked = nil
            return delay
        }
        let step = min(Self.longest, Self.first * (1 << min(attempts, 16)))
        return step / 2 + (step / 2) * Double.random(in: 0..<1, using: &random)
    }

    /// All is well: the next failure starts from the first delay.
    mutating func reset() {
        self = Backoff()
    }
}
