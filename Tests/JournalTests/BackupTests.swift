import Journal
import Testing

@Suite("Backup")
struct BackupTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var target: String { "\(folder.path)/backup" }

    private func backUp() throws {
        _ = try Backup(of: folder.state, to: target).run { _ in }
    }

    /// What a hub would find in the copy.
    private func restored() throws -> Restart {
        try Restart(StateDirectory(path: target))
    }

    @Test func `everything durable is in the copy while the writer works`() throws {
        let directory = try StateDirectory(path: folder.state)
        let recovery = try Restart(directory).recovery
        let writer = try JournalWriter(directory, resuming: recovery)
        writer.append(records(1...5)) { _ in }
        writer.flush(through: 5)
        _ = try writeSnapshot(3, in: directory)
        try backUp()
        writer.append(records(6...6)) { _ in }
        writer.flush(through: 6)
        writer.close()
        let copy = try restored()
        #expect(copy.recovery.snapshotSequence == 3)
        #expect(copy.covered + copy.replayed == records(1...5))
        #expect(copy.recovery.warnings.isEmpty)
    }

    @Test func `a copy is known as one until something is written in it`() throws {
        try appendAll(records(1...5), to: folder)
        #expect(try Restart(folder).recovery.isRestored == false)
        try backUp()
        for _ in 1...2 { #expect(try restored().recovery.isRestored) }
        let directory = try StateDirectory(path: target)
        let writer = try JournalWriter(directory, resuming: Restart(directory).recovery)
        writer.append(records(6...6)) { _ in }
        writer.close()
        #expect(try restored().recovery.isRestored == false)
        #expect(try restored().replayed == records(1...6))
    }

    @Test func `a mark that cannot be read is refused`() throws {
        try appendAll(records(1...5), to: folder)
        try backUp()
        try write([0, 0, 0], to: "\(target)/backup.json")
        #expect { _ = try restored() } throws: { ($0 as? StateDirectoryError)?.exitStatus == 78 }
    }

    @Test func `what the writer has not finished is not in the copy`() throws {
        try appendAll(records(1...5), to: folder)
        try write(Array(try contents(of: folder.segment(1)).dropLast(9)), to: folder.segment(1))
        try backUp()
        #expect(try restored().replayed == records(1...4))
        #expect(try restored().recovery.warnings.isEmpty)
    }

    @Test func `a folder that exists is not overwritten`() throws {
        try appendAll(records(1...5), to: folder)
        try backUp()
        #expect { try backUp() } throws: { ($0 as? StateDirectoryError)?.exitStatus == 73 }
    }

    @Test func `a copy that does not hold gets no name`() throws {
        struct Bad: Error {}
        try appendAll(records(1...5), to: folder)
        #expect(throws: Bad.self) {
            _ = try Backup(of: folder.state, to: target).run { _ in throw Bad() }
        }
        #expect(throws: StateDirectoryError.self) {
            _ = try StateDirectory(existing: target, isReadOnly: true)
        }
    }

    @Test func `damage is told rather than copied`() throws {
        try appendAll(records(1...5), to: folder)
        var bytes = try contents(of: folder.segment(1))
        bytes[60] ^= 1
        try write(bytes, to: folder.segment(1))
        #expect { try backUp() } throws: { ($0 as? StateDirectoryError)?.exitStatus == 78 }
    }
}
