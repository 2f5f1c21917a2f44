import HubCore
import Testing

@Suite("Channel")
struct ChannelTests {
    let channel = Channel(
        name: "app.test",
        position: StreamPosition(epoch: "e", offset: 0),
        limits: HistoryLimits(count: 3, bytes: 1 << 20)
    )

    @Test func `a loop is told once until it looks`() {
        #expect(channel.beginInterest(loop: 0))
        #expect(channel.beginInterest(loop: 5))
        #expect(channel.publish("a")?.loopsToTell == 0b10_0001)
        #expect(channel.publish("b")?.loopsToTell == 0)
        let taken = channel.taken(after: 0, loop: 5)
        #expect(taken?.text == "(a)(b)")
        #expect(taken?.head == 2)
        #expect(channel.publish("c")?.loopsToTell == 0b10_0000)
    }

    @Test func `nobody is told when nobody listens`() {
        let appended = channel.publish("a")
        #expect(appended?.offset == 1)
        #expect(appended?.loopsToTell == 0)
        #expect(!channel.hasSubscribers)
    }

    @Test func `a loop without subscribers is not told any more`() {
        #expect(channel.beginInterest(loop: 1))
        channel.endInterest(loop: 1)
        #expect(channel.publish("a")?.loopsToTell == 0)
    }

    @Test func `what a loop was told of is kept until it takes it`() {
        #expect(channel.beginInterest(loop: 0))
        for _ in 1...50 { channel.publish("x") }
        #expect(channel.read(after: 0) != nil)
        let taken = channel.taken(after: 0, loop: 0)
        #expect(taken?.head == 50)
        channel.publish("x")
        #expect(channel.read(after: 47) == nil, "the history's limit counts again")
        #expect(channel.read(after: 50) != nil)
        #expect(taken?.text.count == 150, "a run holds what it has taken")
    }

    @Test func `loops that take turns do not keep what both have taken`() {
        #expect(channel.beginInterest(loop: 0))
        #expect(channel.beginInterest(loop: 1))
        channel.publish("x")
        for turn in 1...100 {
            // One of them is always told of something that it has not looked at.
            _ = channel.taken(after: 0, loop: turn % 2)
            channel.publish("x")
            channel.publish("x")
        }
        #expect(channel.read(after: 190) == nil)
    }

    @Test func `a loop that ends its interest keeps nothing`() {
        #expect(channel.beginInterest(loop: 3))
        for _ in 1...50 { channel.publish("x") }
        channel.endInterest(loop: 3)
        channel.publish("x")
        #expect(channel.read(after: 47) == nil)
    }

    @Test func `history gives way when memory is short, but not what a loop was told of`() throws {
        let registry = ChannelRegistry(capacity: 10)
        let channel = try #require(registry.channel("app.a") { .named("app.a") })
        for _ in 1...100 { channel.publish(String(repeating: "x", count: 1_000)) }
        #expect(!registry.shed(to: .max))
        #expect(channel.read(after: 0) != nil)
        #expect(registry.shed(to: Segment.allocatedBytes / 2))
        #expect(channel.read(after: 0) == nil)
        #expect(channel.read(after: 70) != nil, "the newest stay")

        #expect(channel.beginInterest(loop: 0))
        for _ in 1...50 { channel.publish("y") }
        #expect(registry.shed(to: 0))
        #expect(channel.read(after: 99) == nil)
        #expect(channel.read(after: 100)?.count == 50, "the loop has not taken these")
        _ = channel.taken(after: 100, loop: 0)
        #expect(registry.shed(to: 0))
        #expect(channel.keptBytes == 0)
        channel.publish("z")
        #expect(channel.read(after: 150)?.text == "(z)")
    }

    @Test func `who wants what is kept gets it although something is lost`() {
        for text in ["a", "b", "c", "d"] { channel.publish(text) }
        var run = LogRun()
        channel.readKept(after: 0, into: &run)
        #expect(run.text == "(b)(c)(d)")
        #expect(run.start == 1)
    }

    @Test func `history answers the newest`() {
        for text in ["a", "b", "c", "d"] { channel.publish(text) }
        let history = channel.history(.last(2), byteLimit: 100)
        #expect(history.bodies.map(\.text) == ["c", "d"])
        #expect(history.position == StreamPosition(epoch: "e", offset: 4))
        #expect(channel.history(.last(10), byteLimit: 100).bodies.map(\.text) == ["b", "c", "d"])
        #expect(channel.history(.last(0), byteLimit: 100).bodies.isEmpty)
    }

    @Test func `history cut short stands at what it holds`() {
        for text in ["a", "b", "c"] { channel.publish(text) }
        let history = channel.history(.last(3), byteLimit: 2)
        #expect(history.bodies.map(\.text) == ["a", "b"])
        #expect(history.position.offset == 2)
        #expect(history.head == 3)
    }

    @Test(
        arguments: [
            ("e", 2, true, 4), ("e", 4, true, 4), ("e", 1, true, 4),
            ("e", 0, false, 4), ("e", 5, false, 4), ("other", 2, false, 4),
        ] as [(String, UInt64, Bool, UInt64)]
    )
    func `recovers everything or nothing`(
        epoch: String,
        offset: UInt64,
        isRecovered: Bool,
        reached: UInt64
    ) {
        for text in ["a", "b", "c", "d"] { channel.publish(text) }
        let since = StreamPosition(epoch: epoch, offset: offset)
        let history = channel.history(.since(since, limit: .max), byteLimit: 100)
        #expect(history.isRecovered == isRecovered)
        #expect(history.position == StreamPosition(epoch: "e", offset: reached))
        #expect(history.bodies.count == (isRecovered ? Int(4 - offset) : 0))
    }
}

@Suite("Compressed forms of publications")
struct CompressedFormTests {
    let channel = Channel(
        name: "app.test",
        position: StreamPosition(epoch: "e", offset: 0),
        limits: HistoryLimits(count: 1000, bytes: 4096)
    )

    @Test func `each is made once for all who need it`() throws {
        for text in ["a", "b", "c"] { channel.publish(text) }
        var made: [String] = []
        func forms(after offset: UInt64) throws -> LogRun {
            channel.compressed(try #require(channel.read(after: offset))) { frame, form in
                made.append(String(decoding: frame, as: UTF8.self))
                form += Array("<\(frame.count)>".utf8)
            }
        }
        #expect(try forms(after: 1).text == "<3><3>")
        #expect(try forms(after: 0).text == "(a)<3><3>", "what is older than the first stays plain")
        channel.publish("dd")
        let last = try forms(after: 0)
        #expect(last.text == "(a)<3><3><4>")
        #expect(made == ["(b)", "(c)", "(dd)"])
        #expect(last.cut(at: 4).cursor == 2, "a cut is one of the forms' bytes")
        #expect(last.cut(at: 4).rest?.text == "3>")
    }

    @Test func `they are bounded and what is too old goes out plain`() throws {
        for number in 1...100 {
            channel.publish(String(repeating: "x", count: 60))
            let newest = try #require(channel.read(after: UInt64(number - 1)))
            let forms = channel.compressed(newest) { frame, form in form += frame.map { $0 } }
            #expect(forms.byteCount == 62)
        }
        var oldest = LogRun()
        channel.readKept(after: 0, into: &oldest)
        var made = 0
        let forms = channel.compressed(oldest) { _, _ in made += 1 }
        #expect(made == 0)
        #expect(forms.text == oldest.text)
    }

    @Test func `a subscriber that comes back late begins anew`() throws {
        channel.publish("a")
        _ = channel.compressed(try #require(channel.read(after: 0))) {
            $1 += [1]; _ = $0
        }
        for _ in 1...10_000 { channel.publish("x") }
        let newest = try #require(channel.read(after: 10_000))
        #expect(
            channel.compressed(newest) {
                $1 += Array("<>".utf8); _ = $0
            }.text == "<>"
        )
    }
}

@Suite("Channel registry")
struct ChannelRegistryTests {
    let registry = ChannelRegistry(capacity: 2)

    @Test func `makes a channel once`() {
        let first = registry.channel("app.a") { .named("app.a") }
        let second = registry.channel("app.a") { .named("other") }
        #expect(first != nil)
        #expect(first === second)
        #expect(registry["app.b"] == nil)
    }

    @Test func `a channel in use or permanent does not give way`() throws {
        let used = try #require(registry.channel("app.a") { .named("app.a") })
        #expect(used.beginInterest(loop: 0))
        _ = registry.channel("tasks") { .named("tasks", isPermanent: true) }
        #expect(registry.channel("app.b") { .named("app.b") } == nil)

        used.endInterest(loop: 0)
        #expect(registry.channel("app.b") { .named("app.b") } != nil)
        #expect(registry["app.a"] == nil)
        #expect(registry["tasks"] != nil)
    }

    @Test func `a dropped channel takes nothing`() throws {
        let channel = try #require(registry.channel("app.a") { .named("app.a") })
        registry.dropIfUnused("app.a")
        #expect(channel.isRetired)
        #expect(channel.publish("x") == nil)
        #expect(!channel.beginInterest(loop: 0))
        #expect(registry.channel("app.a") { .named("app.a") } !== channel)
    }

    @Test func `lists by name in pages`() {
        let registry = ChannelRegistry(capacity: 10)
        for name in ["app.c", "app.a", "tasks", "app.b"] {
            _ = registry.channel(name) { .named(name) }
        }
        let page = registry.channels(prefix: "app.", after: nil, limit: 2)
        #expect(page.map(\.name) == ["app.a", "app.b"])
        let next = registry.channels(prefix: "app.", after: "app.b", limit: 2)
        #expect(next.map(\.name) == ["app.c"])
    }
}

@Suite("Channel name")
struct ChannelNameTests {
    @Test(arguments: ["a", "app.orders", "tasks.01a2-b_C", "1.2.3.4.5.6.7.8"])
    func `is a name`(name: String) {
        #expect(ChannelName.problem(with: name) == nil)
    }

    @Test(
        arguments: [
            "", ".", "a.", ".a", "a..b", "a b", "app.*", "app.>", "ä", "a\u{0}", "a/b",
            "1.2.3.4.5.6.7.8.9", String(repeating: "a", count: 257),
        ]
    )
    func `is no name`(name: String) {
        #expect(ChannelName.problem(with: name) != nil)
    }
}

extension Channel {
    static func named(_ name: String, isPermanent: Bool = false) -> Channel {
        Channel(
            name: name,
            position: StreamPosition(epoch: "e", offset: 0),
            limits: .roomy,
            isPermanent: isPermanent
        )
    }

    func taken(after offset: UInt64, loop: Int) -> LogRun? {
        var run = LogRun()
        return take(after: offset, loop: loop, into: &run) ? run : nil
    }

    func read(after offset: UInt64) -> LogRun? {
        var run = LogRun()
        return read(after: offset, into: &run) ? run : nil
    }

    @discardableResult
    func publish(_ text: String, mark: EntryMark = EntryMark()) -> Appended? {
        append(capacity: text.utf8.count + 2, mark: mark) { _, target in
            target.copyBytes(from: "(\(text))".utf8)
            return EntryLayout(length: text.utf8.count + 2, body: 1..<text.utf8.count + 1)
        }
    }
}
