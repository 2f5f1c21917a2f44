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
        #expect(log.slices(after: 0)?.count == 1)
        #expect(log.text(after: 0) == "(a)(b)(c)")
        #expect(log.text(after: 2) == "(c)")
        #expect(log.text(after: 3) == "")
    }

    @Test func `what does not fit goes to the next segment`() {
        var log = ChannelLog(limits: .roomy)
        let texts = (0..<40).map { String(repeating: "\($0 % 10)", count: 97 + $0) }
        for text in texts { log.publish(text) }
        #expect((log.slices(after: 0)?.count ?? 0) > 1)
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

    @Test(arguments: 0..<9)
    func `a cut write tells which entry must be finished`(position: Int) throws {
        var log = ChannelLog(limits: .roomy)
        for letter in ["a", "b", "c"] { log.publish(letter) }
        let found = log.entry(holding: position, after: 0)
        let cut = try #require(found)
        let whole = Array("(a)(b)(c)")
        let end = (position / 3 + 1) * 3
        #expect(cut.offset == UInt64(position / 3 + 1))
        #expect(cut.isWhole == (position % 3 == 0))
        #expect(cut.rest.text == String(whole[position..<end]))
    }

    @Test func `a write that was not cut has no entry to finish`() {
        var log = ChannelLog(limits: .roomy)
        log.publish("a")
        #expect(log.entry(holding: 3, after: 0) == nil)
        #expect(log.entry(holding: 0, after: 1) == nil)
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
        #expect(log.bodies(after: 0, count: 10, byteLimit: 100).map(\.text) == ["a", "b", "c"])
        #expect(log.bodies(after: 1, count: 1, byteLimit: 100).map(\.text) == ["b"])
        #expect(log.bodies(after: 0, count: 10, byteLimit: 2).map(\.text) == ["a", "b"])
        #expect(log.bodies(after: 0, count: 10, byteLimit: 0).map(\.text) == ["a"])
        #expect(log.bodies(after: 3, count: 10, byteLimit: 100).isEmpty)
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
    mutating func publish(_ text: String, keepingAfter floor: UInt64 = .max) -> UInt64 {
        append(keepingAfter: floor, capacity: text.utf8.count + 2) { _, target in
            target.copyBytes(from: "(\(text))".utf8)
            return EntryLayout(length: text.utf8.count + 2, body: 1..<text.utf8.count + 1)
        }
    }

    func text(after offset: UInt64) -> String? {
        slices(after: offset)?.map(\.text).joined()
    }
}
