import Journal
import Synchronization

func record(_ sequence: Int, padding: Int = 0) -> JournalRecord {
    let text = String(repeating: "x", count: padding)
    return JournalRecord(
        sequence: UInt64(sequence),
        time: 1_763_889_120_000 + Int64(sequence),
        body: Array(#"{"type":"test","number":\#(sequence),"text":"\#(text)"}"#.utf8)
    )
}

func records(_ range: ClosedRange<Int>) -> [JournalRecord] { range.map { record($0) } }

/// What callbacks have said, in the order in which they came.
final class Outcomes: Sendable {
    enum Kind: Sendable { case durable, unavailable, failed }

    private let kinds = Mutex<[String: Kind]>([:])
    private let order = Mutex<[String]>([])

    /// A callback that notes its result under `name`.
    func note(_ name: String) -> @Sendable (Result<Void, StorageError>) -> Void {
        { result in
            let kind: Kind =
                switch result {
                case .success: .durable
                case .failure(.unavailable): .unavailable
                case .failure(.failed): .failed
                }
            self.kinds.withLock { $0[name] = kind }
            self.order.withLock { $0.append(name) }
        }
    }

    subscript(name: String) -> Kind? { kinds.withLock { $0[name] } }
    var names: [String] { order.withLock { $0 } }
}

/// What a restart finds.
struct Restart {
    var recovery: Recovery
    var snapshot: Snapshot?
    var covered: [JournalRecord] = []
    var replayed: [JournalRecord] = []

    /// Recovers `directory` and notes what is handed over.
    init(_ directory: StateDirectory, retainedRecords: UInt64 = 20_000) throws {
        var snapshot: Snapshot?
        var covered: [JournalRecord] = []
        var replayed: [JournalRecord] = []
        recovery = try directory.recover(
            retainedRecords: retainedRecords,
            loadSnapshot: { snapshot = $0 },
            replay: { record, isCovered in
                if isCovered { covered.append(record) } else { replayed.append(record) }
            }
        )
        self.snapshot = snapshot
        self.covered = covered
        self.replayed = replayed
    }

    init(_ folder: TemporaryFolder, retainedRecords: UInt64 = 20_000) throws {
        try self.init(StateDirectory(path: folder.state), retainedRecords: retainedRecords)
    }
}

/// Starts on `folder`, appends `records` one batch each, and stops.
func appendAll(
    _ records: [JournalRecord],
    to folder: TemporaryFolder,
    configuration: JournalConfiguration = JournalConfiguration()
) throws {
    let directory = try StateDirectory(path: folder.state)
    let recovery = try Restart(directory).recovery
    let writer = try JournalWriter(directory, resuming: recovery, configuration: configuration)
    for record in records {
        writer.append([record]) { _ in }
        writer.flush(through: record.sequence)
    }
    writer.close()
}

extension JournalWriter {
    /// Waits until everything up to `sequence` is answered.
    func flush(through sequence: UInt64) {
        let answered = Signal()
        wait(through: sequence) { _ in answered.send() }
        answered.wait()
    }
}

/// Writes a snapshot as of `sequence` whose one file tells its sequence.
func writeSnapshot(_ sequence: Int, in directory: StateDirectory) throws -> SnapshotStore.Receipt {
    try SnapshotStore(directory).write(lastSequence: UInt64(sequence), time: 0) {
        (writer) throws(StorageError) in
        try writer.writeArray(
            (1...3).map { Array(#"{"task":\#($0)}"#.utf8) },
            named: "tasks.json"
        )
        try writer.writeValue(Array("\(sequence)".utf8), named: "sequence.json")
    }
}
