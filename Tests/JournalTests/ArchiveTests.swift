import Foundation
import Synchronization
import Testing

@testable import Journal

@Suite("The archive", .timeLimit(.minutes(1)))
struct ArchiveTests {
    /// A hub's journal of segments with three records each, and its keeper.
    private func open(
        _ folder: TemporaryFolder,
        count: Int = 0,
        limits: ArchiveConfiguration = ArchiveConfiguration(),
        now: Int64 = 1_763_889_120_000,
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> (writer: JournalWriter, keeper: SegmentKeeper) {
        var configuration = JournalConfiguration()
        configuration.segmentSize = 400
        if count > 0 {
            try appendAll(records(1...count), to: folder, configuration: configuration)
        }
        let directory = try StateDirectory(path: folder.state)
        let writer = try JournalWriter(directory, resuming: Restart(directory).recovery)
        let keeper = SegmentKeeper(
            writer,
            retainedRecords: 0,
            limits: limits,
            clock: { now },
            report: report
        )
        return (writer, keeper)
    }

    private func archived(_ first: Int) -> String {
        let digits = String(first)
        return String(repeating: "0", count: 20 - digits.count) + digits + ".jsonl.gz"
    }

    /// What zcat makes of a file, or `nil` when it finds it damaged.
    private func inflated(_ path: String) throws -> [UInt8]? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/gzip")
        process.arguments = ["-dc", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? Array(data) : nil
    }

    @Test func `zcat shows an archived segment as it was`() throws {
        let folder = try TemporaryFolder()
        let (writer, keeper) = try open(folder, count: 10)
        let before = try contents(of: folder.segment(1))
        keeper.tidy(coveredThrough: 6)
        keeper.finish()
        #expect(try folder.files(in: "archive") == [archived(1), archived(4)])
        #expect(try inflated("\(folder.state)/archive/\(archived(1))") == before)
        #expect(try folder.files(in: "journal").count == 2)
        #expect(writer.metrics.archivedSegments == 2)
        #expect(writer.metrics.archives == 2)
        #expect(writer.metrics.segments == 2)
        writer.close()
    }

    @Test func `archive and journal are read as one`() throws {
        let folder = try TemporaryFolder()
        let (writer, keeper) = try open(folder, count: 10)
        keeper.tidy(coveredThrough: 6)
        keeper.finish()
        let source = RecordSource(writer.directory)
        #expect(try source.firstSequence() == 1)
        var all: [JournalRecord] = []
        let end = try source.read {
            all.append($0)
            return true
        }
        #expect(all == records(1...10))
        #expect(end == 11)
        var some: [JournalRecord] = []
        try source.read(from: 5, through: 8) {
            some.append($0)
            return true
        }
        #expect(some == records(5...8))
        var few: [JournalRecord] = []
        #expect(
            try source.read(from: 3, through: 10) {
                few.append($0)
                return few.count < 2
            } == 5
        )
        #expect(few == records(3...4))
        #expect(throws: StateDirectoryError.self) { try source.read(through: 11) { _ in true } }
        writer.close()
    }

    @Test func `a missing or damaged segment of the archive is told`() throws {
        let folder = try TemporaryFolder()
        let (writer, keeper) = try open(folder, count: 10)
        _ = try writeSnapshot(9, in: writer.directory)
        keeper.tidy(coveredThrough: 9)
        keeper.finish()
        writer.close()
        let path = "\(folder.state)/archive/\(archived(4))"
        let whole = try contents(of: path)
        let source = try RecordSource(StateDirectory(path: folder.state))
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 0x10
            try write(bytes, to: path)
            // Time, system and compression flags say nothing about the records.
            if (4...9).contains(place) { continue }
            var read: [JournalRecord] = []
            let error = #expect(throws: StateDirectoryError.self) {
                try source.read {
                    read.append($0)
                    return true
                }
            }
            #expect(error?.description.contains(path) == true, "byte \(place)")
            #expect(read == records(1...3), "byte \(place)")
        }
        try remove(path)
        let error = #expect(throws: StateDirectoryError.self) { try source.read { _ in true } }
        #expect(error?.description.contains("from 4 on are missing") == true)
    }

    @Test func `a segment that is damaged stays where it is`() throws {
        let folder = try TemporaryFolder()
        let problems = Mutex<[String]>([])
        let (writer, keeper) = try open(folder, count: 10) { problem in
            problems.withLock { $0.append(problem) }
        }
        var bytes = try contents(of: folder.segment(4))
        bytes[60] ^= 1
        try write(bytes, to: folder.segment(4))
        keeper.tidy(coveredThrough: 9)
        keeper.finish()
        #expect(try folder.files(in: "archive") == [archived(1)])
        #expect(try folder.files(in: "journal").count == 3)
        #expect(problems.withLock { $0.first?.contains(folder.segment(4)) } == true)
        #expect(writer.metrics.archiveFailures == 1)
        writer.close()
    }

    @Test func `what an interrupted attempt has left is cleared away`() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: "\(folder.state)/archive",
            withIntermediateDirectories: true
        )
        try write([1, 2, 3], to: "\(folder.state)/archive/\(archived(1)).partial")
        let (writer, keeper) = try open(folder, count: 4)
        keeper.finish()
        #expect(try folder.files(in: "archive") == [])
        writer.close()
    }

    @Test func `what a crash has left in archive and journal is read once`() throws {
        let folder = try TemporaryFolder()
        var (writer, keeper) = try open(folder, count: 10)
        let segment = try contents(of: folder.segment(1))
        _ = try writeSnapshot(9, in: writer.directory)
        keeper.tidy(coveredThrough: 3)
        keeper.close()
        writer.close()
        try write(segment, to: folder.segment(1))
        (writer, keeper) = try open(folder)
        var sequences: [UInt64] = []
        try RecordSource(writer.directory).read {
            sequences.append($0.sequence)
            return true
        }
        #expect(sequences == Array(1...10))
        keeper.tidy(coveredThrough: 3)
        keeper.finish()
        #expect(try !folder.files(in: "journal").contains("00000000000000000001.jsonl"))
        writer.close()
    }

    @Test func `the oldest goes beyond the limits`() throws {
        let folder = try TemporaryFolder()
        var (writer, keeper) = try open(folder, count: 10)
        _ = try writeSnapshot(9, in: writer.directory)
        keeper.tidy(coveredThrough: 9)
        keeper.finish()
        let sizes = try folder.files(in: "archive").map {
            try contents(of: "\(folder.state)/archive/\($0)").count
        }
        writer.close()

        var limits = ArchiveConfiguration()
        limits.maximumBytes = sizes[1] + sizes[2]
        (writer, keeper) = try open(folder, limits: limits)
        keeper.finish()
        #expect(try folder.files(in: "archive") == [archived(4), archived(7)])
        #expect(writer.metrics.removedArchives == 1)
        writer.close()

        limits = ArchiveConfiguration()
        limits.maximumAgeMs = 5_000
        // Records have been written in the millisecond of their sequence.
        (writer, keeper) = try open(folder, limits: limits, now: 1_763_889_126_000)
        keeper.finish()
        #expect(try folder.files(in: "archive") == [])
        writer.close()
    }

    @Test func `a keeper that is closed leaves the rest for later`() throws {
        let folder = try TemporaryFolder()
        let (writer, keeper) = try open(folder, count: 10)
        keeper.close()
        keeper.tidy(coveredThrough: 9)
        keeper.finish()
        #expect(try folder.files(in: "journal").count == 4)
        writer.close()
    }

    @Test func `without an archive segments are deleted`() throws {
        let folder = try TemporaryFolder()
        var limits = ArchiveConfiguration()
        limits.maximumBytes = 0
        let (writer, keeper) = try open(folder, count: 10, limits: limits)
        keeper.tidy(coveredThrough: 6)
        keeper.finish()
        #expect(try folder.files(in: "journal").count == 2)
        #expect(!FileManager.default.fileExists(atPath: "\(folder.state)/archive"))
        writer.close()
    }
}
