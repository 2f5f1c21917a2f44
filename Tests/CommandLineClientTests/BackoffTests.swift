import Testing

@testable import CommandLineClient

@Suite("Backoff")
struct BackoffTests {
    @Test func `doubles up to a limit, with jitter below each step`() {
        var backoff = Backoff()
        var random = FixedRandom()
        let steps = [0.25, 0.5, 1, 2, 4, 8, 15, 15, 15].map { Duration.seconds($0) }
        let delays = steps.map { _ in backoff.next(using: &random) }
        #expect(zip(delays, steps).allSatisfy { $0 >= $1 / 2 && $0 < $1 })
        #expect(Set(delays).count == delays.count)
    }

    @Test func `starts anew after a success`() {
        var backoff = Backoff()
        var random = FixedRandom()
        for _ in 0..<5 { _ = backoff.next(using: &random) }
        backoff.reset()
        #expect(backoff.next(using: &random) < Backoff.first)
    }

    @Test func `heeds what the hub asks for, once and within reason`() {
        var backoff = Backoff()
        var random = FixedRandom()
        backoff.ask(for: .seconds(3))
        #expect(backoff.next(using: &random) == .seconds(3))
        #expect(backoff.next(using: &random) <= .seconds(1))
        backoff.ask(for: .seconds(86_400))
        #expect(backoff.next(using: &random) == .seconds(60))
    }
}
