/// When a failed attempt is repeated.
enum RetryPolicy {
    /// No server's Retry-After puts a task off for longer.
    static let longestRetryAfter = Duration.seconds(24 * 3600)
    private static let longestBackoffMs: Int64 = 300_000

    /// The bound of the delay after `attempt` failed: min(300, 2^(attempt-1)) seconds.
    static func backoffMs(afterAttempt attempt: Int) -> Int64 {
        attempt > 9 ? longestBackoffMs : min(longestBackoffMs, 1000 << Int64(max(attempt, 1) - 1))
    }

    /// The delay before the next attempt, with full jitter (Brooker, "Exponential Backoff And
    /// Jitter", AWS 2015); what the failure itself asks for wins.
    static func delayMs(
        afterAttempt attempt: Int,
        retryAfter: Duration?,
        using random: inout some RandomNumberGenerator
    ) -> Int64 {
        if let retryAfter {
            return min(max(retryAfter, .zero), longestRetryAfter).wholeMilliseconds
        }
        return Int64.random(in: 0...backoffMs(afterAttempt: attempt), using: &random)
    }
}

extension Duration {
    /// In milliseconds, rounded down; saturates.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        return milliseconds.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
            .partialValue
    }
}
