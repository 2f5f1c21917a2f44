import HubCore
package import Identity
package import Journal

/// What a state folder holds, read back.
package struct RecoveredState: Sendable {
    package internal(set) var state: RuntimeState
    /// The state's, or a new one for an empty folder and for a backup: events that clients saw after
    /// the backup was made are not in it, and others will have their offsets.
    package let epoch: String
    /// Ids of the agents that workers have declared.
    package var providedAgents: [String] {
        state.agents.values.filter { $0.definition != nil }.map(\.id)
    }
    /// Users, sessions and keys.
    package var identity: IdentityState { state.identity }
    /// The journaled channels of clients.
    package var clientChannels: ClientChannels { state.clientChannels }
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
        case "schedules": return offsets.schedules
        case "workflows": return offsets.workflows
        default: break
        }
        guard let dot = channel.firstIndex(of: ".") else { return nil }
        let id = String(channel[channel.index(after: dot)...])
        switch channel[..<dot] {
        case "tasks": return tasks[id]?.offset
        case "agents": return agents[id]?.offset
        case "workflows": return runs[id]?.offset
        default: return nil
        }
    }
}

extension RecoveredState {
    /// Reads a state folder: the newest intact snapshot, then the journal after it.
    ///
    /// `history` gets the newest `historyLimit` events on disk, in order, for the channels to refill
    /// from; among them are up to `retainedRecords` that the snapshot covers. With `isReadOnly`,
    /// nothing is changed on disk; what a start would repair is passed over. `progress` is called
    /// now and then.
    ///
    /// - Returns: The state, and what the journal goes on from.
    /// - Throws: ``StateDirectoryError``; ``StateDecodingError`` for what is intact and yet not
    ///   ours.
    package static func read(
        _ directory: StateDirectory,
        isReadOnly: Bool = false,
        retainedRecords: UInt64 = JournalConfiguration().retainedRecords,
        historyLimit: Int = .max,
        progress: (RecoveryProgress) -> Void = { _ in },
        history: (RecordedEvent) -> Void
    ) throws -> (recovered: RecoveredState, recovery: Recovery) {
        var replay = Replay(historyLimit: historyLimit)
        let recovery = try directory.recover(
            isReadOnly: isReadOnly,
            retainedRecords: retainedRecords,
            progress: progress,
            loadSnapshot: { replay.state = try RuntimeState($0) },
            replay: { try replay.take($0, isCovered: $1) }
        )
        for record in replay.newest { history(try LoggedEvent.decode(record).recorded) }
        var recovered = RecoveredState(replay.state, isRestored: recovery.isRestored)
        recovered.eventsSinceSnapshot = replay.events
        recovered.bytesSinceSnapshot = replay.bytes
        return (recovered, recovery)
    }
}

/// Applies the records of a journal one after the other.
private struct Replay {
    var state = RuntimeState()
    private(set) var events = 0
    private(set) var bytes = 0
    private let historyLimit: Int
    /// The last records, up to twice as many as are wanted.
    private var recent: [JournalRecord] = []
    private var document = JSONDocument()

    init(historyLimit: Int) {
        self.historyLimit = historyLimit
    }

    /// The records that are wanted for the history, in order.
    var newest: ArraySlice<JournalRecord> { recent.suffix(historyLimit) }

    mutating func take(_ record: JournalRecord, isCovered: Bool) throws(StateDecodingError) {
        if !isCovered { try apply(record) }
        recent.append(record)
        if recent.count / 2 > historyLimit { recent.removeFirst(recent.count - historyLimit) }
    }

    private mutating func apply(_ record: JournalRecord) throws(StateDecodingError) {
        let body = try document.read(record.body)
        let logged = try LoggedEvent(record, body)
        events += 1
        bytes += body.size(of: "event")
        let places = state.change(by: logged)
        if places.areWritten(in: record.body.span, of: logged.event) { return }
        guard try LoggedEvent.places(in: body) == places.list(of: logged.event) else {
            throw StateDecodingError(
                path: "/positions",
                problem: "of record \(record.sequence) do not follow from those before"
            )
        }
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
