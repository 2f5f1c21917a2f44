import Glibc
import Journal
import Synchronization
import Testing

@Suite("Journal writer")
struct JournalWriterTests {
    private let folder: TemporaryFolder
    private let directory: StateDirectory
    private let outcomes = Outcomes()

    init() throws {
        folder = try TemporaryFolder()
        directory = try StateDirectory(path: folder.state)
    }

    private func start(
        _ operations: any FileOperations = SystemFileOperations(),
        configuration: JournalConfiguration = JournalConfiguration()
    ) throws -> JournalWriter {
        try JournalWriter(
            directory,
            resuming: Restart(directory).recovery,
            configuration: configuration,
            operations: operations
        )
    }

    @Test func `records that were called durable are there after a restart`() throws {
        let writer = try start()
        writer.append(records(1...2), whenDurable: outcomes.note("a"))
        writer.append(records(3...3), whenDurable: outcomes.note("b"))
        writer.close()
        #expect(outcomes["a"] == .durable)
        #expect(outcomes["b"] == .durable)
        #expect(try Restart(directory).replayed == records(1...3))
    }

    @Test func `what queues up during a commit goes out in one write and one fdatasync`() throws {
        let operations = ScriptedFileOperations(isGated: true)
        let writer = try start(operations)
        writer.append(records(1...1), whenDurable: outcomes.note("1"))
        operations.entered.wait()
        for number in 2...101 {
            writer.append([record(number)], whenDurable: outcomes.note("\(number)"))
        }
        #expect(outcomes.names.isEmpty)
        #expect(writer.pendingBytes > 101 * record(1).body.count)
        operations.permitted.send()
        operations.entered.wait()
        operations.permitted.send()
        writer.close()

        #expect(outcomes.names == (1...101).map(String.init))
        #expect(writer.pendingBytes == 0)
        let script = operations.script.withLock { $0 }
        #expect(script.writeCount == 2)
        #expect(script.synchronizationCount == 2)
        let metrics = writer.metrics
        #expect(metrics.commits == 2)
        #expect(metrics.lastBatchRecords == 100)
        #expect(metrics.records == 101)
        #expect(metrics.durableSequence == 101)
        #expect(try metrics.bytes == UInt64(contents(of: folder.segment(1)).count))
        #expect(metrics.segments == 1)
        #expect(metrics.longestSynchronizing > .zero)
        #expect(metrics.synchronizing >= metrics.longestSynchronizing)
    }

    @Test func `short and interrupted writes are continued`() throws {
        let operations = ScriptedFileOperations(
            .init(writes: [.error(EINTR), .short(1), .short(7), .error(EINTR), .short(100)])
        )
        let writer = try start(operations)
        writer.append(records(1...5), whenDurable: outcomes.note("a"))
        writer.close()
        #expect(outcomes["a"] == .durable)
        #expect(try Restart(directory).replayed == records(1...5))
    }

    @Test(arguments: [ENOSPC, EDQUOT, EROFS, EFBIG])
    func `a batch that meets a full disk is taken back whole`(code: CInt) throws {
        let operations = ScriptedFileOperations(.init(writes: [nil, .short(60), .error(code)]))
        let writer = try start(operations)
        writer.append(records(1...1), whenDurable: outcomes.note("kept"))
        writer.flush(through: 1)
        let length = try contents(of: folder.segment(1)).count
        writer.append(records(2...3), whenDurable: outcomes.note("refused"))
        writer.flush(through: 1)
        #expect(outcomes["kept"] == .durable)
        #expect(outcomes["refused"] == .unavailable)
        #expect(try contents(of: folder.segment(1)).count == length)
        #expect(writer.metrics.failure != nil)

        writer.append(records(2...4), whenDurable: outcomes.note("again"))
        writer.close()
        #expect(outcomes["again"] == .durable)
        #expect(writer.metrics.failure == nil)
        #expect(try Restart(directory).replayed == records(1...4))
    }

    @Test func `everything decided on a refused batch is refused until the owner has rolled back`()
        throws
    {
        let operations = ScriptedFileOperations(
            .init(writes: [nil, .error(ENOSPC)]),
            isGated: true
        )
        let writer = try start(operations)
        writer.append(records(1...1), whenDurable: outcomes.note("1"))
        operations.entered.wait()
        writer.append(records(2...3), whenDurable: outcomes.note("2 and 3"))
        writer.append(records(4...4), whenDurable: outcomes.note("4"))
        writer.wait(through: 4, whenDurable: outcomes.note("through 4"))
        operations.permitted.send()
        writer.flush(through: 1)
        writer.append(records(5...5), whenDurable: outcomes.note("5"))
        writer.append(records(2...2), whenDurable: outcomes.note("2 anew"))
        operations.entered.wait()
        operations.permitted.send()
        writer.close()

        #expect(outcomes.names == ["1", "2 and 3", "4", "through 4", "5", "2 anew"])
        #expect(outcomes["1"] == .durable)
        for name in ["2 and 3", "4", "through 4", "5"] { #expect(outcomes[name] == .unavailable) }
        #expect(outcomes["2 anew"] == .durable)
        #expect(try Restart(directory).replayed == records(1...2))
    }

    @Test func `nothing is acknowledged any more after a failed fdatasync`() throws {
        let operations = ScriptedFileOperations(.init(synchronizations: [nil, EIO]))
        let writer = try start(operations)
        writer.append(records(1...1), whenDurable: outcomes.note("kept"))
        writer.flush(through: 1)
        writer.append(records(2...2), whenDurable: outcomes.note("doubtful"))
        writer.flush(through: 1)
        writer.append(records(2...2), whenDurable: outcomes.note("later"))
        writer.flush(through: 1)
        #expect(throws: StorageError.self) { try writer.reserve(1) }
        writer.close()
        #expect(outcomes["kept"] == .durable)
        #expect(outcomes["doubtful"] == .failed)
        #expect(outcomes["later"] == .failed)
        #expect(operations.script.withLock { $0.synchronizationCount } == 2)
        #expect(try Restart(directory).replayed == records(1...1))
    }

    @Test func `a batch that cannot be taken back is the end`() throws {
        let operations = ScriptedFileOperations(
            .init(writes: [.short(60), .error(ENOSPC)], truncations: [EIO])
        )
        let writer = try start(operations)
        writer.append(records(1...1), whenDurable: outcomes.note("a"))
        writer.append(records(1...1), whenDurable: outcomes.note("b"))
        writer.close()
        #expect(outcomes["a"] == .failed)
        #expect(outcomes["b"] == .failed)
    }

    @Test func `an unexpected write error is the end`() throws {
        let writer = try start(ScriptedFileOperations(.init(writes: [.error(EIO)])))
        writer.append(records(1...1), whenDurable: outcomes.note("a"))
        writer.close()
        #expect(outcomes["a"] == .failed)
    }

    @Test func `a wait is answered after what it waits for`() throws {
        let operations = ScriptedFileOperations(isGated: true)
        let writer = try start(operations)
        writer.wait(through: 0, whenDurable: outcomes.note("nothing"))
        writer.append(records(1...1), whenDurable: outcomes.note("1"))
        writer.wait(through: 1, whenDurable: outcomes.note("through 1"))
        operations.entered.wait()
        #expect(outcomes["through 1"] == nil)
        operations.permitted.send()
        writer.close()
        #expect(outcomes.names == ["nothing", "1", "through 1"])
        #expect(outcomes["through 1"] == .durable)
        #expect(writer.metrics.commits == 1)
    }

    @Test func `a closed journal refuses`() throws {
        let writer = try start()
        writer.close()
        writer.close()
        writer.append(records(1...1), whenDurable: outcomes.note("late"))
        #expect(outcomes["late"] == .unavailable)
        #expect(writer.pendingBytes == 0)
    }

    @Test func `a segment that would grow too large is followed by the next`() throws {
        var configuration = JournalConfiguration()
        configuration.segmentSize = 400
        let writer = try start(configuration: configuration)
        for record in records(1...10) {
            writer.append([record]) { _ in }
            writer.flush(through: record.sequence)
        }
        writer.close()
        let names = try folder.files(in: "journal")
        #expect(names.first == "00000000000000000001.jsonl")
        #expect(names.count == 4)
        #expect(
            try names.allSatisfy { try contents(of: "\(folder.state)/journal/\($0)").count <= 400 }
        )
        let next = try start(configuration: configuration)
        next.append(records(11...12)) { _ in }
        next.close()
        #expect(try Restart(directory).replayed == records(1...12))
    }
}
