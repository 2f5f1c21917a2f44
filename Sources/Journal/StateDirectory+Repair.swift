/// Repairs of a folder that no hub uses; none of them loses anything that was acknowledged.
extension StateDirectory {
    /// Does what can safely be done and keeps beside it whatever is taken out of use.
    ///
    /// 1. A damaged snapshot becomes `<sequence>.corrupt`. An older one, or the journal from its
    ///    beginning, has the same state.
    /// 2. Segments up to a damaged one, or up to a gap, all of whose records are in an intact
    ///    snapshot, become `<segment>.corrupt`: the state needs them no longer, only the history of
    ///    channels does.
    /// 3. Damaged segments of the archive become `<segment>.gz.corrupt`.
    /// 4. What an unfinished commit has left at the end of the journal is moved to
    ///    `<segment>.torn-<byte>`.
    ///
    /// - Parameters:
    ///   - isDryRun: Whether it is only told what would be done.
    ///   - step: Gets a sentence for each step, before the next one begins.
    /// - Throws: ``StateDirectoryError``; what remains is `corrupt` and needs a backup.
    package func repair(
        isDryRun: Bool,
        step: (String) -> Void
    ) throws(StateDirectoryError) {
        _ = try StateFormat.version(of: path)
        let covered = try setAsideSnapshots(isDryRun: isDryRun, step: step)
        let segments = try inspectSegments()
        if let covered {
            try setAsideSegments(segments, covered: covered, isDryRun: isDryRun, step: step)
        }
        try setAsideArchives(isDryRun: isDryRun, step: step)
        try cutTail(covered: covered, isDryRun: isDryRun, step: step)
    }

    /// Returns the sequence of the newest intact snapshot.
    private func setAsideSnapshots(
        isDryRun: Bool,
        step: (String) -> Void
    ) throws(StateDirectoryError) -> UInt64? {
        var newest: UInt64?
        for report in try inspectSnapshots() {
            if report.snapshot != nil {
                newest = report.sequence
            } else if isDryRun {
                step("would set the damaged snapshot \(report.path) aside")
            } else {
                let aside = try setAside(report.path, in: snapshotsPath)
                step("set the damaged snapshot \(report.path) aside as \(aside)")
            }
        }
        return newest
    }

    private func setAsideSegments(
        _ segments: [SegmentReport],
        covered: UInt64,
        isDryRun: Bool,
        step: (String) -> Void
    ) throws(StateDirectoryError) {
        // A segment is covered when the next one begins no later than behind the snapshot.
        let isBad = zip(segments, segments.dropFirst()).map { segment, next in
            next.firstSequence <= covered + 1
                && (segment.damage != nil || segment.nextSequence != next.firstSequence)
        }
        guard let last = isBad.lastIndex(of: true) else { return }
        for segment in segments[...last] {
            let why = segment.damage.map { "damaged at byte \($0.offset)" } ?? "before the damage"
            let what = "\(segment.path) (\(why); the snapshot has its records)"
            if isDryRun {
                step("would set the segment \(what) aside")
            } else {
                let aside = try setAside(segment.path, in: journalPath)
                step("set the segment \(what) aside as \(aside)")
            }
        }
    }

    private func cutTail(
        covered: UInt64?,
        isDryRun: Bool,
        step: (String) -> Void
    ) throws(StateDirectoryError) {
        var recovery = Recovery()
        recovery.snapshotSequence = covered
        do {
            // No record before the snapshot is asked for, so that none can be in the way.
            var reader = try JournalReader(
                folder: journalPath,
                recovery: recovery,
                retainedRecords: 0,
                cutsTail: !isDryRun
            )
            try reader.read(progress: { _ in }, replay: { _, _ in })
            for warning in reader.recovery.warnings { step(warning) }
            if isDryRun, let torn = reader.recovery.tornTail {
                step("\(torn.description) would be moved to a file beside it")
            }
        } catch let error as StateDirectoryError {
            throw error
        } catch {
            throw .inputOutput(path: journalPath, reason: "\(error)")
        }
    }

    private func setAside(
        _ path: String,
        in folder: String
    ) throws(StateDirectoryError) -> String {
        do {
            return try Folder.setAside(path, in: folder)
        } catch {
            throw StateDirectoryError(error)
        }
    }
}
