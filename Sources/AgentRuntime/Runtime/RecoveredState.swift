import HubCore
package import Identity
package import Journal

/// What a state folder holds, read back.
package struct RecoveredState: Sendable {
    package internal(set) var state: RuntimeState
    /// The state's, or a new one for an empty folder and for a backup: events that clients saw after
    /// the backup was made are not in it, and others will have their offsets.
    package let epoch: String
    /// Users, sessions and keys.
    package var identity: IdentityState { state.identity }
    /// What was replayed on top of the snapshot, and its size as published: the next snapshot is
    /// due for these too, or lives that are always cut short would never come to one.
    package internal(set) var eventsSinceSnapshot = 0
    package internal(set) var bytesSinceSnapshot = 0

    package init(_ state: RuntimeState = RuntimeState(), isRestored: Bool = false) {
        self.state = state
        epoch = state.epoch.isEmpty || isRestored ? StreamPosition.newEpoch() : state.epoch
    }

    /// Offset of the newest event in one of the runtime's channels; 0 in one without events, `nil`
    /// for a channel that is not the runtime's or whose task or agent is not known.
    package func offset(of channel: String) -> UInt64? {
        state.offset(of: channel)
    }
}

extension RuntimeState {
    func offset(of channel: String) -> UInt64? {
        switch channel {
        case "tasks": return offsets.tasks
        case "agents": return offsets.agents
        case "system": return offsets.system
        case "audit": return audit.head.number
        default: break
        }
        guard let dot = channel.firstIndex(of: ".") else { return nil }
        let id = String(channel[channel.index(after: dot)...])
        switch channel[..<dot] {
        case "tasks": return tasks[id]?.offset
        case "agents": return agents[id]?.offset
        default: return nil
        }
    }
}

extension RecoveredState {
    /// Reads a state folder: the newest intact snapshot, then the journal after it.
    ///
    /// `history` gets the events on disk, in order, for the channels to refill from: the last
    /// `retainedRecords` that the snapshot covers, then those after it. With `isReadOnly`, nothing
    /// is changed on disk; what a start would repair is passed over. `progress` is called now and
    /// then.
    ///
    /// - Returns: The state, and what the journal goes on from.
    /// - Throws: ``StateDirectoryError``; ``StateDecodingError`` for what is intact and yet not
    ///   ours.
    package static func read(
        _ directory: StateDirectory,
        isReadOnly: Bool = false,
        retainedRecords: UInt64 = JournalConfiguration().retainedRecords,
        progress: (RecoveryProgress) -> Void = { _ in },
        history: (RecordedEvent) -> Void
    ) throws -> (recovered: RecoveredState, recovery: Recovery) {
        var state = RuntimeState()
        var (events, bytes) = (0, 0)
        let recovery = try directory.recover(
            isReadOnly: isReadOnly,
            retainedRecords: retainedRecords,
            progress: progress,
            loadSnapshot: { state = try RuntimeState($0) },
            replay: { record, isCovered in
                let (logged, recorded) = try LoggedEvent.decode(record)
                if !isCovered {
                    events += 1
                    bytes += recorded.json.count
                    let places = state.apply(logged)
                    guard places == recorded.positions else {
                        throw StateDecodingError(
                            path: "/positions",
                            problem: "of record \(record.sequence) do not follow from those before"
                        )
                    }
                }
                history(recorded)
            }
        )
        var recovered = RecoveredState(state, isRestored: recovery.isRestored)
        recovered.eventsSinceSnapshot = events
        recovered.bytesSinceSnapshot = bytes
        return (recovered, recovery)
    }
}

/// What a runtime stores its events and snapshots in, and reads the past from.
package struct Storage: Sendable {
    package var log: JournalWriter
    package var snapshots: any SnapshotSink
    package var history: EventHistory
}

extension Runtime {
    /// Opens the journal of a folder that was just read, for ``init``.
    ///
    /// `archiveWork` is where old segments are cleared away, `clock` tells milliseconds since 1970,
    /// and `report` gets a sentence when that could not be done.
    package static func openStorage(
        _ directory: StateDirectory,
        resuming recovery: Recovery,
        configuration: JournalConfiguration = JournalConfiguration(),
        worker: JournalWriter.Worker = .thread,
        archive: ArchiveConfiguration = ArchiveConfiguration(),
        archiveWork: any SerialWork = WorkQueue("omnihub.archive"),
        clock: @escaping @Sendable () -> Int64,
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(StateDirectoryError) -> Storage {
        let journal = try JournalWriter(
            directory,
            resuming: recovery,
            configuration: configuration,
            worker: worker
        )
        let keeper = SegmentKeeper(
            journal,
            retainedRecords: configuration.retainedRecords,
            limits: archive,
            asksBeforeRemoval: true,
            work: archiveWork,
            clock: clock,
            report: report
        )
        return Storage(
            log: journal,
            snapshots: StateFolderSnapshots(
                store: SnapshotStore(directory),
                keeper: keeper,
                audit: StateFolderAudit(directory),
                report: report
            ),
            history: EventHistory(JournalHistory(directory), journal)
        )
    }
}
