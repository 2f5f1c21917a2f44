/// What was found in a state folder when it was read at the start.
package struct Recovery: Equatable, Sendable {
    /// The snapshot that was loaded; `nil` without one.
    package internal(set) var snapshotSequence: UInt64?
    /// The sequence of the last record or of the snapshot; the next record has the one after it.
    package internal(set) var lastSequence: UInt64 = 0
    /// Records after the snapshot.
    package internal(set) var replayedRecords = 0
    /// Records that the snapshot covers, handed over for the history.
    package internal(set) var coveredRecords = 0
    package internal(set) var duration: Duration = .zero
    /// Whether the folder is a copy in which no hub has written yet.
    package internal(set) var isRestored = false
    /// What a crash has left of the last commit, if it was found.
    package internal(set) var tornTail: TornTail?
    /// What a journal writer writes anew before it goes on; `nil` when the last segment is empty.
    var lastCommit: LastCommit?
    /// What had to be set aside, a sentence each.
    package internal(set) var warnings: [String] = []

    package init() {}
}

/// How far reading the journal has come.
package struct RecoveryProgress: Equatable, Sendable {
    package internal(set) var bytes = 0
    package internal(set) var totalBytes = 0
    package internal(set) var records = 0

    package init(bytes: Int = 0, totalBytes: Int = 0) {
        self.bytes = bytes
        self.totalBytes = totalBytes
    }
}
