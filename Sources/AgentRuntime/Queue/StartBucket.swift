/// Holds a ``StartRate``: within any time, at most `burst` and what has come in meanwhile is taken
/// out of it (the token bucket of RFC 2697, section 3).
///
/// Counted in whole units, so that nothing is lost or won by rounding: a token is as many units as
/// its period has nanoseconds, and each nanosecond brings `count` units.
struct StartBucket: Sendable {
    let rate: StartRate
    private var level: Int64
    /// Monotonic.
    private var filledAt: Duration

    private var token: Int64 { rate.period.nanoseconds }
    private var capacity: Int64 { token * Int64(rate.burst) }

    /// A bucket with all that `burst` allows.
    init(_ rate: StartRate, at now: Duration) {
        self.rate = rate
        filledAt = now
        level = 0
        level = capacity
    }

    /// A bucket that was empty `elapsed` ago.
    init(_ rate: StartRate, emptyBefore elapsed: Duration, at now: Duration) {
        self.rate = rate
        level = 0
        filledAt = now - max(.zero, elapsed)
        fill(at: now)
    }

    /// The bucket of another rate that has as many tokens, as far as these fit.
    func changed(to rate: StartRate, at now: Duration) -> StartBucket {
        var old = self
        old.fill(at: now)
        var new = StartBucket(rate, at: now)
        new.level = min(new.capacity, old.level / token * new.token)
        return new
    }

    /// Whether a token is there.
    mutating func hasToken(at now: Duration) -> Bool {
        fill(at: now)
        return level >= token
    }

    /// Takes a token that is there.
    mutating func take() {
        level -= token
    }

    /// How long it takes from the last look until a token is there.
    var wait: Duration {
        guard level < token else { return .zero }
        let count = Int64(rate.count)
        return .nanoseconds((token - level + count - 1) / count)
    }

    private mutating func fill(at now: Duration) {
        guard now > filledAt else { return }
        let count = Int64(rate.count)
        let missing = capacity - level
        let (seconds, attoseconds) = (now - filledAt).components
        filledAt = now
        let untilFull = missing / count + 1
        // Compared before it is converted: a long time would overflow in nanoseconds.
        if seconds >= untilFull / 1_000_000_000 + 1 {
            level = capacity
        } else {
            let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
            level = nanoseconds >= untilFull ? capacity : min(capacity, level + nanoseconds * count)
        }
    }
}
