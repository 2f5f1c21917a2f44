/// Limits a rate: `burst` at once, then `rate` a second (token bucket, RFC 2697's model).
struct TokenBucket {
    /// Tokens a second; 0 means no limit.
    private let rate: Double
    private let burst: Double
    private var tokens: Double
    private var filledAt: UInt64

    /// A full bucket.
    init(rate: Int, burst: Int, now: UInt64) {
        self.rate = Double(rate)
        self.burst = Double(max(burst, 1))
        tokens = self.burst
        filledAt = now
    }

    /// Takes one token.
    ///
    /// - Parameter now: Milliseconds of a clock that never steps.
    /// - Returns: `nil` when there was one, else in how many milliseconds there will be.
    @inline(__always)
    mutating func take(now: UInt64) -> UInt64? {
        guard rate > 0 else { return nil }
        if now > filledAt {
            tokens = min(burst, tokens + Double(now - filledAt) * rate / 1_000)
            filledAt = now
        }
        if tokens >= 1 {
            tokens -= 1
            return nil
        }
        return UInt64(((1 - tokens) * 1_000 / rate).rounded(.up))
    }
}
