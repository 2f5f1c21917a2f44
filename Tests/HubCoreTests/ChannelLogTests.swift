import HubCore
import Testing

@Suite("Channel log")
struct ChannelLogTests {
    @Test func `offsets are consecutive and begin behind the last one`() {
        var log = ChannelLog(lastOffset: 41, limits: .roomy)
        let first = log.publish("a")
        #expect(first == 42)
        let second = log.publish("b")
        #expect(second == 43)
        #expect(log.lastOffset == 43)
        #expect(log.firstOffset == 42)
    }

    @Test func `an empty log stands where it was told to`() {
        let log = ChannelLog(lastOffset: 7, limits: .roomy)
        #expect(log.lastOffset == 7)
        #expect(log.firstOffset == 8)
        #expect(log.text(after: 7) == "")
        #expect(log.text(after: 6) == nil)
        #expect(log.text(after: 8) == nil)
    }

    @Test func `publications of a tick are one slice`() {
        var log = ChannelLog(limits: .roomy)
        for letter in ["a", "b", "c"] { log.publish(letter) }
        #expect(log.run(after: 0)?.slices.count == 1)
        #expect(log.text(after: 0) == "(a)(b)(c)")
        #expect(log.text(after: 2) == "(c)")
        #expect(log.text(after: 3) == "")
    }

    @Test func `what does not fit goes to the next segment`() {
        var log = ChannelLog(limits: .roomy)
        let texts = (0..<40).map { String(repeating: "\($0 % 10)", count: 97 + $0) }
        for text in texts { log.publish(text) }
        #expect((log.run(after: 0)?.slices.count ?? 0) > 1)
        #expect(log.text(after: 0) == texts.map { "(\($0))" }.joined())
    }

    @Test func `the oldest go when there are too many`() {
        var log = ChannelLog(limits: HistoryLimits(count: 3, bytes: 1 << 20))
        for number in 1...500 {
            log.publish("\(number)")
            #expect(log.count == min(number, 3))
        }
        #expect(log.firstOffset == 498)
        #expect(log.text(after: 497) == "(498)(499)(500)")
        #expect(log.text(after: 496) == nil)
    }

    @Test func `the oldest go when they are too large, but never the newest`() {
        var log = ChannelLog(limits: HistoryLimits(count: 100, bytes: 20))
        log.publish("12345678")
        log.publish("12345678")
        #expect(log.count == 2)
        log.publish(String(repeating: "x", count: 50))
        #expect(log.count == 1)
        #expect(log.keptBytes == 52)
    }

    @Test func `nothing after the floor is forgotten`() {
        var log = ChannelLog(limits: HistoryLimits(count: 2, bytes: 1 << 20))
        for _ in 1...10 { log.publish("x", keepingAfter: 4) }
        #expect(log.firstOffset == 5)
        log.publish("x")
        #expect(log.firstOffset == 10)
    }

    @Test func `tells how many bytes lie behind a cursor`() {
        var log = ChannelLog(limits: HistoryLimits(count: 2, bytes: 1 << 20))
        for letter in ["a", "bb", "ccc"] { log.publish(letter) }
        #expect(log.bytes(after: 3) == 0)
        #expect(log.bytes(after: 2) == 5)
        #expect(log.bytes(after: 1) == 9)
        #expect(log.bytes(after: 0) == nil)
        #expect(log.bytes(after: 4) == nil)
    }

    @Test func `bodies leave out what is around them`() {
        var log = ChannelLog(limits: .roomy)
        for letter in ["a", "b", "c"] { log.publish(letter) }
        #expect(log.texts(after: 0, count: 10, byteLimit: 100) == ["a", "b", "c"])
        #expect(log.texts(after: 1, count: 1, byteLimit: 100) == ["b"])
        #expect(log.texts(after: 0, count: 10, byteLimit: 2) == ["a", "b"])
        #expect(log.texts(after: 0, count: 10, byteLimit: 0) == ["a"])
        #expect(log.texts(after: 3, count: 10, byteLimit: 100).isEmpty)
        #expect(log.texts(after: 0, upTo: 2, count: 10, byteLimit: 100) == ["a", "b"])
    }

    @Test func `bodies tell how far they were looked for`() {
        var log = ChannelLog(limits: .roomy, carriesEvents: true)
        for type: UInt64 in [1, 2, 1, 2, 2] { log.publish("x", mark: .type(type)) }
        func reached(_ count: Int) -> UInt64 {
            log.bodies(after: 0, count: count, byteLimit: 100, filter: .type(1)).reached
        }
        #expect(reached(1) == 2, "the third is wanted and not answered")
        #expect(reached(2) == 5, "none of the others is wanted")
        let none = log.bodies(after: 0, count: 9, byteLimit: 100, filter: .type(7))
        #expect(none.bodies.isEmpty)
        #expect(none.reached == 5)
    }

    @Test(arguments: [(1, 2), (2, 0), (9, 0)] as [(Int, UInt64)])
    func `the last that a filter accepts begin behind an offset`(count: Int, offset: UInt64) {
        var log = ChannelLog(limits: .roomy, carriesEvents: true)
        for type: UInt64 in [1, 2, 1, 2, 2] { log.publish("x", mark: .type(type)) }
        let found = log.offset(beforeLast: count, upTo: .max, filter: .type(1))
        #expect(found == offset)
    }
}

extension HistoryLimits {
    static let roomy = HistoryLimits(count: 1000, bytes: 1 << 20)
}

extension LogSlice {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension ChannelLog {
    /// Publishes `text` in parentheses; the body is what is between them.
    @discardableResult
    mutating func publish(
        _ text: String,
        keepingAfter floor: UInt64 = .max,
        mark: EntryMark = EntryMark()
    ) -> UInt64 {
        append(keepingAfter: floor, capacity: text.utf8.count + 2, mark: mark) { _, target in
            target.copyBytes(from: "(\(text))".utf8)
            return EntryLayout(length: text.utf8.count + 2, body: 1..<text.utf8.count + 1)
        }.offset
    }

    func run(after offset: UInt64, byteLimit: Int = .max) -> LogRun? {
        var run = LogRun()
        return read(after: offset, into: &run, byteLimit: byteLimit) ? run : nil
    }

    func texts(
        after offset: UInt64,
        upTo limit: UInt64 = .max,
        count: Int,
        byteLimit: Int
    ) -> [String] {
        bodies(after: offset, upTo: limit, count: count, byteLimit: byteLimit).bodies.map(\.text)
    }

    func text(after offset: UInt64) -> String? {
        run(after: offset)?.text
    }
}

extension LogRun {
    var text: String { slices.map(\.text).joined() }
}

extension EntryMark {
    static func type(_ type: UInt64) -> EntryMark {
        var mark = EventMark()
        mark.type = type
        return EntryMark(event: mark)
    }
}

extension EventFilter {
    static func type(_ type: UInt64) -> EventFilter {
        var filter = EventFilter()
        filter.types = [type]
        return filter
    }
}
