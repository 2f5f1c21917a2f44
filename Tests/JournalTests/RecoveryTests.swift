import Journal
import Testing

@Suite("Recovery")
struct RecoveryTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Small segments, so that ten records make four of them: 1–3, 4–6, 7–9, 10.
    private var small: JournalConfiguration {
        var configuration = JournalConfiguration()
        configuration.segmentSize = 400
        return configuration
    }

    private func refusal() -> StateDirectoryError? {
        #expect(throws: StateDirectoryError.self) { _ = try Restart(folder) }
    }

    @Test func `an empty folder is an empty state`() throws {
        let restart = try Restart(folder)
        #expect(restart.recovery.lastSequence == 0)
        #expect(restart.recovery.snapshotSequence == nil)
        #expect(restart.recovery.warnings.isEmpty)
        #expect(restart.snapshot == nil)
        #expect(restart.replayed.isEmpty)
    }

    @Test func `records come in order across segments`() throws {
        try appendAll(records(1...10), to: folder, configuration: small)
        let restart = try Restart(folder)
        #expect(restart.replayed == records(1...10))
        #expect(restart.recovery.replayedRecords == 10)
        #expect(restart.recovery.lastSequence == 10)
        #expect(restart.recovery.warnings.isEmpty)
    }

    @Test func `progress ends at all that there is`() throws {
        try appendAll(records(1...10), to: folder, configuration: small)
        let directory = try StateDirectory(path: folder.state)
        var reports: [RecoveryProgress] = []
        _ = try directory.recover(
            progress: { reports.append($0) },
            loadSnapshot: { _ in },
            replay: { _, _ in }
        )
        #expect(reports.last?.records == 10)
        #expect(reports.last.map { $0.bytes == $0.totalBytes } == true)
    }

    @Test func `records before the snapshot are handed over as covered`() throws {
        try appendAll(records(1...10), to: folder, configuration: small)
        _ = try writeSnapshot(8, in: StateDirectory(path: folder.state))
        let restart = try Restart(folder)
        #expect(restart.covered == records(1...8))
        #expect(restart.replayed == records(9...10))
        #expect(restart.recovery.snapshotSequence == 8)
        #expect(restart.recovery.coveredRecords == 8)
        #expect(restart.recovery.lastSequence == 10)
    }

    @Test(arguments: [0, 1, 2, 3, 7, 8, 9, 100])
    func `only so many covered records as are retained`(count: Int) throws {
        try appendAll(records(1...10), to: folder, configuration: small)
        _ = try writeSnapshot(8, in: StateDirectory(path: folder.state))
        let restart = try Restart(folder, retainedRecords: UInt64(count))
        #expect(restart.covered == Array(records(1...8).suffix(count)))
        #expect(restart.replayed == records(9...10))
    }

    @Test func `a segment that was created but never written is normal`() throws {
        try appendAll(records(1...9), to: folder, configuration: small)
        try write([], to: folder.segment(10))
        #expect(try Restart(folder).recovery.lastSequence == 9)
        try appendAll(records(10...10), to: folder)
        #expect(try Restart(folder).replayed == records(1...10))
    }

    @Test func `an empty segment that does not follow is refused`() throws {
        try appendAll(records(1...9), to: folder)
        try write([], to: folder.segment(12))
        #expect(refusal()?.exitStatus == 78)
    }

    @Test func `an empty first segment after a snapshot is normal`() throws {
        _ = try writeSnapshot(7, in: StateDirectory(path: folder.state))
        try write([], to: folder.segment(8))
        #expect(try Restart(folder).recovery.lastSequence == 7)
    }

    @Test func `other files in the journal folder are left alone`() throws {
        try appendAll(records(1...2), to: folder)
        try write([1, 2, 3], to: "\(folder.state)/journal/notes.txt")
        #expect(try Restart(folder).replayed == records(1...2))
    }

    @Test(arguments: [(1, 4), (4, 7), (7, 10)])
    func `a missing segment is refused`(missing: Int, next: Int) throws {
        try appendAll(records(1...10), to: folder, configuration: small)
        try remove(folder.segment(missing))
        guard case .corrupt(let file, 0, _, let advice)? = refusal() else {
            Issue.record("not refused as corrupt")
            return
        }
        #expect(file == folder.segment(next))
        #expect(!advice.isEmpty)
    }

    @Test func `a journal that ends before its snapshot is refused`() throws {
        try appendAll(records(1...10), to: folder, configuration: small)
        _ = try writeSnapshot(10, in: StateDirectory(path: folder.state))
        try remove(folder.segment(10))
        #expect(refusal()?.exitStatus == 78)
    }

    @Test func `a snapshot without any journal is refused`() throws {
        _ = try writeSnapshot(10, in: StateDirectory(path: folder.state))
        #expect(refusal()?.exitStatus == 78)
    }

    @Test func `a record out of sequence is refused at its byte`() throws {
        try appendAll(records(1...2), to: folder)
        let intact = try contents(of: folder.segment(1))
        var bytes = intact
        record(4).appendLine(batch: 4, to: &bytes)
        try write(bytes, to: folder.segment(1))
        guard case .corrupt(folder.segment(1), intact.count, _, _)? = refusal() else {
            Issue.record("not refused at byte \(intact.count)")
            return
        }
        #expect(try contents(of: folder.segment(1)) == bytes)
    }

    @Test func `a repeated record is refused`() throws {
        try appendAll(records(1...2), to: folder)
        var bytes = try contents(of: folder.segment(1))
        record(2).appendLine(batch: 2, to: &bytes)
        try write(bytes, to: folder.segment(1))
        #expect(refusal()?.exitStatus == 78)
    }

    @Test func `an error of the owner ends it`() throws {
        struct Unreadable: Error {}
        try appendAll(records(1...2), to: folder)
        let directory = try StateDirectory(path: folder.state)
        #expect(throws: Unreadable.self) {
            _ = try directory.recover(
                loadSnapshot: { _ in },
                replay: { _, _ in throw Unreadable() }
            )
        }
    }
}
