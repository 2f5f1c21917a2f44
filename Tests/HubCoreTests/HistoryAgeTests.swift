import Testing

@testable import HubCore

@Suite("History age")
struct HistoryAgeTests {
    @Test func `nothing is too old before its time`() {
        var age = HistoryAge(milliseconds: 6_400)
        #expect(age.advance(head: 0, now: 1_000) == nil)
        #expect(age.advance(head: 3, now: 2_000) == nil)
        #expect(age.advance(head: 3, now: 8_399) == nil)
        #expect(age.advance(head: 3, now: 8_400) == 3)
    }

    @Test func `what came later is kept longer`() {
        var age = HistoryAge(milliseconds: 6_400)
        _ = age.advance(head: 3, now: 1_000)
        _ = age.advance(head: 5, now: 4_000)
        #expect(age.advance(head: 9, now: 8_000) == 3)
        #expect(age.advance(head: 9, now: 10_400) == 5)
        #expect(age.advance(head: 9, now: 14_400) == 9)
        // And it goes on after a long silence.
        #expect(age.advance(head: 10, now: 100_000) == 9)
        #expect(age.advance(head: 10, now: 106_400) == 10)
    }

    @Test
    func `each publication is kept for its time and hardly longer, however often it is asked`() {
        var age = HistoryAge(milliseconds: 640)
        var publishedAt: [UInt64: UInt64] = [:]
        var forgotten: UInt64 = 0
        for now in UInt64(1)...5_000 {
            publishedAt[now] = now
            guard let offset = age.advance(head: now, now: now), offset > forgotten else {
                continue
            }
            for one in forgotten + 1...offset {
                let lived = now - (publishedAt[one] ?? 0)
                #expect((640...640 + 2 * 640 / HistoryAge.maximumMarks).contains(lived))
            }
            forgotten = offset
        }
        #expect(forgotten > 4_000)
    }
}

@Suite("Channels with a time")
struct AgingChannelTests {
    private func channel(keepsNewest: Bool = false) -> Channel {
        Channel(
            name: "app.x",
            position: StreamPosition(epoch: "e", offset: 0),
            limits: HistoryLimits(
                count: 10,
                bytes: 1 << 20,
                milliseconds: 64,
                keepsNewest: keepsNewest
            )
        )
    }

    private func publish(_ channel: Channel) {
        _ = channel.append(capacity: 1) { _, _ in EntryLayout(length: 1, body: 0..<1) }
    }

    private func kept(_ channel: Channel) -> Int {
        channel.history(.last(10), byteLimit: .max).bodies.count
    }

    @Test(arguments: [(false, 0), (true, 1)])
    func `what is too old goes; the newest stays where it is retained`(
        keepsNewest: Bool,
        rest: Int
    ) {
        let registry = ChannelRegistry(capacity: 1)
        let channel = channel(keepsNewest: keepsNewest)
        #expect(registry.channel("app.x", orMake: { channel }) === channel)
        for _ in 0..<3 { publish(channel) }
        registry.expire(now: 100)
        registry.expire(now: 163)
        #expect(kept(channel) == 3)
        registry.expire(now: 164)
        #expect(kept(channel) == rest)
        // The numbering goes on.
        publish(channel)
        #expect(channel.position.offset == 4)
        #expect(kept(channel) == rest + 1)
    }

    @Test func `what a loop was told of and has not taken stays`() {
        let channel = channel()
        publish(channel)
        #expect(channel.beginInterest(loop: 0))
        publish(channel)
        channel.expire(now: 100)
        channel.expire(now: 1_000)
        #expect(kept(channel) == 1)
    }

    @Test func `a retained publication is kept although no history is`() {
        #expect(HistoryLimits(count: 0, bytes: 10, keepsNewest: true).count == 1)
        #expect(HistoryLimits(count: 0, bytes: 10).count == 0)
    }
}
