import Testing

@testable import Identity

@Suite("Throttled logins")
struct LoginThrottleTests {
    private func limits(_ change: (inout LoginThrottle.Limits) -> Void = { _ in })
        -> LoginThrottle.Limits
    {
        var limits = LoginThrottle.Limits()
        change(&limits)
        return limits
    }

    @Test("An account waits twice as long after each further wrong password")
    func doubling() {
        var throttle = LoginThrottle(limits())
        for _ in 0..<4 {
            #expect(throttle.attempt(account: "a@b", address: "x", now: 0) == nil)
        }
        var now: Int64 = 0
        for delay in [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000] as [Int64] {
            #expect(throttle.attempt(account: "a@b", address: "x", now: now) == nil)
            #expect(throttle.attempt(account: "a@b", address: "y", now: now) == delay)
            #expect(throttle.attempt(account: "a@b", address: "x", now: now + delay - 1) == 1)
            now += delay
        }
        #expect(throttle.attempt(account: "c@d", address: "x", now: now) == nil)
    }

    @Test("A right password, or a long time without any, lets an account start afresh")
    func forgetting() {
        var throttle = LoginThrottle(limits())
        for _ in 0..<5 { _ = throttle.attempt(account: "a@b", address: "x", now: 0) }
        #expect(throttle.attempt(account: "a@b", address: "x", now: 0) != nil)
        throttle.succeeded(account: "a@b")
        for _ in 0..<5 { #expect(throttle.attempt(account: "a@b", address: "x", now: 0) == nil) }
        #expect(throttle.attempt(account: "a@b", address: "x", now: 0) != nil)
        let later: Int64 = 15 * 60_000
        for _ in 0..<5 {
            #expect(throttle.attempt(account: "a@b", address: "x", now: later) == nil)
        }
    }

    @Test("An address may try so many accounts a minute")
    func addresses() {
        var throttle = LoginThrottle(limits { $0.attemptBurst = 3 })
        for account in ["a", "b", "c"] {
            #expect(throttle.attempt(account: account, address: "x", now: 0) == nil)
        }
        #expect(throttle.attempt(account: "d", address: "x", now: 0) == 1_000)
        #expect(throttle.attempt(account: "d", address: "y", now: 0) == nil)
        #expect(throttle.attempt(account: "d", address: "x", now: 999) == 1)
        #expect(throttle.attempt(account: "d", address: "x", now: 1_000) == nil)
        #expect(throttle.attempt(account: "d", address: "x", now: 1_000) == 1_000)
    }

    @Test("Full tables make nothing easier, and forget what does not matter any more")
    func bounds() {
        var throttle = LoginThrottle(
            limits {
                $0.maximumEntries = 10
                $0.attemptBurst = 1_000_000
            }
        )
        for account in 0..<10 {
            #expect(throttle.attempt(account: "\(account)", address: "x", now: 0) == nil)
        }
        for newcomer in 0..<5 {
            #expect(throttle.attempt(account: "n\(newcomer)", address: "x", now: 0) == nil)
        }
        #expect(throttle.attempt(account: "n6", address: "x", now: 0) == 1_000)
        #expect(throttle.entryCount <= 12)
        let later: Int64 = 16 * 60_000
        #expect(throttle.attempt(account: "n7", address: "x", now: later) == nil)
        #expect(throttle.entryCount <= 2)
    }

    @Test("Neither a clock at its ends nor extreme limits overflow")
    func extremes() {
        var throttle = LoginThrottle(
            limits {
                $0.firstDelayMs = .max
                $0.longestDelayMs = 1
                $0.failuresBeforeDelay = 1
                $0.attemptsPerMinute = 1_000_000
                $0.attemptBurst = 1_000_000
            }
        )
        #expect(throttle.attempt(account: "a", address: "x", now: 0) == nil)
        #expect(throttle.attempt(account: "a", address: "x", now: .max / 2) == nil)
    }
}
