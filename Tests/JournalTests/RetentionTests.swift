import Journal
import Testing

@Suite("Segment retention")
struct RetentionTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var covered: UInt64
        var retained: UInt64
        /// The first sequence of the oldest segment that stays.
        var oldest: Int

        var testDescription: String { "covered \(covered), retained \(retained): from \(oldest)" }
    }

    /// The segments are 1–3, 4–6, 7–9 and 10.
    static let examples = [
        Example(covered: 0, retained: 0, oldest: 1),
        Example(covered: 2, retained: 0, oldest: 1),
        Example(covered: 3, retained: 0, oldest: 4),
        Example(covered: 8, retained: 0, oldest: 7),
        Example(covered: 10, retained: 0, oldest: 10),
        Example(covered: 10, retained: 1, oldest: 10),
        Example(covered: 10, retained: 2, oldest: 7),
        Example(covered: 10, retained: 7, oldest: 4),
        Example(covered: 10, retained: 8, oldest: 1),
        Example(covered: 10, retained: 20_000, oldest: 1),
    ]

    @Test(arguments: examples)
    func `a segment goes when it is covered and old enough`(example: Example) throws {
        let folder = try TemporaryFolder()
        var configuration = JournalConfiguration()
        configuration.segmentSize = 400
        try appendAll(records(1...10), to: folder, configuration: configuration)
        let directory = try StateDirectory(path: folder.state)
        let writer = try JournalWriter(directory, resuming: Restart(directory).recovery)
        let removed = try writer.removeSegments(
            coveredThrough: example.covered,
            retainedRecords: example.retained
        )
        #expect(
            try folder.files(in: "journal").first.map { "\(folder.state)/journal/\($0)" }
                == folder.segment(example.oldest)
        )
        #expect(removed == (example.oldest - 1) / 3)
        #expect(writer.metrics.segments == 4 - removed)
        writer.close()
    }

    @Test func `what is left is enough for a restart`() throws {
        let folder = try TemporaryFolder()
        var configuration = JournalConfiguration()
        configuration.segmentSize = 400
        try appendAll(records(1...10), to: folder, configuration: configuration)
        let directory = try StateDirectory(path: folder.state)
        let writer = try JournalWriter(directory, resuming: Restart(directory).recovery)
        _ = try writeSnapshot(5, in: directory)
        let receipt = try writeSnapshot(8, in: directory)
        let older = try #require(receipt.olderSequence)
        #expect(try writer.removeSegments(coveredThrough: older, retainedRecords: 0) == 1)
        writer.close()

        let restart = try Restart(directory)
        #expect(restart.covered == records(4...8))
        #expect(restart.replayed == records(9...10))
        // The newer one being damaged, the older one needs what is left too.
        try write([], to: folder.snapshot(8) + "/tasks.json")
        #expect(try Restart(directory).replayed == records(6...10))
    }
}
