import Testing

@testable import Journal

@Suite("Tasks on disk", .timeLimit(.minutes(1)))
struct TaskHistoryTests {
    private static let start: Int64 = 1_763_889_120_000

    /// Three tasks begin in each ten milliseconds, and each has a second record thirty later.
    private static func record(_ number: Int) -> JournalRecord {
        let task = (number - 1) / 2
        // What a client has written may look like a place in a channel.
        let data = #"{"tasks.t3":1,"tasks.t\#(task + 1)":1}"#
        let place = "tasks.\(number % 2 == 1 ? "t\(task)" : "t\(max(0, task - 9))")"
        let offset = number % 2 == 1 ? 1 : 2
        let places = #"{"tasks":\#(number),"\#(place)":\#(offset)}"#
        let body = #"{"positions":\#(places),"event":{"data":\#(data)}}"#
        return JournalRecord(
            sequence: UInt64(number),
            time: time(of: task),
            body: Array(body.utf8)
        )
    }

    private static func time(of task: Int) -> Int64 { start + Int64(task / 3) * 10 }

    private static func withStore(
        count: Int = 400,
        archived: Int,
        _ body: (JournalHistory) throws -> Void
    ) throws {
        let folder = try TemporaryFolder()
        var configuration = JournalConfiguration()
        configuration.segmentSize = 2_000
        try appendAll((1...count).map(record), to: folder, configuration: configuration)
        let directory = try StateDirectory(path: folder.state)
        let writer = try JournalWriter(directory, resuming: Restart(directory).recovery)
        let keeper = SegmentKeeper(
            writer,
            retainedRecords: 0,
            limits: ArchiveConfiguration(),
            clock: { start },
            report: { Issue.record("\($0)") }
        )
        keeper.tidy(coveredThrough: UInt64(archived))
        keeper.finish()
        try body(JournalHistory(directory))
        writer.close()
    }

    private static func read(
        _ history: JournalHistory,
        task: Int,
        at time: Int64? = nil,
        durable: UInt64 = 400,
        scanLimit: Int = 1 << 30,
        first: Bool = false
    ) throws -> FoundRecords {
        try history.read(
            "tasks.t\(task)",
            beginningAt: time ?? Self.time(of: task),
            durableThrough: durable,
            scanLimit: scanLimit
        ) { _ in first }
    }

    @Test(arguments: [0, 200, 400])
    func `a task is found by its time, wherever it lies`(archived: Int) throws {
        try Self.withStore(archived: archived) { history in
            for task in 1..<190 {
                let found = try Self.read(history, task: task)
                let sequences = found.records.map(\.sequence)
                #expect(sequences == [UInt64(2 * task + 1), UInt64(2 * (task + 9) + 2)])
            }
            let one = try Self.read(history, task: 50, first: true)
            #expect(one.records.count == 1 && !one.isExhausted)
        }
    }

    @Test func `a task that there never was is not found, and not looked for everywhere`() throws {
        try Self.withStore(archived: 100) { history in
            #expect(try Self.read(history, task: 999, at: Self.start).records.isEmpty)
            let early = try Self.read(history, task: 5, at: Self.start - 60_000)
            #expect(early.records.isEmpty && early.scannedBytes < 10_000)
            #expect(try Self.read(history, task: 5, at: Self.start + 60_000).records.isEmpty)
            #expect(try Self.read(history, task: 190, at: .max).records.isEmpty)
            #expect(try Self.read(history, task: 190, at: .min).records.isEmpty)
        }
    }

    @Test func `nothing that is not durable is answered`() throws {
        try Self.withStore(archived: 0) { history in
            let found = try Self.read(history, task: 100, durable: 210)
            #expect(found.records.map(\.sequence) == [201])
        }
    }

    @Test func `looking ends at its limit`() throws {
        try Self.withStore(archived: 200) { history in
            let found = try Self.read(history, task: 1, scanLimit: 1)
            #expect(found.isExhausted && found.records.count == 1)
        }
    }
}
