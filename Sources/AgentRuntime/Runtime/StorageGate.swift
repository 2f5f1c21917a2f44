import JSONRPC
import Journal

/// Whether events can be written, and what is done about it when not.
enum StorageGate: Equatable, Sendable {
    case open
    /// The journal could not reserve room, so nothing was decided that it does not hold: commands
    /// that change nothing are answered as ever.
    case full(retryAt: Duration, reason: String)
    /// A batch was refused in spite of the reservation, so the state is ahead of the journal:
    /// nothing is answered until the same batch was written.
    case stuck(retryAt: Duration, reason: String)
    /// What is on disk is not known: the process must end.
    case lost

    var isOpen: Bool { self == .open }

    /// Why nothing can be written, as long as that may end.
    var reason: String? {
        switch self {
        case .open, .lost: nil
        case .full(_, let reason), .stuck(_, let reason): reason
        }
    }

    /// Whether an answer that is put behind the others will be given before long.
    var releasesAnswers: Bool {
        switch self {
        case .open, .full: true
        case .stuck, .lost: false
        }
    }

    var retryAt: Duration? {
        switch self {
        case .open, .lost: nil
        case .full(let moment, _), .stuck(let moment, _): moment
        }
    }

    func refusal(of command: Command) -> RPCError? {
        switch self {
        case .open:
            nil
        case .full(_, let reason):
            command.changesState || command == .snapshot
                ? RPCError(.storageUnavailable, reason, retryAfter: .seconds(1)) : nil
        case .stuck(_, let reason):
            RPCError(.storageUnavailable, reason, retryAfter: .seconds(1))
        case .lost:
            RPCError(.storageUnavailable, "the state folder has failed", isTemporary: false)
        }
    }
}

/// A time in which events cannot be written.
struct StorageOutage: Sendable {
    var since: Moment
    var reason: String
    /// Whether `system.degraded` is in the journal, or on its way there.
    var isRecorded: Bool
}

/// That events can not be written any more, or again: told at once, also when it cannot be written.
package enum StorageChange: Equatable, Sendable {
    case degraded(reason: String, since: Timestamp)
    case recovered(since: Timestamp)
}

extension RuntimeLoop {
    /// Room in the journal that nothing but the events about an outage may take.
    private static let noticeBytes = 4 << 10
    private static let retryInterval = Duration.milliseconds(500)

    /// Sees to it that the next events fit on the disk; closes the gate when they do not.
    mutating func reserve(_ bytes: Int) -> Bool {
        do throws(StorageError) {
            try dependencies.log.reserve(pending.bytes + bytes + Self.noticeBytes)
            return true
        } catch {
            switch error {
            case .unavailable(let reason):
                close(.full(retryAt: now.monotonic + Self.retryInterval, reason: reason))
            case .failed(let reason):
                lose(reason)
            }
            return false
        }
    }

    /// Tries again, when it is time, what could not be written.
    mutating func retryStorage() {
        guard let retryAt = storage.retryAt, now.monotonic >= retryAt else { return }
        switch storage {
        case .full:
            if reserve(1 << 20) { reopen() }
        case .stuck(_, let reason):
            guard let batch = inFlight else { return reopen() }
            // Until the journal answers there is nothing to try.
            storage = .stuck(retryAt: now.monotonic + .seconds(3600), reason: reason)
            append(batch)
        case .open, .lost:
            break
        }
    }

    /// The journal has answered for the batch that it was given.
    mutating func finishCommit(_ result: Result<Void, StorageError>) {
        guard let batch = inFlight else { return }
        switch result {
        case .success:
            finish(batch)
            if case .stuck = storage { reopen() }
        case .failure(.unavailable(let reason)):
            close(.stuck(retryAt: now.monotonic + Self.retryInterval, reason: reason))
        case .failure(.failed(let reason)):
            lose(reason)
        }
    }

    private mutating func reopen() {
        // For the events about it; without room for these the outage goes on.
        guard reserve(Self.noticeBytes) else { return }
        storage = .open
        dependencies.noteStorage(true)
        if let outage {
            if !outage.isRecorded { core.announce(outage, at: now) }
            core.announceEnd(of: outage, at: now)
            dependencies.tellStorage(.recovered(since: outage.since.wall))
        }
        outage = nil
        passDeferred()
    }

    private mutating func close(_ gate: StorageGate) {
        storage = gate
        dependencies.noteStorage(false)
        guard outage == nil, let reason = gate.reason else { return }
        var outage = StorageOutage(since: now, reason: reason, isRecorded: false)
        dependencies.tellStorage(.degraded(reason: reason, since: now.wall))
        // A full disk still has the room that was reserved for this.
        if case .full = gate, dependencies.log.hasRoom(for: pending.bytes + Self.noticeBytes) {
            core.announce(outage, at: now)
            outage.isRecorded = true
        }
        self.outage = outage
    }

    private mutating func lose(_ reason: String) {
        guard storage != .lost else { return }
        close(.lost)
        refuseAll(RPCError(.storageUnavailable, reason, isTemporary: false))
        dependencies.onFatal(reason)
    }
}
