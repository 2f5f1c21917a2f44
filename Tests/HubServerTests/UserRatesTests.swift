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
        let rates = UserRates(commands: .init(rate: 10, burst: 100))
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
        var shares = UserShares(UserRates(commands: .init(rate: 10, burst: 3)))
        let (one, other) = (shares.join("a"), shares.join("b"))
        #expect(exhaust(&shares, one) == (3, 100))
        #expect(exhaust(&shares, other) == (3, 100))
    }

    @Test func `coming back is no way around`() {
        var shares = UserShares(UserRates(commands: .init(rate: 10, burst: 5_000)))
        let first = shares.join("a")
        for _ in 0..<2_999 { #expect(shares.take(first, now: 0) == nil) }
        shares.leave(first)
        let second = shares.join("a")
        // Nor is anything lost of the share that was begun.
        #expect(exhaust(&shares, second) == (2_001, 100))
    }

    @Test func `sessions of one user on a loop share its part`() {
        var shares = UserShares(UserRates(commands: .init(rate: 10, burst: 4)))
        let (one, other) = (shares.join("a"), shares.join("a"))
        #expect(one == other)
        shares.leave(one)
        #expect(exhaust(&shares, other) == (4, 100))
    }

    @Test func `a rate of 0 limits nothing`() {
        var shares = UserShares(UserRates(commands: .init(rate: 0, burst: 1)))
        let user = shares.join("a")
        #expect(exhaust(&shares, user).count == 100_000)
        shares.leave(user)
    }

    @Test func `each kind is counted for itself`() {
        let rates = UserRates(
            commands: .none,
            tasks: .init(rate: 10, burst: 2),
            publications: .init(rate: 10, burst: 1)
        )
        var shares = UserShares(rates)
        let user = shares.join("a")
        for _ in 0..<10 { #expect(shares.take(user, now: 0) == nil) }
        for _ in 0..<2 { #expect(shares.take(user, .tasks, now: 0) == nil) }
        #expect(shares.take(user, .tasks, now: 0) == 100)
        #expect(shares.take(user, .publications, now: 0) == nil)
        #expect(shares.take(user, .publications, now: 0) == 100)
        #expect(shares.take(user, .publications, now: 100) == nil)
    }

    @Test func `the table is bounded, and a crowd beyond it shares one entry`() {
        let rates = UserRates(commands: .init(rate: 1, burst: 1), maximumEntries: 10)
        func take(_ user: String, at now: UInt64) -> Int { rates.take(for: user, now: now).taken }
        for user in 0..<10 { #expect(take("\(user)", at: 0) == 1) }
        #expect(take("x", at: 0) == 1)
        for user in 0..<100 { #expect(take("new \(user)", at: 1) == 0) }
        #expect(rates.entryCount == 11)
        // What those who are known have used up is not forgotten.
        #expect(take("3", at: 1) == 0)
        // Once their buckets are full again there is room.
        #expect(take("y", at: 2_000) == 1)
        #expect(rates.entryCount == 1)
    }
}
