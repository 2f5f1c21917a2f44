import Synchronization

/// What the thread of a journal writer and its callers share.
final class JournalState: Sendable {
    let queue = CommitQueue()
    let metrics = Mutex(JournalMetrics())
    /// Locked while blocks are reserved and while the segment changes, never during a commit.
    let reservation: Mutex<Reservation>

    init(reservation: consuming sending Reservation) {
        self.reservation = Mutex(reservation)
    }
}

extension StorageError {
    /// For a call that has left nothing behind on the disk.
    static func unavailable(_ error: FileError) -> StorageError {
        .unavailable(reason: "the state folder cannot be written: \(error)")
    }

    static func failed(_ error: FileError) -> StorageError {
        .failed(reason: "the journal on disk is in doubt: \(error)")
    }

    var isPermanent: Bool {
        switch self {
        case .unavailable: false
        case .failed: true
        }
    }
}
