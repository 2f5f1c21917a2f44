import Synchronization

/// Clears the journal of segments that nothing needs for a start: compresses them into the archive,
/// or deletes them where there is none, and deletes the oldest of the archive beyond its limits.
///
/// It works beside the hub, one pass after the other. What it could not
/// do, for want of room say, it tries again at the next pass.
package final class SegmentKeeper: Sendable {
    private let journal: JournalWriter
    private let retainedRecords: UInt64
    private let limits: ArchiveConfiguration
    private let clock: @Sendable () -> Int64
    private let report: @Sendable (String) -> Void
    private let work: any SerialWork
    private let isClosed = Atomic<Bool>(false)
    private let removal: Mutex<Removal>
    /// What is no longer needed for a start, as far as it was told.
    private let covered = Atomic<UInt64>(0)

    /// Whether records may be removed for good.
    private struct Removal {
        /// Those before this sequence may.
        var approvedBefore: UInt64
        /// Is asked about those before a sequence; nothing is removed until it approves.
        var ask: (@Sendable (_ before: UInt64) -> Void)?
    }

    /// - Parameters:
    ///   - journal: Whose segments are cleared away.
    ///   - retainedRecords: How many of the newest records stay in the journal, at least.
    ///   - limits: Of the archive.
    ///   - asksBeforeRemoval: Whether records are removed for good only after
    ///     ``approveRemoval(before:)``.
    ///   - work: Where it works.
    ///   - clock: Milliseconds since 1970 UTC.
    ///   - report: Gets a sentence for people when something could not be done; on any thread.
    package init(
        _ journal: JournalWriter,
        retainedRecords: UInt64,
        limits: ArchiveConfiguration,
        asksBeforeRemoval: Bool = false,
        work: any SerialWork = WorkQueue("omnihub.archive"),
        clock: @escaping @Sendable () -> Int64,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.journal = journal
        self.retainedRecords = retainedRecords
        self.limits = limits
        self.work = work
        self.clock = clock
        self.report = report
        removal = Mutex(Removal(approvedBefore: asksBeforeRemoval ? 0 : .max))
        work.enqueue { [self] in
            attempt("clear up the archive") { () throws(FileError) in
                try SegmentArchive(journal.directory).removeLeftovers()
                try prune()
            }
        }
    }

    /// Has `ask` told, on the thread of this, before which sequence records are to be removed for
    /// good; those before `sequence` may be already.
    package func askBeforeRemoval(
        approvedBefore sequence: UInt64,
        _ ask: @escaping @Sendable (_ before: UInt64) -> Void
    ) {
        removal.withLock { $0 = Removal(approvedBefore: sequence, ask: ask) }
    }

    /// Lets the records before `sequence` be removed for good, and begins a pass.
    package func approveRemoval(before sequence: UInt64) {
        removal.withLock { $0.approvedBefore = max($0.approvedBefore, sequence) }
        tidy(coveredThrough: 0)
    }

    private func mayRemove(before sequence: UInt64) -> Bool {
        removal.withLock { sequence <= $0.approvedBefore }
    }

    private func askForRemoval(before sequence: UInt64) {
        // Outside of the lock: who is asked may approve at once.
        removal.withLock { $0.ask }?(sequence)
    }

    /// Begins a pass: what is covered through `sequence`, by both kept snapshots, is needed no more.
    package func tidy(coveredThrough sequence: UInt64) {
        work.enqueue { [self] in
            covered.store(max(sequence, covered.load(ordering: .relaxed)), ordering: .relaxed)
            clear(coveredThrough: covered.load(ordering: .relaxed))
            attempt("clear up the archive") { () throws(FileError) in try prune() }
        }
    }

    /// Returns when the passes that were begun are over.
    package func finish() {
        work.perform {}
    }

    /// Ends soon, in the middle of a segment too, and returns when the folder is left alone.
    package func close() {
        isClosed.store(true, ordering: .relaxed)
        work.perform {}
    }

    private func clear(coveredThrough sequence: UInt64) {
        let archive = SegmentArchive(journal.directory)
        do throws(StorageError) {
            _ = try journal.removeSegments(
                coveredThrough: sequence,
                retainedRecords: retainedRecords
            ) { (segment, next) throws(FileError) in
                if isClosed.load(ordering: .relaxed) { return false }
                guard limits.maximumBytes > 0 else {
                    if mayRemove(before: next) { return true }
                    askForRemoval(before: next)
                    return false
                }
                let outcome = try archive.add(segment, next: next) {
                    isClosed.load(ordering: .relaxed)
                }
                switch outcome {
                case .archived:
                    journal.state.metrics.withLock { $0.archivedSegments += 1 }
                    return true
                case .cancelled:
                    return false
                case .damaged(let place):
                    fail("a segment stays out of the archive, for it is damaged: \(place)")
                    return false
                }
            }
        } catch {
            fail("segments cannot be cleared away: \(error)")
        }
    }

    private func prune() throws(FileError) {
        guard !isClosed.load(ordering: .relaxed) else { return }
        let archive = SegmentArchive(journal.directory)
        let (removed, wanted) = try archive.prune(limits, now: clock(), mayGo: mayRemove(before:))
        if let wanted { askForRemoval(before: wanted) }
        let figures = try archive.figures()
        journal.state.metrics.withLock { metrics in
            metrics.removedArchives += UInt64(removed)
            metrics.archives = figures.segments
            metrics.archiveBytes = figures.bytes
        }
    }

    private func attempt(_ what: String, _ body: () throws(FileError) -> Void) {
        guard !isClosed.load(ordering: .relaxed) else { return }
        do throws(FileError) {
            try body()
        } catch {
            fail("cannot \(what): \(error)")
        }
    }

    private func fail(_ problem: String) {
        journal.state.metrics.withLock { $0.archiveFailures += 1 }
        report(problem)
    }
}
