import Synchronization

extension JournalWriter {
    /// Deletes segments that nothing needs any more, the oldest first.
    ///
    /// - Parameters:
    ///   - sequence: The last one of the older of the two kept snapshots; what is deleted is
    ///     covered by both of them.
    ///   - retainedRecords: How many of the newest records stay all the same, at least.
    /// - Returns: How many segments were deleted.
    /// - Throws: `.unavailable`; a later attempt may succeed.
    package func removeSegments(
        coveredThrough sequence: UInt64,
        retainedRecords: UInt64
    ) throws(StorageError) -> Int {
        try removeSegments(coveredThrough: sequence, retainedRecords: retainedRecords) { _, _ in
            true
        }
    }

    /// The same; `mayGo` gets each segment and the sequence behind it before it is deleted, and
    /// ends the pass by returning false.
    func removeSegments(
        coveredThrough sequence: UInt64,
        retainedRecords: UInt64,
        mayGo: (SegmentName, _ next: UInt64) throws(FileError) -> Bool
    ) throws(StorageError) -> Int {
        let newest = metrics.durableSequence
        var removed = 0
        do {
            let folder = directory.journalPath
            let segments = try SegmentName.all(in: folder)
            for (segment, next) in zip(segments, segments.dropFirst()) {
                let last = next.firstSequence - 1
                guard last <= sequence, newest >= last, newest - last >= retainedRecords,
                    try mayGo(segment, next.firstSequence)
                else { break }
                try Folder.removeFile("\(folder)/\(segment.fileName)")
                removed += 1
                state.metrics.withLock { $0.segments -= 1 }
            }
            if removed > 0 { try Folder.synchronize(folder) }
        } catch {
            throw .unavailable(error)
        }
        return removed
    }
}
