/// When a delivery that failed is tried again, and when it is given up.
package struct RetrySchedule: Equatable, Sendable {
    package var maximumAttempts: Int
    /// The bound of the first delay; each further one doubles it.
    package var base: Duration
    package var longest: Duration

    package enum Decision: Equatable, Sendable {
        case retry(after: Duration)
        case giveUp
    }

    package init(maximumAttempts: Int, base: Duration, longest: Duration) {
        self.maximumAttempts = maximumAttempts
        self.base = base
        self.longest = longest
    }

    /// What follows failure number `attempt`, from 1.
    ///
    /// Half of the delay is chance (Brooker, "Exponential Backoff And Jitter", AWS 2015, equal
    /// jitter); a service that says how long to wait is waited for.
    package func decision(
        afterAttempt attempt: Int,
        retryAfter: Duration?,
        using random: inout some RandomNumberGenerator
    ) -> Decision {
        guard attempt < maximumAttempts else { return .giveUp }
        var bound = base
        for _ in 1..<max(attempt, 1) where bound < longest { bound = bound * 2 }
        bound = min(bound, longest)
        let half = bound / 2
        let share = Double.random(in: 0...1, using: &random)
        let delay = half + half * share
        return .retry(after: min(max(delay, retryAfter ?? .zero), max(longest, .seconds(3_600))))
    }
}

/// So many requests a minute, and as many at once.
package struct RequestRate: Equatable, Sendable {
    private let perMinute: Int
    private var available: Double
    private var filledAt: Duration

    package init(perMinute: Int, at now: Duration) {
        self.perMinute = perMinute
        available = Double(perMinute)
        filledAt = now
    }

    /// Takes one request.
    ///
    /// - Returns: `nil` when it may be sent, else how long until one may.
    package mutating func take(at now: Duration) -> Duration? {
        let perSecond = Double(perMinute) / 60
        available = min(
            Double(perMinute),
            available + max(0, (now - filledAt) / .seconds(1)) * perSecond
        )
        filledAt = max(filledAt, now)
        guard available < 1 else {
            available -= 1
            return nil
        }
        return .seconds((1 - available) / perSecond)
    }
}
