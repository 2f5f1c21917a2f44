package import Journal

/// Where the runtime's events become durable: the journal, or a stand-in in tests.
package protocol EventLog: Sendable {
    /// Makes `records` durable, all or none, and tells so from any thread.
    func append(
        _ records: [JournalRecord],
        whenDurable: @escaping @Sendable (Result<Void, StorageError>) -> Void
    )

    /// Sees to it that `bytes` more can be appended.
    func reserve(_ bytes: Int) throws(StorageError)

    /// Whether `bytes` more can be appended although ``reserve(_:)`` fails.
    func hasRoom(for bytes: Int) -> Bool

    /// Writes what is queued and ends.
    func close()

    var metrics: JournalMetrics { get }
}

extension EventLog {
    package func hasRoom(for bytes: Int) -> Bool { false }
}

extension JournalWriter: EventLog {}

/// Where snapshots go: one call at a time, on a thread that may wait for the disk.
package protocol SnapshotSink: Sendable {
    /// Writes a state, all of whose events are durable, and clears away what it makes superfluous.
    func write(_ state: RuntimeState, at time: Timestamp) throws(StorageError)

    /// Somebody waits for what is being written and for all that is written later.
    ///
    /// To be called on any thread.
    func hurry()

    /// Leaves the folder alone from now on: the runtime has ended.
    func close()

    /// Has `ask` told before records are removed for good, on any thread; they are once
    /// ``approveRemoval(before:)`` was called. Those before `sequence` may go at once.
    func askBeforeRemoval(
        approvedBefore sequence: UInt64,
        _ ask: @escaping @Sendable (AuditTrim) -> Void
    )

    func approveRemoval(before sequence: UInt64)
}

extension SnapshotSink {
    package func hurry() {}
    package func close() {}

    package func askBeforeRemoval(
        approvedBefore sequence: UInt64,
        _ ask: @escaping @Sendable (AuditTrim) -> Void
    ) {}

    package func approveRemoval(before sequence: UInt64) {}
}

/// Snapshots in the state folder, beside the journal that they shorten.
struct StateFolderSnapshots: SnapshotSink {
    var store: SnapshotStore
    var keeper: SegmentKeeper
    var audit: StateFolderAudit
    /// Gets a sentence when something could not be done.
    var report: @Sendable (String) -> Void
    let pace = SnapshotPace()

    func hurry() { pace.hurry() }

    func write(_ state: RuntimeState, at time: Timestamp) throws(StorageError) {
        let receipt = try store.write(
            lastSequence: state.sequence,
            time: time.millisecondsSince1970,
            pace: pace
        ) { (snapshot) throws(StorageError) in
            try state.write(to: &snapshot)
        }
        if let older = receipt.olderSequence { keeper.tidy(coveredThrough: older) }
    }

    func close() { keeper.close() }

    func askBeforeRemoval(
        approvedBefore sequence: UInt64,
        _ ask: @escaping @Sendable (AuditTrim) -> Void
    ) {
        let audit = audit
        let report = report
        keeper.askBeforeRemoval(approvedBefore: sequence) { before in
            do {
                ask(AuditTrim(before: before, anchor: try audit.anchor(before: before)))
            } catch {
                report("what the archive has too much cannot be removed: \(error)")
            }
        }
    }

    func approveRemoval(before sequence: UInt64) {
        keeper.approveRemoval(before: sequence)
    }
}
