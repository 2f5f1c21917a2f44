/// What a journal writer has done since it was made.
package struct JournalMetrics: Equatable, Sendable {
    /// The sequence of the last record that is on disk.
    package internal(set) var durableSequence: UInt64 = 0
    package internal(set) var records: UInt64 = 0
    package internal(set) var bytes: UInt64 = 0
    /// Batches that were made durable by one `fdatasync` each.
    package internal(set) var commits: UInt64 = 0
    package internal(set) var lastBatchRecords = 0
    /// Time in `fdatasync`.
    package internal(set) var synchronizing: Duration = .zero
    package internal(set) var longestSynchronizing: Duration = .zero
    /// Segments on disk.
    package internal(set) var segments = 0
    /// Segments that were compressed into the archive.
    package internal(set) var archivedSegments: UInt64 = 0
    /// Segments in the archive, and their bytes on disk.
    package internal(set) var archives = 0
    package internal(set) var archiveBytes = 0
    /// Segments that the archive's limits have removed from it.
    package internal(set) var removedArchives: UInt64 = 0
    /// Passes over segments and archive that could not do what they should.
    package internal(set) var archiveFailures: UInt64 = 0
    /// Why the last commit failed; `nil` when it did not.
    package internal(set) var failure: StorageError?

    package init() {}
}
