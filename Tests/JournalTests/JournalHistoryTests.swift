import Testing

@testable import Journal

@Suite("History on disk", .timeLimit(.minutes(1)))
struct JournalHistoryTests {
    /// Record n is event n of `all`; each third one is in `third` too, and each pair in a task's.
    private static func record(_ number: Int, padding: Int = 0) -> JournalRecord {
        var positions = #""all":\#(number)"#
        if number % 3 == 0 { positions += #","third":\#(number / 3)"# }
        positions += #","tasks.t\#((number - 1) / 2)":\#((number - 1) % 2 + 1)"#
        let text = String(repeating: "x", count: padding)
        return JournalRecord(
            sequence: UInt64(number),
            time: 1_763_889_120_000 + Int64(number),
            body: Array(#"{"positions":{\#(positions)},"event":{"text":"\#(text)"}}"#.utf8)
        )
    }

    /// A folder with archived segments and others.
    private struct Store {
        let folder: TemporaryFolder
        let writer: JournalWriter
        let history: JournalHistory

        init(count: Int, padding: Int = 0, segment: Int = 2_000, archived: Int) throws {
            folder = try TemporaryFolder()
            var configuration = JournalConfiguration()
            configuration.segmentSize = segment
            let records = (1...count).map { JournalHistoryTests.record($0, padding: padding) }
            try appendAll(records, to: folder, configuration: configuration)
            let directory = try StateDirectory(path: folder.state)
            writer = try JournalWriter(directory, resuming: Restart(directory).recovery)
            let keeper = SegmentKeeper(
                writer,
                retainedRecords: 0,
                limits: ArchiveConfiguration(),
                clock: { 1_763_889_120_000 },
                report: { Issue.record("\($0)") }
            )
            keeper.tidy(coveredThrough: UInt64(archived))
            keeper.finish()
            history = JournalHistory(directory)
        }

        func read(
            _ channel: String,
            after: UInt64,
            through: UInt64,
            count: Int = 1_000,
            bytes: Int = 1 << 20,
            from sequence: UInt64? = nil,
            mayBeginLater: Bool = false,
            scanLimit: Int = 1 << 30
        ) throws -> HistoryPage {
            var query = HistoryQuery(
                channel: channel,
                after: after,
                through: through,
                count: count,
                byteLimit: bytes
            )
            query.firstSequence = sequence
            query.mayBeginLater = mayBeginLater
            return try history.read(
                query,
                durableThrough: writer.metrics.durableSequence,
                scanLimit: scanLimit
            )
        }
    }

    @Test(arguments: [0, 60, 200])
    func `every page has what follows, wherever it lies`(archived: Int) throws {
        let store = try Store(count: 200, archived: archived)
        for channel in [("all", 200), ("third", 66)] {
            for after in stride(from: 0, to: channel.1, by: 7) {
                let through = UInt64(min(after + 20, channel.1))
                let page = try store.read(channel.0, after: UInt64(after), through: through)
                #expect(page.isWhole && page.reached == through)
                #expect(page.records.map(\.offset) == Array(UInt64(after) + 1...through))
                let step = channel.0 == "third" ? 3 : 1
                #expect(page.records.allSatisfy { $0.record.sequence == $0.offset * UInt64(step) })
            }
        }
        store.writer.close()
    }

    @Test func `a page ends at its limits, and the next one goes on`() throws {
        let store = try Store(count: 100, padding: 50, archived: 50)
        var reached: UInt64 = 0
        var pages = 0
        while reached < 100 {
            let page = try store.read("all", after: reached, through: 100, count: 7, bytes: 600)
            #expect(page.isWhole && !page.records.isEmpty && page.records.count <= 7)
            #expect(page.records.first?.offset == reached + 1)
            let bytes = page.records.reduce(0) { $0 + $1.record.body.count }
            #expect(bytes <= 600 || page.records.count == 1)
            reached = page.reached
            pages += 1
        }
        #expect(pages >= 100 / 7)
        let one = try store.read("all", after: 3, through: 100, bytes: 1)
        #expect(one.records.map(\.offset) == [4])
        store.writer.close()
    }

    @Test func `a task is read from where it began`() throws {
        let store = try Store(count: 100, archived: 60)
        for task in [0, 10, 29, 49] {
            let page = try store.read(
                "tasks.t\(task)",
                after: 0,
                through: 2,
                from: UInt64(2 * task + 1)
            )
            #expect(page.isWhole)
            #expect(page.records.map(\.offset) == [1, 2])
        }
        store.writer.close()
    }

    @Test func `what comes meanwhile is found, also after a first look`() throws {
        let store = try Store(count: 20, archived: 10)
        #expect(try store.read("all", after: 5, through: 20).reached == 20)
        for number in 21...200 {
            store.writer.append([Self.record(number)]) { _ in }
        }
        store.writer.flush(through: 200)
        let page = try store.read("all", after: 15, through: 200)
        #expect(page.isWhole && page.records.map(\.offset) == Array(16...200))
        store.writer.close()
    }

    @Test func `what is gone is not answered as if it were whole`() throws {
        let store = try Store(count: 100, archived: 60)
        let first = try store.folder.files(in: "archive")[0]
        try remove("\(store.folder.state)/archive/\(first)")
        let page = try store.read("all", after: 0, through: 100)
        #expect(!page.isWhole && page.records.isEmpty)
        let later = try store.read("all", after: 0, through: 100, mayBeginLater: true)
        #expect(later.isWhole && later.reached == 100)
        let oldest = try #require(later.records.first?.offset)
        #expect(oldest > 1 && later.records.map(\.offset) == Array(oldest...100))
        // A hole in the middle ends the page before it.
        let third = try store.folder.files(in: "archive")[1]
        try remove("\(store.folder.state)/archive/\(third)")
        let cut = try store.read("all", after: oldest - 1, through: 100)
        #expect(!cut.isWhole && cut.reached < 100)
        store.writer.close()
    }

    @Test func `reading ends when it has looked at enough`() throws {
        let store = try Store(count: 100, archived: 60)
        let page = try store.read("tasks.t49", after: 0, through: 2, from: 1, scanLimit: 1_000)
        #expect(page.isExhausted && page.records.isEmpty && page.scannedBytes > 1_000)
        store.writer.close()
    }

    @Test func `large journals are read block by block`() throws {
        // Some four mebibytes in one segment, thus several blocks.
        let store = try Store(count: 400, padding: 10_000, segment: 1 << 30, archived: 0)
        _ = try store.read("all", after: 0, through: 1)
        let late = try store.read("all", after: 390, through: 400)
        #expect(late.isWhole && late.records.map(\.offset) == Array(391...400))
        #expect(late.scannedBytes < 3 << 20)
        let third = try store.read("third", after: 0, through: 133, bytes: 1 << 30)
        #expect(third.records.count == 133)
        store.writer.close()
    }
}
