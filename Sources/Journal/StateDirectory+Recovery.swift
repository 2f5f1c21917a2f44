extension StateDirectory {
    /// Reads the state back: the newest intact snapshot, then the journal.
    ///
    /// A torn tail, as a crash leaves it, is cut off and kept beside. Everything else that does not
    /// fit together is refused; nothing on disk has been changed then, but for damaged snapshots
    /// that were renamed.
    ///
    /// - Parameters:
    ///   - isReadOnly: Whether nothing at all is changed on disk. What a start would repair is then
    ///     passed over as if it were repaired.
    ///   - retainedRecords: How many of the records that the snapshot covers are wanted.
    ///   - progress: Called every 16,384 records and at the end of each segment.
    ///   - loadSnapshot: Gets the snapshot, before any record; not called without one.
    ///   - replay: Gets the records in order of their sequence. Those with `isCovered` are in the
    ///     snapshot already and matter only as history.
    /// - Returns: What was found; a journal writer continues from it.
    /// - Throws: ``StateDirectoryError``, or what the closures throw.
    package func recover(
        isReadOnly: Bool = false,
        retainedRecords: UInt64 = JournalConfiguration().retainedRecords,
        progress: (RecoveryProgress) -> Void = { _ in },
        loadSnapshot: (Snapshot) throws -> Void,
        replay: (_ record: JournalRecord, _ isCovered: Bool) throws -> Void
    ) throws -> Recovery {
        let start = ContinuousClock.now
        var recovery = Recovery()
        _ = try StateFormat.version(of: path)
        let mark = try BackupMark(of: path)
        let store = SnapshotStore(self)
        let newest =
            isReadOnly ? try store.newestIntact() : try store.newest(warnings: &recovery.warnings)
        if let snapshot = newest {
            recovery.snapshotSequence = snapshot.lastSequence
            try loadSnapshot(snapshot)
        }
        var reader = try JournalReader(
            folder: journalPath,
            recovery: recovery,
            retainedRecords: retainedRecords,
            cutsTail: !isReadOnly
        )
        try reader.read(progress: progress, replay: replay)
        recovery = reader.recovery
        recovery.isRestored = mark?.lastSequence == recovery.lastSequence
        recovery.duration = ContinuousClock.now - start
        return recovery
    }
}
