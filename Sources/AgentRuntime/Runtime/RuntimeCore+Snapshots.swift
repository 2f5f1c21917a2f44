import JSONRPC

/// When a snapshot was last taken and what calls for the next.
struct SnapshotSchedule: Sendable {
    var lastAt: Duration
    var eventsSince = 0
    var bytesSince = 0
    var isWriting = false
    var startedAt: Duration = .zero
    /// Who waits for the one being written, and who for the one after it.
    var callers: [ReplyTicket] = []
    var nextCallers: [ReplyTicket] = []

    init(at now: Duration) {
        lastAt = now
    }
}

extension RuntimeCore {
    /// A caller's snapshot holds all that was answered before the call, so one that is being
    /// written already is not enough.
    mutating func requestSnapshot(for ticket: ReplyTicket) {
        snapshots.nextCallers.append(ticket)
        beginSnapshot()
    }

    /// To be called now and then: begins a snapshot when enough has happened.
    mutating func requestSnapshotIfDue() {
        let age = now.monotonic - snapshots.lastAt
        if !timers.isSet(.snapshot) {
            timers.set(.snapshot, at: now.monotonic + configuration.snapshotInterval)
        }
        let isDue =
            snapshots.eventsSince >= configuration.snapshotAfterEvents
            || snapshots.bytesSince >= configuration.snapshotAfterBytes
            || snapshots.eventsSince > 0 && age >= configuration.snapshotInterval
        if isDue { beginSnapshot() }
    }

    private mutating func beginSnapshot() {
        guard !snapshots.isWriting else { return }
        snapshots.isWriting = true
        snapshots.startedAt = now.monotonic
        snapshots.lastAt = now.monotonic
        snapshots.eventsSince = 0
        snapshots.bytesSince = 0
        snapshots.callers = snapshots.nextCallers
        snapshots.nextCallers = []
        output.actions.append(.writeSnapshot(state))
    }

    /// The snapshot is on disk, or could not be written.
    mutating func snapshotEnded(sequence: UInt64, failure: String?, at now: Moment) {
        self.now = now
        let callers = snapshots.callers
        snapshots.callers = []
        snapshots.isWriting = false
        if let failure {
            statistics.failedSnapshots += 1
            let error = RPCError.storageUnavailable("the snapshot failed: \(failure)")
            for ticket in callers { refuse(ticket, error) }
        } else {
            statistics.snapshots += 1
            let duration = (now.monotonic - snapshots.startedAt).wholeMilliseconds
            statistics.snapshotSequence = sequence
            statistics.snapshotMs = duration
            emitSystem(.systemSnapshot(sequence: sequence, durationMs: duration))
            // That event alone is no reason for another snapshot.
            snapshots.eventsSince -= 1
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("sequence", sequence)
            writer.member("durationMs", Int(duration))
            writer.endObject()
            let bytes = writer.takeBytes()
            for ticket in callers { reply(ticket, .success(Reply(result: bytes))) }
        }
        if !snapshots.nextCallers.isEmpty { beginSnapshot() }
    }

    /// Says that events cannot be written, as far as the journal still has room for it.
    mutating func announce(_ outage: StorageOutage, at now: Moment) {
        self.now = now
        let reason = String(outage.reason.prefix(Self.longestReason))
        emitSystem(.systemDegraded(reason: reason, since: outage.since.wall))
    }

    mutating func announceEnd(of outage: StorageOutage, at now: Moment) {
        self.now = now
        let duration = (now.monotonic - outage.since.monotonic).wholeMilliseconds
        extendAllLeases()
        emitSystem(.systemRecovered(since: outage.since.wall, durationMs: max(0, duration)))
    }

    private static var longestReason: Int { 500 }

    mutating func replyStatistics(to ticket: ReplyTicket) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("epoch", state.epoch)
        writer.member("sequence", state.sequence)
        writer.name("tasks")
        writer.beginObject()
        for status in TaskStatus.allCases {
            writer.member(status.rawValue, state.taskCounts[status])
        }
        writer.endObject()
        writer.member("attempts", attempts.count)
        writer.member("lostAttempts", statistics.lostAttempts)
        writer.member("waiters", waiters.count)
        writer.member("timers", timers.count)
        writer.member("rememberedAnswers", state.answers.entries.count)
        writer.member("events", statistics.events)
        writer.member("snapshots", statistics.snapshots)
        writer.endObject()
        reply(ticket, .success(Reply(result: writer.takeBytes())))
    }
}
