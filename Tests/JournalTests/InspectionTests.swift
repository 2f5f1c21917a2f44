import Journal
import Testing

/// A folder looked at, repaired and copied without a hub.
@Suite("Inspection and repair")
struct InspectionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        var configuration = JournalConfiguration()
        configuration.segmentSize = 400
        // Segments: 1–3 or fewer each, up to 10.
        try appendAll(records(1...10), to: folder, configuration: configuration)
    }

    private var segments: [String] {
        get throws { try folder.files(in: "journal").filter { $0.hasSuffix(".jsonl") } }
    }

    private func flip(_ path: String, at offset: Int) throws {
        var bytes = try contents(of: path)
        bytes[offset] ^= 1
        try write(bytes, to: path)
    }

    private func everything() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try folder.files(in: "journal") {
            files[name] = try contents(of: "\(folder.state)/journal/\(name)")
        }
        return files
    }

    private func repair(isDryRun: Bool = false) throws -> [String] {
        var steps: [String] = []
        let directory = try StateDirectory(existing: folder.state, isReadOnly: isDryRun)
        try directory.repair(isDryRun: isDryRun) { steps.append($0) }
        return steps
    }

    private func reports() throws -> [SegmentReport] {
        try StateDirectory(existing: folder.state, isReadOnly: true).inspectSegments()
    }

    @Test func `an intact journal has no damage, and every record is counted`() throws {
        let reports = try reports()
        #expect(reports.count > 3)
        #expect(reports.allSatisfy { $0.damage == nil })
        #expect(reports.reduce(0) { $0 + $1.records } == 10)
        #expect(try repair() == [])
    }

    @Test func `damage of each segment is found at its record`() throws {
        for (index, report) in try reports().enumerated() {
            try flip(report.path, at: 60)
            #expect(try reports()[index].damage?.offset == 0)
            #expect(try reports().filter { $0.damage != nil }.count == 1)
            try flip(report.path, at: 60)
        }
    }

    @Test func `a missing segment is found`() throws {
        let names = try segments
        try remove("\(folder.state)/journal/\(names[1])")
        #expect(try reports().compactMap(\.description).count == 1)
    }

    @Test func `a folder in use is refused`() throws {
        let hub = try StateDirectory(path: folder.state)
        for isReadOnly in [true, false] {
            #expect {
                _ = try StateDirectory(existing: folder.state, isReadOnly: isReadOnly)
            } throws: { ($0 as? StateDirectoryError)?.exitStatus == 75 }
        }
        withExtendedLifetime(hub) {}
    }

    @Test func `two may look at a folder, and no hub starts meanwhile`() throws {
        let first = try StateDirectory(existing: folder.state, isReadOnly: true)
        let second = try StateDirectory(existing: folder.state, isReadOnly: true)
        #expect { _ = try StateDirectory(path: folder.state) } throws: {
            ($0 as? StateDirectoryError)?.exitStatus == 75
        }
        withExtendedLifetime((first, second)) {}
    }

    @Test func `a folder that is none is refused and not created`() throws {
        let path = "\(folder.path)/other"
        #expect(throws: StateDirectoryError.notAStateFolder(path: path)) {
            _ = try StateDirectory(existing: path, isReadOnly: true)
        }
        #expect(throws: (any Error).self) { try contents(of: path) }
    }

    @Test func `a torn tail is cut and kept, and a dry run only says so`() throws {
        let last = try #require(try reports().last)
        let whole = try contents(of: last.path)
        try write(Array(whole.dropLast(7)), to: last.path)
        let before = try everything()
        #expect(try repair(isDryRun: true).count == 1)
        #expect(try everything() == before)
        #expect(try repair().count == 1)
        #expect(try reports().allSatisfy { $0.damage == nil })
        #expect(try folder.files(in: "journal").contains { $0.contains(".torn-") })
        #expect(try Restart(folder).replayed == records(1...9))
    }

    @Test func `a damaged snapshot is set aside`() throws {
        let directory = try StateDirectory(path: folder.state)
        for sequence in [5, 8] { _ = try writeSnapshot(sequence, in: directory) }
        directory.release()
        try flip("\(folder.snapshot(8))/tasks.json", at: 3)
        #expect(try repair(isDryRun: true).count == 1)
        #expect(try folder.files(in: "snapshots").count == 2)
        #expect(try repair().count == 1)
        #expect(try folder.files(in: "snapshots").contains { $0.hasSuffix(".corrupt") })
        #expect(try Restart(folder).recovery.snapshotSequence == 5)
    }

    @Test func `damage that a snapshot covers costs history and nothing else`() throws {
        let directory = try StateDirectory(path: folder.state)
        _ = try writeSnapshot(9, in: directory)
        directory.release()
        let reports = try reports()
        try flip(reports[1].path, at: 60)
        #expect(throws: StateDirectoryError.self) { _ = try Restart(folder) }
        #expect(try repair(isDryRun: true).count == 2)
        #expect(try repair().count == 2)
        let restart = try Restart(folder)
        #expect(restart.covered.first?.sequence == reports[2].firstSequence)
        #expect(restart.replayed == records(10...10))
    }

    @Test func `damage that nothing covers stays as it is`() throws {
        try flip(try #require(try reports().first).path, at: 60)
        let before = try everything()
        #expect(throws: StateDirectoryError.self) { try repair() }
        #expect(try everything() == before)
    }
}
