import Glibc
import Journal
import Synchronization
import Testing

/// The calls on a disk behind a page cache: what was written since the last successful `fdatasync`
/// is gone after a power cut, and for ever once that call has failed.
private final class PageCache: FileOperations {
    private struct State {
        /// What the disk has, by the segment's path.
        var disk: [String: [UInt8]] = [:]
        var dirty: [String: [Range<Int>]] = [:]
        var isFailing = false
        var overwritten = 0
    }

    private let state = Mutex(State())
    private let system = SystemFileOperations()

    /// Whether `fdatasync` fails, and the process ends before it can truncate.
    func fail(_ isFailing: Bool) {
        state.withLock { $0.isFailing = isFailing }
    }

    /// The bytes that were written over others so far.
    var overwritten: Int { state.withLock { $0.overwritten } }

    /// Leaves of the segments what the disk has.
    func cutPower() throws {
        for (path, bytes) in state.withLock({ $0.disk }) { try replace(path, with: bytes) }
    }

    func write(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) throws(FileError) -> Int {
        let start = size(of: descriptor)
        let count = try system.write(bytes, to: descriptor)
        note(start..<start + count, of: descriptor)
        return count
    }

    func overwrite(
        _ bytes: UnsafeRawBufferPointer,
        at offset: Int,
        of descriptor: CInt
    ) throws(FileError) -> Int {
        let count = try system.overwrite(bytes, at: offset, of: descriptor)
        note(offset..<offset + count, of: descriptor)
        state.withLock { $0.overwritten += count }
        return count
    }

    func synchronizeData(_ descriptor: CInt) throws(FileError) {
        let path = path(of: descriptor)
        let content = (try? contents(of: path)) ?? []
        let isDone = state.withLock { state in
            let dirty = state.dirty.removeValue(forKey: path) ?? []
            var image = state.disk[path] ?? []
            image.append(contentsOf: repeatElement(0, count: max(content.count - image.count, 0)))
            if !state.isFailing {
                for range in dirty { image.replaceSubrange(range, with: content[range]) }
            }
            state.disk[path] = image
            return !state.isFailing
        }
        if !isDone { throw FileError(call: "fdatasync", path: path, code: EIO) }
    }

    func truncate(_ descriptor: CInt, to length: Int) throws(FileError) {
        if state.withLock({ $0.isFailing }) {
            throw FileError(call: "ftruncate", path: "test", code: EIO)
        }
        try system.truncate(descriptor, to: length)
    }

    func reserve(_ descriptor: CInt, from offset: Int, count: Int) throws(FileError) {}

    private func note(_ range: Range<Int>, of descriptor: CInt) {
        let path = path(of: descriptor)
        state.withLock { $0.dirty[path, default: []].append(range) }
    }

    private func size(of descriptor: CInt) -> Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    private func path(of descriptor: CInt) -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
        let name = buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }
        return String(decoding: name, as: UTF8.self)
    }
}

private func replace(_ path: String, with bytes: [UInt8]) throws { try write(bytes, to: path) }

/// A commit whose `fdatasync` failed and which nobody could cut off: the next start reads it from
/// memory although the disk does not have it.
@Suite("Uncertain commit")
struct UncertainCommitTests {
    private let folder: TemporaryFolder
    private let directory: StateDirectory
    private let cache = PageCache()

    init() throws {
        folder = try TemporaryFolder()
        directory = try StateDirectory(path: folder.state)
    }

    private func start(segmentSize: Int = 64 << 20) throws -> JournalWriter {
        var configuration = JournalConfiguration()
        configuration.segmentSize = segmentSize
        return try JournalWriter(
            directory,
            resuming: Restart(directory).recovery,
            configuration: configuration,
            operations: cache
        )
    }

    /// A life that ends by a failed `fdatasync` for the records 3 and 4.
    private func fail() throws {
        let writer = try start()
        writer.append(records(1...2)) { _ in }
        writer.flush(through: 2)
        cache.fail(true)
        writer.append(records(3...4)) { _ in }
        writer.close()
        cache.fail(false)
        #expect(try Restart(directory).replayed == records(1...4))
    }

    private func appendOne(_ writer: JournalWriter, _ number: Int) {
        writer.append([record(number)]) { _ in }
        writer.close()
    }

    @Test func `is on the disk before the next start goes on`() throws {
        try fail()
        try start().close()
        try cache.cutPower()
        #expect(try Restart(directory).replayed == records(1...4))
    }

    @Test func `does not leave a hole before what is acknowledged later`() throws {
        try fail()
        appendOne(try start(), 5)
        try cache.cutPower()
        #expect(try Restart(directory).replayed == records(1...5))
    }

    @Test func `does not leave a hole in a segment that another follows`() throws {
        try fail()
        appendOne(try start(segmentSize: 1), 5)
        try cache.cutPower()
        #expect(try folder.files(in: "journal").count == 2)
        #expect(try Restart(directory).replayed == records(1...5))
    }

    @Test func `is written anew again when that fails too`() throws {
        try fail()
        cache.fail(true)
        let refusal = StateDirectoryError.inputOutput(
            path: folder.segment(1),
            reason: "fdatasync: Input/output error"
        )
        #expect(throws: refusal) { try start() }
        #expect(throws: refusal) { try start() }
        cache.fail(false)
        appendOne(try start(), 5)
        try cache.cutPower()
        #expect(try Restart(directory).replayed == records(1...5))
    }

    @Test func `is all that a start writes anew`() throws {
        try fail()
        try start().close()
        var commit: [UInt8] = []
        for record in records(3...4) { record.appendLine(batch: 3, to: &commit) }
        #expect(cache.overwritten == commit.count)
    }

    @Test func `is the whole segment when the first version wrote it`() throws {
        let text = [
            #"{"seq":42,"crc":"03c54ce5","time":"2025-11-23T09:12:00.123Z","#,
            #""event":{"type":"task.created","id":7}}"#,
        ].joined()
        let bytes = Array((text + "\n").utf8)
        try write(bytes, to: folder.segment(42))
        _ = try writeSnapshot(41, in: directory)
        try start().close()
        #expect(cache.overwritten == bytes.count)
        #expect(try contents(of: folder.segment(42)) == bytes)
    }
}
