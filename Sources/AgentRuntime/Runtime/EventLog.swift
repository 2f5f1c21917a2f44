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

    /// Writes what is queued and ends.
    func close()

    var metrics: JournalMetrics { get }
}

extension JournalWriter: EventLog {}

/// Where snapshots go: one call at a time, on a thread that may wait for the disk.
package protocol SnapshotSink: Sendable {
    /// Writes a state, all of whose events are durable, and clears away what it makes superfluous.
    func write(_ state: RuntimeState, at time: Timestamp) throws(StorageError)

    /// Leaves the folder alone from now on: the runtime has ended.
    func close()
}

extension SnapshotSink {
    package func close() {}
}

/// Snapshots in the state folder, beside the journal that they shorten.
struct StateFolderSnapshots: SnapshotSink {
    var store: SnapshotStore
    var keeper: SegmentKeeper

    func write(_ state: RuntimeState, at time: Timestamp) throws(StorageError) {
        let receipt = try store.write(
            lastSequence: state.sequence,
            time: time.millisecondsSince1970
        ) { (snapshot) throws(StorageError) in
            try state.write(to: &snapshot)
        }
        if let older = receipt.olderSequence { keeper.tidy(coveredThrough: older) }
    }

    func close() { keeper.close() }
}
