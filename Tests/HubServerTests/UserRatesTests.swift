import Testing

@testable import HubServer

@Suite("User rates")
struct UserRatesTests {
    /// Commands that are let through until one is not; what that has to wait.
    func exhaust(_ shares: inout UserShares, _ user: Int) -> (count: Int, wait: UInt64) {
        var count = 0
        while count < 100_000 {
            if let wait = shares.take(user, now: 0) { return (count, wait) }
            count += 1
        }
        return (count, 0)
    }

    @Test func `two loops share what a user may do`() {
        let rates = UserRates(rate: 10, burst: 100)
        var one = UserShares(rates)
        var other = UserShares(rates)
        let (first, second) = (one.join("a"), other.join("a"))
        for _ in 0..<50 {
            #expect(one.take(first, now: 0) == nil)
            #expect(other.take(second, now: 0) == nil)
        }
        #expect(one.take(first, now: 0) == 100)
        #expect(other.take(second, now: 0) == 100)
        #expect(other.take(second, now: 100) == nil)
        #expect(one.take(first, now: 100) == 100)
    }

    @Test func `users do not share`() {
        var shares = UserShares(UserRates(rate: 10, burst: 3))
        let (one, other) = (shares.join("a"), shares.join("b"))
        #expect(exhaust(&shares, one) == (3, 100))
        #expect(exhaust(&shares, other) == (3, 100))
    }

    @Test func `coming back is no way around`() {
        var shares = UserShares(UserRates(rate: 10, burst: 5_000))
        let first = shares.join("a")
        for _ in 0..<2_999 { #expect(shares.take(first, now: 0) == nil) }
        shares.leave(first)
        let second = shares.join("a")
        // Nor is anything lost of the share that was begun.
        #expect(exhaust(&shares, second) == (2_001, 100))
    }

    @Test func `sessions of one user on a loop share its part`() {
        var shares = UserShares(UserRates(rate: 10, burst: 4))
        let (one, other) = (shares.join("a"), shares.join("a"))
        #expect(one == other)
        shares.leave(one)
        #expect(exhaust(&shares, other) == (4, 100))
    }

    @Test func `a rate of 0 limits nothing`() {
        var shares = UserShares(UserRates(rate: 0, burst: 1))
        let user = shares.join("a")
        #expect(exhaust(&shares, user).count == 100_000)
        shares.leave(user)
    }
}
