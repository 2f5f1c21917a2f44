package import Journal

/// What a look at a whole state folder has shown: as lines for people, and a verdict.
package struct StateCheck: Sendable {
    /// What there is.
    package private(set) var summary: [String] = []
    /// What the next start will put in order by itself.
    package private(set) var notes: [String] = []
    /// What is damaged; without any, a hub starts with all that was acknowledged.
    package private(set) var problems: [String] = []
    /// What is wrong with the audit chain of a folder without problems: a hub starts all the same,
    /// and nothing can mend it.
    package private(set) var auditProblem: String?
    /// The newest entries of the audit that the snapshots know.
    private var auditMarks: [AuditLink] = []
    private var auditChain = AuditChain()

    /// Checks every snapshot and every segment, and then reads the state as a start would.
    ///
    /// Nothing is changed. `progress` is called now and then.
    package init(
        _ directory: StateDirectory,
        progress: (RecoveryProgress) -> Void = { _ in }
    ) throws(StateDirectoryError) {
        let version = try directory.formatVersion
        summary.append("state folder \(directory.path), format \(version)")
        let snapshots = try directory.inspectSnapshots()
        check(snapshots)
        let segments = try directory.inspectSegments()
        let torn = replay(directory, progress)
        defer { if problems.isEmpty { checkAudit(directory) } }
        check(segments, torn)
        check(try directory.inspectArchive(), before: segments.first)
    }

    private mutating func check(_ snapshots: [SnapshotReport]) {
        var line = "snapshots: \(snapshots.count)"
        if let newest = snapshots.last(where: { $0.snapshot != nil })?.snapshot {
            let time = Timestamp(millisecondsSince1970: newest.createdAt)
            line += ", the newest of \(time) with the events up to \(newest.lastSequence)"
        }
        summary.append(line)
        for report in snapshots {
            guard let snapshot = report.snapshot else {
                problems.append("the snapshot \(report.path) is damaged")
                continue
            }
            do {
                let state = try RuntimeState(snapshot)
                auditMarks.append(state.audit.head)
                if state.sequence != snapshot.lastSequence {
                    problems.append(
                        "the snapshot \(report.path) is the state after event \(state.sequence)"
                    )
                }
            } catch {
                problems.append("the snapshot \(report.path) cannot be understood: \(error)")
            }
        }
    }

    private mutating func checkAudit(_ directory: StateDirectory) {
        do {
            let audit = StateFolderAudit(directory)
            let report = try audit.verify(auditChain, known: auditMarks) { _ in true }
            if let problem = report.firstProblem {
                auditProblem = "the audit chain is broken at \(problem)"
            } else if let from = report.from, let to = report.to {
                summary.append(
                    "audit: \(report.entries) entries from \(from.number) to \(to.number), an intact "
                        + "chain that ends with \(to.digest)"
                )
            } else {
                summary.append("audit: no entries")
            }
        } catch {
            auditProblem = "the audit chain cannot be read: \(error)"
        }
    }

    /// Returns what a crash has left at the end.
    private mutating func replay(
        _ directory: StateDirectory,
        _ progress: (RecoveryProgress) -> Void
    ) -> TornTail? {
        do {
            let (recovered, recovery) = try RecoveredState.read(
                directory,
                isReadOnly: true,
                progress: progress,
                history: { _ in }
            )
            let state = recovered.state
            auditChain = state.audit
            let open = state.tasks.values.count { !$0.status.isFinal }
            summary.append(
                "state: \(state.agents.count) agents, \(state.tasks.count) tasks (\(open) not "
                    + "finished), epoch \(state.epoch), the last event is "
                    + "\(recovery.lastSequence)"
            )
            if let torn = recovery.tornTail {
                notes.append(
                    "\(torn.description) are not part of the state; the next start moves them to "
                        + "a file beside it"
                )
            }
            return recovery.tornTail
        } catch {
            problems.append("a hub refuses to start: \(error)")
            return nil
        }
    }

    private mutating func check(_ segments: [SegmentReport], _ torn: TornTail?) {
        var line = "journal: \(segments.count) segments"
        if let first = segments.first, let last = segments.last {
            let bytes = segments.reduce(0) { $0 + $1.bytes }
            let records = segments.reduce(0) { $0 + $1.records }
            line += ", \(records) events from \(first.firstSequence) on, \(bytes) bytes"
            for segment in segments {
                guard let damage = segment.damage, let text = segment.description else { continue }
                if segment.path == last.path, torn?.path == last.path,
                    torn?.offset == damage.offset
                {
                    continue
                }
                // Damage that keeps a hub from starting is told with that.
                if !problems.contains(where: { $0.contains(text) }) { problems.append(text) }
            }
        }
        summary.insert(line, at: min(2, summary.count))
    }

    private mutating func check(_ archive: [SegmentReport], before journal: SegmentReport?) {
        let bytes = archive.reduce(0) { $0 + $1.bytes }
        let records = archive.reduce(0) { $0 + $1.records }
        guard let first = archive.first else { return }
        summary.append(
            "archive: \(archive.count) segments, \(records) events from \(first.firstSequence) on, "
                + "\(bytes) bytes"
        )
        problems += archive.compactMap(\.description)
        for (one, next) in zip(archive, archive.dropFirst() + [journal].compactMap { $0 })
        where one.damage == nil && one.endSequence < next.firstSequence {
            notes.append(
                "the events from \(one.endSequence) to \(next.firstSequence - 1) are in no file: the "
                    + "past of channels reaches back to \(next.firstSequence) only"
            )
        }
    }
}
