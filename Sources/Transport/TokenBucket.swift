/// Limits a rate: `burst` at once, then `rate` a second (token bucket, RFC 2697's model).
package struct TokenBucket: Sendable {
    /// Tokens a second; 0 means no limit.
    @usableFromInline let rate: Double
    @usableFromInline let burst: Double
    @usableFromInline var tokens: Double
    @usableFromInline var filledAt: UInt64

    /// A full bucket.
    package init(rate: Int, burst: Int, now: UInt64) {
        self.rate = Double(rate)
        self.burst = Double(max(burst, 1))
        tokens = self.burst
        filledAt = now
    }

    /// Takes one token.
    ///
    /// - Parameter now: Milliseconds of a clock that never steps.
    /// - Returns: `nil` when there was one, else in how many milliseconds there will be.
    @inlinable
    package mutating func take(now: UInt64) -> UInt64? {
        guard rate > 0 else { return nil }
        fill(now: now)
        if tokens >= 1 {
            tokens -= 1
            return nil
        }
        return wait
    }

    /// Takes up to `count` tokens.
    ///
    /// - Returns: How many there were; when there was none, in how many milliseconds there is one.
    package mutating func take(upTo count: Int, now: UInt64) -> (taken: Int, wait: UInt64) {
        guard rate > 0 else { return (count, 0) }
        fill(now: now)
        let taken = min(count, Int(tokens))
        tokens -= Double(taken)
        return (taken, taken > 0 ? 0 : wait)
    }

    /// Puts back what was taken and not used.
    package mutating func putBack(_ count: Int) {
        tokens = min(burst, tokens + Double(count))
    }

    /// Whether nothing is missing, so that a new bucket would be the same.
    package mutating func isFull(now: UInt64) -> Bool {
        guard rate > 0 else { return true }
        fill(now: now)
        return tokens >= burst
    }

    @inlinable
    mutating func fill(now: UInt64) {
        guard now > filledAt else { return }
        tokens = min(burst, tokens + Double(now - filledAt) * rate / 1_000)
        filledAt = now
    }

    /// Milliseconds until there is a whole token.
    @inlinable
    var wait: UInt64 { UInt64(((1 - tokens) * 1_000 / rate).rounded(.up)) }
}
