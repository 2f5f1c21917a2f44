import Foundation
import Glibc
import Journal
import Synchronization
import Testing

@Suite("Disk space")
struct DiskSpaceTests {
    private let folder: TemporaryFolder
    private let outcomes = Outcomes()

    init() throws {
        folder = try TemporaryFolder()
    }

    private func start(
        _ operations: any FileOperations,
        in directory: StateDirectory? = nil
    ) throws -> JournalWriter {
        let directory = try directory ?? StateDirectory(path: folder.state)
        var configuration = JournalConfiguration()
        configuration.reservationStep = 64 << 10
        return try JournalWriter(
            directory,
            resuming: Restart(directory).recovery,
            configuration: configuration,
            operations: operations
        )
    }

    @Test func `reserved blocks do not show in the size of the segment`() throws {
        let writer = try start(SystemFileOperations())
        try writer.reserve(1 << 20)
        var status = stat()
        #expect(stat(folder.segment(1), &status) == 0)
        #expect(status.st_size == 0)
        #expect(status.st_blocks * 512 >= 1 << 20)
        writer.close()
        #expect(stat(folder.segment(1), &status) == 0)
        #expect(status.st_blocks == 0)
    }

    @Test func `a full disk is told before anything is decided, and so is its end`() throws {
        let operations = ScriptedFileOperations(
            .init(reservations: [ENOSPC, ENOSPC, ENOSPC, ENOSPC])
        )
        let writer = try start(operations)
        writer.flush(through: 0)
        #expect(throws: StorageError.self) { try writer.reserve(1000) }
        #expect(writer.metrics.failure != nil)
        try writer.reserve(1000)
        #expect(writer.metrics.failure == nil)
        writer.close()
    }

    @Test func `where blocks cannot be reserved the write itself decides`() throws {
        let operations = ScriptedFileOperations(.init(reservations: [EOPNOTSUPP]))
        let writer = try start(operations)
        try writer.reserve(.max / 2)
        writer.append(records(1...1), whenDurable: outcomes.note("a"))
        writer.close()
        #expect(outcomes["a"] == .durable)
    }

    @Test func `a file system that has become read-only refuses reservations`() throws {
        let directory = try StateDirectory(path: folder.state)
        let operations = ReadOnlyOperations()
        let writer = try start(operations, in: directory)
        try writer.reserve(100)
        operations.isReadOnly.store(true, ordering: .relaxed)
        #expect {
            try writer.reserve(100)
        } throws: {
            "\($0)".contains("Read-only file system")
        }
        #expect(writer.metrics.failure != nil)
        operations.isReadOnly.store(false, ordering: .relaxed)
        try writer.reserve(100)
        #expect(writer.metrics.failure == nil)
        writer.close()
    }

    @Test func `there is room for what is reserved and no more`() throws {
        var configuration = JournalConfiguration()
        configuration.reservationStep = 64 << 10
        configuration.segmentSize = 48 << 10
        let directory = try StateDirectory(path: folder.state)
        let writer = try JournalWriter(
            directory,
            resuming: Restart(directory).recovery,
            configuration: configuration
        )
        try writer.reserve(32 << 10)
        #expect(writer.hasRoom(for: 32 << 10))
        // Another segment would have to be begun for these, which takes room of its own.
        #expect(!writer.hasRoom(for: 49 << 10))
        #expect(!writer.hasRoom(for: 1 << 20))
        writer.close()
    }

    @Test(.enabled(if: canMount, "needs root, to mount a small tmpfs"))
    func `on a really full disk nothing acknowledged is lost and it goes on afterwards`() throws {
        let mountPoint = folder.state
        mkdir(mountPoint, 0o700)
        #expect(run("mount", "-t", "tmpfs", "-o", "size=512k", "none", mountPoint) == 0)
        defer { _ = run("umount", "-l", mountPoint) }

        let filler = "\(mountPoint)/filler"
        try write([UInt8](repeating: 1, count: 128 << 10), to: filler)
        let directory = try StateDirectory(path: folder.state)
        let writer = try start(SystemFileOperations(), in: directory)
        var next = 1
        var refusals = 0
        while refusals == 0, next < 2000 {
            writer.append([record(next, padding: 1000)], whenDurable: outcomes.note("\(next)"))
            writer.flush(through: 0)
            if outcomes["\(next)"] == .durable { next += 1 } else { refusals += 1 }
        }
        #expect(outcomes["\(next)"] == .unavailable)
        #expect(next > 100)
        #expect(throws: StorageError.self) { try writer.reserve(8 << 10) }

        unlink(filler)
        try writer.reserve(8 << 10)
        writer.append([record(next, padding: 1000)], whenDurable: outcomes.note("again"))
        writer.close()
        #expect(outcomes["again"] == .durable)
        let expected = (1...next).map { record($0, padding: 1000) }
        #expect(try Restart(directory).replayed == expected)
    }

    private static let canMount: Bool = {
        guard getuid() == 0, let folder = try? TemporaryFolder() else { return false }
        guard run("mount", "-t", "tmpfs", "none", folder.path) == 0 else { return false }
        return run("umount", folder.path) == 0
    }()
}

/// The real calls on a file system that can become read-only.
private final class ReadOnlyOperations: FileOperations {
    let isReadOnly = Atomic<Bool>(false)
    private let system = SystemFileOperations()

    func write(_ bytes: UnsafeRawBufferPointer, to file: CInt) throws(FileError) -> Int {
        try system.write(bytes, to: file)
    }

    func overwrite(
        _ bytes: UnsafeRawBufferPointer,
        at offset: Int,
        of file: CInt
    ) throws(FileError) -> Int {
        try system.overwrite(bytes, at: offset, of: file)
    }

    func synchronizeData(_ file: CInt) throws(FileError) { try system.synchronizeData(file) }

    func truncate(_ file: CInt, to length: Int) throws(FileError) {
        try system.truncate(file, to: length)
    }

    func reserve(_ file: CInt, from offset: Int, count: Int) throws(FileError) {
        try system.reserve(file, from: offset, count: count)
    }

    func checkWritable(_ path: String) throws(FileError) {
        guard isReadOnly.load(ordering: .relaxed) else { return }
        throw FileError(call: "access", path: "journal", code: EROFS)
    }
}

/// The exit status of a program that is looked for in the path.
private func run(_ arguments: String...) -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
}
