import HubCore
import Testing

@Suite("Channel pattern")
struct ChannelPatternTests {
    @Test(arguments: ["app.*", "app.>", "app.*.orders", "*.a.>", ">", "1.2.3.4.5.6.7.>"])
    func `is a pattern`(text: String) throws {
        let pattern = try #require(ChannelPattern(text))
        #expect(pattern.problem == nil)
    }

    @Test(
        arguments: [
            "app.>.x", "app.a*", "app.**", "app.>>", "app..*", "*.", "app.* ", "app.ä.*",
            "1.2.3.4.5.6.7.8.>", String(repeating: "a", count: 256) + ".*",
        ]
    )
    func `is no pattern`(text: String) throws {
        let pattern = try #require(ChannelPattern(text))
        #expect(pattern.problem != nil)
    }

    @Test func `a name has no wildcards`() {
        #expect(ChannelPattern("app.orders") == nil)
    }
}

@Suite("Feeds of patterns")
struct FeedTests {
    let registry = ChannelRegistry(capacity: 1000, feedCapacity: 3)

    private func feed(_ pattern: String) throws -> Channel {
        let feed = registry.feed(pattern) { .feed(pattern) }
        return try #require(feed)
    }

    private func publish(_ name: String, _ text: String) throws {
        let channel = try #require(registry.channel(name) { .named(name) })
        channel.publish(text)
    }

    @Test(
        arguments: [
            ("app.*", ["app.a"]), ("app.>", ["app.a", "app.a.b", "app.c.b"]),
            ("app.*.b", ["app.a.b", "app.c.b"]), ("app.a.*", ["app.a.b"]), ("*.a", ["app.a"]),
            ("app.a.>", ["app.a.b"]), ("app.x.*", []), ("*.*.*.*", []),
            (">", ["app.a", "app.a.b", "app.c.b", "other"]),
        ]
    )
    func `gets what is published on matching channels`(pattern: String, names: [String]) throws {
        let all = ["app.a", "app.a.b", "app.c.b", "other"]
        for name in all.prefix(2) { try publish(name, "before") }
        let feed = try feed(pattern)
        // Half of them begin after the pattern.
        for name in all { try publish(name, name) }
        #expect(feed.read(after: 0)?.text == names.map { "[\($0)]" }.joined())
    }

    @Test func `tells loops that listen to the feed`() throws {
        let feed = try feed("app.*")
        #expect(feed.beginInterest(loop: 2))
        let channel = try #require(registry.channel("app.a") { .named("app.a") })
        let told = channel.publish("x")?.feedsToTell.map { ($0.channel.name, $0.loops) }
        #expect(told?.count == 1)
        #expect(told?.first?.0 == "app.*")
        #expect(told?.first?.1 == 0b100)
        #expect(channel.publish("y")?.feedsToTell.isEmpty == true, "once until it looks")
    }

    @Test func `keys of different channels stay apart`() throws {
        let feed = try feed("app.*")
        for name in ["app.a", "app.b"] {
            let channel = try #require(registry.channel(name) { .named(name) })
            for text in ["1", "2"] { channel.publish(name + text, mark: EntryMark(key: 7)) }
        }
        #expect(feed.read(after: 0)?.latest().text == "[app.a2][app.b2]")
    }

    @Test func `a channel without history still reaches its feeds`() throws {
        let feed = try feed("app.*")
        let channel = try #require(
            registry.channel("app.a") {
                Channel(
                    name: "app.a",
                    position: StreamPosition(epoch: "e", offset: 0),
                    limits: HistoryLimits(count: 0, bytes: 4096)
                )
            }
        )
        for number in 1...100 { channel.publish("\(number)") }
        #expect(feed.position.offset == 100)
    }

    @Test func `is dropped when it was unused for long enough`() throws {
        let used = try feed("app.a.*")
        let unused = try feed("app.b.*")
        let again = try feed("app.c.*")
        for feed in [used, unused, again] { #expect(feed.beginInterest(loop: 0)) }
        for feed in [unused, again] {
            feed.endInterest(loop: 0)
            registry.noteUnused(feed, now: 100)
        }
        registry.dropFeeds(unusedSince: 99)
        #expect(registry.feedCount == 3)
        #expect(again.beginInterest(loop: 0))
        registry.dropFeeds(unusedSince: 100)
        #expect(registry.feedCount == 2)
        #expect(unused.isRetired && !again.isRetired)
        try publish("app.b.x", "nobody")
        #expect(try feed("app.b.*") !== unused)
        again.endInterest(loop: 0)
        registry.noteUnused(again, now: 200)
        registry.dropFeeds(unusedSince: 199)
        #expect(!again.isRetired)
        registry.dropFeeds(unusedSince: 200)
        #expect(again.isRetired)
    }

    @Test func `an unused one gives way when there are too many`() throws {
        let feeds = try ["app.a.*", "app.b.*", "app.c.*"].map(feed)
        for feed in feeds { #expect(feed.beginInterest(loop: 0)) }
        #expect(registry.feed("app.d.*") { .feed("app.d.*") } == nil)
        feeds[1].endInterest(loop: 0)
        registry.noteUnused(feeds[1], now: 5)
        _ = try feed("app.d.*")
        #expect(feeds[1].isRetired)
        #expect(registry.feedCount == 3)
    }

    @Test func `a retired feed gets nothing and disturbs nobody`() throws {
        let feed = try feed("app.*")
        try publish("app.a", "1")
        registry.noteUnused(feed, now: 1)
        registry.dropFeeds(unusedSince: 1)
        try publish("app.a", "2")
        #expect(feed.position.offset == 1)
    }

    @Test func `many names and patterns come and go`() throws {
        let registry = ChannelRegistry(capacity: 10_000, feedCapacity: 10_000)
        for number in 0..<500 {
            let pattern = "app.*.t\(number)"
            let feed = try #require(registry.feed(pattern) { .feed(pattern) })
            let name = "app.x.t\(number)"
            let channel = try #require(registry.channel(name) { .named(name) })
            channel.publish("hit")
            #expect(feed.position.offset == 1)
            registry.dropIfUnused(name)
            registry.noteUnused(feed, now: 1)
        }
        registry.dropFeeds(unusedSince: 1)
        #expect(registry.feedCount == 0)
        #expect(registry.count == 0)
    }
}

/// Puts a publication in brackets.
private struct BracketTranscriber: Transcriber {
    func capacity(for body: Int) -> Int { body + 2 }

    func write(
        offset: UInt64,
        body: UnsafeRawBufferPointer,
        to target: UnsafeMutableRawBufferPointer
    ) -> EntryLayout {
        target.copyBytes(from: [UInt8(ascii: "[")] + body + [UInt8(ascii: "]")])
        return EntryLayout(length: body.count + 2, body: 1..<body.count + 1)
    }
}

extension Channel {
    static func feed(_ pattern: String) -> Channel {
        Channel(
            name: pattern,
            position: StreamPosition(epoch: "f", offset: 0),
            limits: .roomy,
            transcriber: BracketTranscriber()
        )
    }
}
