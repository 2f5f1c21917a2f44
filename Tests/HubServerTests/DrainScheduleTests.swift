import Testing

@testable import HubServer

@Suite("Drain schedule")
struct DrainScheduleTests {
    func schedule(
        _ count: Int,
        over duration: UInt64,
        loops: Int = 1,
        connectionsPerSecond: Int = 0
    ) -> DrainSchedule<Int> {
        DrainSchedule(
            Array(0..<count),
            from: 1_000,
            over: duration,
            loops: loops,
            connectionsPerSecond: connectionsPerSecond
        )
    }

    @Test func `tells in the first quarter and closes in the second half`() {
        var drain = schedule(100, over: 1_000)
        var told = 0
        var closed = 0
        for now in UInt64(1_000)...2_000 {
            #expect(!drain.isOver)
            let notices = drain.takeNotices(at: now)
            let closings = drain.takeClosings(at: now)
            #expect(notices.lowerBound == told && closings.lowerBound == closed)
            (told, closed) = (notices.upperBound, closings.upperBound)
            #expect(now > 1_500 || closed == 0)
            #expect(now < 1_250 || told == 100)
            #expect(notices.count <= 1 && closings.count <= 1, "one after the other")
        }
        #expect(drain.isOver)
    }

    @Test func `does not wait when there is no time`() {
        var drain = schedule(100, over: 0)
        #expect(drain.takeNotices(at: 1_000) == 0..<100)
        #expect(drain.takeClosings(at: 1_000) == 0..<100)
        #expect(drain.isOver)
    }

    @Test func `is over at once without sessions`() {
        var drain = schedule(0, over: 1_000)
        #expect(drain.takeNotices(at: 1_000) == 0..<0)
        #expect(drain.isOver)
    }

    @Test func `makes up for steps that came late`() {
        var drain = schedule(10, over: 1_000)
        #expect(drain.takeNotices(at: 9_000) == 0..<10)
        #expect(drain.takeClosings(at: 9_000) == 0..<10)
        #expect(drain.takeNotices(at: 9_001) == 10..<10)
        #expect(drain.takeClosings(at: 9_001) == 10..<10)
    }

    @Test(arguments: [(1, 1), (50, 1), (2_000, 1), (2_000, 4)])
    func `sessions come back one after the other`(count: Int, loops: Int) {
        let drain = schedule(count, over: 1_000, loops: loops)
        var random = SystemRandomNumberGenerator()
        let delays = (0..<count).map { drain.reconnectDelay(of: $0, using: &random) }
        #expect(Set(delays).count == count, "each at another time")
        #expect(delays.allSatisfy { $0 >= 250 })
        let window = max(250, count * loops)
        #expect((delays.max() ?? 0) <= 250 + UInt64(window))
    }

    @Test func `a hub that accepts little is not asked for more`() {
        let drain = schedule(100, over: 1_000, connectionsPerSecond: 20)
        var random = SystemRandomNumberGenerator()
        let delays = (0..<100).map { drain.reconnectDelay(of: $0, using: &random) }
        // Half of 20 a second.
        #expect((delays.max() ?? 0) >= 250 + 9_900)
    }
}
