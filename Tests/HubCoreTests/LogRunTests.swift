import HubCore
import Testing

@Suite("Log run")
struct LogRunTests {
    /// "(a)(b)(c)" at offsets 8, 9 and 10, in two segments when `isSplit`.
    private func run(isSplit: Bool = false) throws -> LogRun {
        var log = ChannelLog(lastOffset: 7, limits: .roomy)
        let texts = isSplit ? ["a", String(repeating: "b", count: 2000), "c"] : ["a", "b", "c"]
        for text in texts { log.publish(text) }
        let run = log.run(after: 7)
        return try #require(run)
    }

    @Test(arguments: [false, true])
    func `a write cut anywhere tells what must be finished`(isSplit: Bool) throws {
        let run = try run(isSplit: isSplit)
        #expect((run.slices.count > 1) == isSplit)
        let text = Array(run.text)
        let ends = [3, text.count - 3, text.count]
        for written in 0..<text.count {
            let cut = run.cut(at: written)
            let begins = [0] + ends.dropLast()
            let index = ends.firstIndex { written < $0 } ?? 3
            if begins.contains(written) {
                #expect(cut.rest == nil)
                #expect(cut.cursor == 7 + UInt64(index))
                #expect(cut.delivered == index)
            } else {
                #expect(cut.rest?.text == String(text[written..<ends[index]]))
                #expect(cut.cursor == 8 + UInt64(index))
                #expect(cut.delivered == index + 1)
            }
        }
        let whole = run.cut(at: text.count)
        #expect((whole.cursor, whole.delivered) == (10, 3))
        #expect(whole.rest == nil)
    }

    @Test func `what a subscriber has already is left out`() throws {
        let run = try run()
        #expect(run.suffix(after: 7).text == "(a)(b)(c)")
        #expect(run.suffix(after: 9).text == "(c)")
        #expect(run.suffix(after: 10).isEmpty)
        #expect(run.suffix(after: 8).start == 8)
        #expect(run.suffix(after: 8).head == 10)
    }

    @Test func `a filter leaves gaps, and the cursor still reaches the head`() throws {
        var log = ChannelLog(limits: .roomy, carriesEvents: true)
        for (text, type) in [("a", 1), ("b", 2), ("c", 2), ("d", 1), ("e", 2)] as [(String, UInt64)]
        {
            log.publish(text, mark: .type(type))
        }
        let whole = log.run(after: 0)
        let run = try #require(whole).filtered(by: .type(2))
        #expect(run.text == "(b)(c)(e)")
        #expect(run.slices.count == 2)
        #expect(run.head == 5)
        #expect(run.cut(at: 3).cursor == 2)
        #expect(run.cut(at: 6).cursor == 3, "what lies between is not for this subscriber")
        #expect(run.cut(at: 7).cursor == 5)
        #expect(try #require(whole).filtered(by: .type(3)).isEmpty)
    }

    @Test func `the latest of each key are kept in their order`() throws {
        var log = ChannelLog(limits: .roomy)
        for (text, key) in [("a1", 1), ("b1", 2), ("a2", 1), ("c1", 3), ("b2", 2)]
            as [(String, UInt64)]
        {
            log.publish(text, mark: EntryMark(key: key))
        }
        let run = log.run(after: 0)
        let latest = try #require(run).latest()
        #expect(latest.text == "(a2)(c1)(b2)")
        #expect((0..<latest.count).map { latest.offset($0) } == [3, 4, 5])
        #expect(latest.head == 5)
    }

    @Test func `a prefix ends with a whole publication`() throws {
        let run = try run()
        #expect(run.prefix(byteLimit: 100).text == "(a)(b)(c)")
        #expect(run.prefix(byteLimit: 8).text == "(a)(b)")
        #expect(run.prefix(byteLimit: 8).head == 9)
        #expect(run.prefix(byteLimit: 0).text == "(a)", "at least one")
        #expect(run.count(upTo: 9) == 2)
        #expect(run.count(upTo: 7) == 0)
    }

    @Test func `reading stops at a limit of bytes`() throws {
        var log = ChannelLog(limits: .roomy)
        for text in ["a", "b", "c"] { log.publish(text) }
        #expect(log.run(after: 0, byteLimit: 7)?.text == "(a)(b)")
        #expect(log.run(after: 0, byteLimit: 7)?.head == 2)
        #expect(log.run(after: 0, byteLimit: 0)?.text == "(a)")
    }
}

@Suite("Event filter")
struct EventFilterTests {
    private var mark: EventMark {
        var mark = EventMark()
        (mark.type, mark.agent, mark.task, mark.correlation, mark.severity) = (1, 2, 3, 4, 2)
        return mark
    }

    @Test func `an empty filter accepts everything`() {
        #expect(EventFilter().accepts(mark))
        #expect(EventFilter().accepts(EventMark()))
    }

    @Test func `all that is set must hold`() {
        var filter = EventFilter()
        (filter.types, filter.severity) = ([9, 1], 2)
        (filter.agent, filter.task, filter.correlation) = (2, 3, 4)
        #expect(filter.accepts(mark))
        for change in [
            { $0.types = [9] }, { $0.severity = 3 }, { $0.agent = 9 }, { $0.task = 9 },
            { $0.correlation = 9 },
        ] as [(inout EventFilter) -> Void] {
            var other = filter
            change(&other)
            #expect(!other.accepts(mark))
        }
    }
}
