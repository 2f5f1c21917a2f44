/// Slows down guessing of passwords, by account and by address.
///
/// An account that does not exist is treated as one that does. After some wrong passwords an
/// account has to wait, twice as long after each further one; an address may try so many a minute.
/// Both tables are bounded: when one is full of entries that still matter, all newcomers share one
/// entry, so that filling it makes nothing easier.
package struct LoginThrottle: Sendable {
    package struct Limits: Equatable, Sendable {
        /// Wrong passwords for an account before it has to wait.
        package var failuresBeforeDelay = 5
        package var firstDelayMs: Int64 = 1_000
        package var longestDelayMs: Int64 = 60_000
        /// After so long without an attempt an account starts afresh.
        package var memoryMs: Int64 = 15 * 60_000
        package var attemptsPerMinute = 60
        package var attemptBurst = 100
        /// Of each of the two tables.
        package var maximumEntries = 100_000

        package init() {}
    }

    private struct Account {
        var attempts = 0
        var lastAt: Int64 = 0
        var nextAt: Int64 = 0
    }

    private struct Address {
        /// In parts of ``cost``.
        var tokens: Int64
        var filledAt: Int64
    }

    private let limits: Limits
    private var accounts: [String: Account] = [:]
    private var addresses: [String: Address] = [:]
    private var sweptAt: Int64 = .min
    /// The name of the entry that newcomers share; no email and no address is empty.
    private static let shared = ""

    package init(_ limits: Limits) {
        self.limits = limits
    }

    package var entryCount: Int { accounts.count + addresses.count }

    /// Notes an attempt.
    ///
    /// `account` is what was given as email, in its normal spelling, or `nil` for what is no
    /// password of an account; `now` counts milliseconds of a clock that never steps.
    ///
    /// - Returns: `nil` when it may go on, else in how many milliseconds.
    package mutating func attempt(account: String?, address: String, now: Int64) -> Int64? {
        sweepIfFull(now: now)
        guard let account else { return takeToken(of: address, now: now) }
        let isCrowdedOut = accounts[account] == nil && accounts.count >= limits.maximumEntries
        let name = isCrowdedOut ? Self.shared : account
        var entry = accounts[name] ?? Account()
        if now - entry.lastAt >= limits.memoryMs { entry = Account() }
        if entry.nextAt > now { return entry.nextAt - now }
        if let wait = takeToken(of: address, now: now) { return wait }
        entry.attempts = min(entry.attempts + 1, 1_000)
        entry.lastAt = now
        entry.nextAt = now + delay(after: entry.attempts)
        accounts[name] = entry
        return nil
    }

    /// The password was right: the account starts afresh.
    package mutating func succeeded(account: String) {
        accounts[account] = nil
    }

    private func delay(after attempts: Int) -> Int64 {
        let surplus = attempts - limits.failuresBeforeDelay
        guard surplus >= 0 else { return 0 }
        // 2^20 times a delay is beyond the longest that can be configured.
        let (delay, overflow) = limits.firstDelayMs.multipliedReportingOverflow(
            by: 1 << Int64(min(surplus, 20))
        )
        return overflow ? limits.longestDelayMs : min(delay, limits.longestDelayMs)
    }

    /// What one attempt of an address costs; a millisecond earns as much as attempts a minute are
    /// allowed, so nothing is lost to rounding.
    private static let cost: Int64 = 60_000

    private mutating func takeToken(of address: String, now: Int64) -> Int64? {
        let isCrowdedOut =
            addresses[address] == nil && addresses.count >= limits.maximumEntries
        let address = isCrowdedOut ? Self.shared : address
        var entry = addresses[address] ?? Address(tokens: full, filledAt: now)
        entry.tokens = tokens(of: entry, now: now)
        entry.filledAt = now
        defer { addresses[address] = entry }
        guard entry.tokens >= Self.cost else {
            let rate = Int64(limits.attemptsPerMinute)
            return (Self.cost - entry.tokens + rate - 1) / rate
        }
        entry.tokens -= Self.cost
        return nil
    }

    private var full: Int64 { Int64(limits.attemptBurst) * Self.cost }

    private func tokens(of entry: Address, now: Int64) -> Int64 {
        let rate = Int64(limits.attemptsPerMinute)
        let elapsed = min(max(0, now - entry.filledAt), full / rate + 1)
        return min(full, entry.tokens + elapsed * rate)
    }

    /// Forgets entries that would be new ones; at most once a second, for it walks over all.
    private mutating func sweepIfFull(now: Int64) {
        guard max(accounts.count, addresses.count) >= limits.maximumEntries,
            sweptAt == .min || now - sweptAt >= 1_000
        else { return }
        sweptAt = now
        accounts = accounts.filter { now - $0.value.lastAt < limits.memoryMs }
        addresses = addresses.filter { tokens(of: $0.value, now: now) < full }
    }
}
