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

    /// - Parameters:
    ///   - journal: Whose segments are cleared away.
    ///   - retainedRecords: How many of the newest records stay in the journal, at least.
    ///   - limits: Of the archive.
    ///   - work: Where it works.
    ///   - clock: Milliseconds since 1970 UTC.
    ///   - report: Gets a sentence for people when something could not be done; on any thread.
    package init(
        _ journal: JournalWriter,
        retainedRecords: UInt64,
        limits: ArchiveConfiguration,
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
        work.enqueue { [self] in
            attempt("clear up the archive") { () throws(FileError) in
                try SegmentArchive(journal.directory).removeLeftovers()
                try prune()
            }
        }
    }

    /// Begins a pass: what is covered through `sequence`, by both kept snapshots, is needed no more.
    package func tidy(coveredThrough sequence: UInt64) {
        work.enqueue { [self] in
            clear(coveredThrough: sequence)
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
                guard limits.maximumBytes > 0 else { return true }
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
        let removed = try archive.prune(limits, now: clock())
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
