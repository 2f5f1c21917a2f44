import Glibc
import Synchronization

/// Appends records to the journal and tells when they are durable.
///
/// Safe to use from any thread; one thread of its own does the writing. Everything that is queued
/// while a commit runs goes out together, by one `write` and one `fdatasync` (group commit).
///
/// ```
/// append 1,2 ─┐            ┌─ write + fdatasync ─ whenDurable 1,2
/// append 3   ─┤  queue  ───┤
/// append 4   ─┘            └─ write + fdatasync ─ whenDurable 3, 4
/// ```
/// After a refused append everything that was appended behind it is refused too, because its
/// sequences do not follow; the owner rolls its state back and goes on with the first refused
/// sequence. ``close()`` waits for the end of the thread; when the last reference goes without it,
/// the thread still writes what is queued.
package final class JournalWriter: Sendable {
    let directory: StateDirectory
    let state: JournalState
    private let thread: Mutex<pthread_t?>

    /// Opens the newest segment for appending, or begins the first one.
    ///
    /// `recovery` is what reading `directory` has just yielded.
    package init(
        _ directory: StateDirectory,
        resuming recovery: Recovery,
        configuration: JournalConfiguration = JournalConfiguration(),
        operations: any FileOperations = SystemFileOperations()
    ) throws(StateDirectoryError) {
        self.directory = directory
        let folder = directory.journalPath
        let nextSequence = recovery.lastSequence + 1
        let loop: CommitLoop
        let version = try StateFormat.version(of: directory.path)
        do {
            if version < StateFormat.currentVersion { try StateFormat.mark(directory.path) }
            let segments = try SegmentName.all(in: folder)
            let segment = segments.last ?? SegmentName(firstSequence: nextSequence)
            let file = try FileDescriptor(
                opening: "\(folder)/\(segment.fileName)",
                O_WRONLY | O_APPEND | O_CREAT
            )
            try file.synchronize()
            try Folder.synchronize(folder)
            let length = try file.size()
            let reservation = Reservation(
                descriptor: file.rawValue,
                length: length,
                step: configuration.reservationStep,
                operations: operations
            )
            state = JournalState(reservation: reservation)
            state.metrics.withLock { metrics in
                metrics.segments = max(segments.count, 1)
                metrics.durableSequence = recovery.lastSequence
            }
            loop = CommitLoop(
                state: state,
                directory: directory,
                file: file,
                length: length,
                nextSequence: nextSequence,
                operations: operations,
                configuration: configuration
            )
        } catch {
            throw StateDirectoryError(error, creating: true)
        }
        let thread = startThread(loop)
        self.thread = Mutex(thread)
        if thread == nil {
            throw .inputOutput(path: folder, reason: "no thread can be started for it")
        }
    }

    deinit {
        state.queue.close()
        if let running = thread.withLock({ $0 }) { pthread_detach(running) }
    }

    /// Queues `records` to be made durable, all or none.
    ///
    /// Sequences are consecutive, within `records` and from call to call; calls are thus made by
    /// one owner, in order. `whenDurable` is called on the journal's thread, in the order of the
    /// calls, exactly once: it should only pass the result on. An append to a closed journal is
    /// refused at once, on the caller's thread.
    ///
    /// - Precondition: `records` is not empty; each body is one JSON object on one line.
    package func append(
        _ records: [JournalRecord],
        whenDurable: @escaping @Sendable (Result<Void, StorageError>) -> Void
    ) {
        precondition(!records.isEmpty, "nothing to append")
        var bytes = 0
        for (index, record) in records.enumerated() {
            precondition(
                record.sequence == records[0].sequence + UInt64(index),
                "sequences are consecutive"
            )
            bytes += record.body.count + JournalRecord.lineOverhead
        }
        enqueue(
            CommitQueue.Entry(
                firstSequence: records[0].sequence,
                records: records,
                bytes: bytes,
                completion: whenDurable
            )
        )
    }

    /// Calls back once everything up to `sequence` is durable, for an answer that changes nothing
    /// but was decided on changes that are still being written.
    package func wait(
        through sequence: UInt64,
        whenDurable: @escaping @Sendable (Result<Void, StorageError>) -> Void
    ) {
        enqueue(
            CommitQueue.Entry(
                firstSequence: sequence + 1,
                records: [],
                bytes: 0,
                completion: whenDurable
            )
        )
    }

    /// Sees to it that the disk has room for `bytes` more, beside all that is pending.
    ///
    /// To be called before a change is decided, with an upper bound of what it appends, so that a
    /// full disk refuses the command rather than rolls it back. Costs a comparison, and a system
    /// call every ``JournalConfiguration/reservationStep`` bytes.
    package func reserve(_ bytes: Int) throws(StorageError) {
        let failure = state.metrics.withLock { $0.failure }
        if let failure, failure.isPermanent { throw failure }
        let wanted = state.queue.pendingBytes + bytes
        do {
            try state.reservation.withLock { (reservation) throws(FileError) in
                try reservation.ensure(wanted)
            }
        } catch {
            let refusal = StorageError.unavailable(error)
            note(refusal)
            throw refusal
        }
        if failure != nil { note(nil) }
    }

    /// The bytes that are queued or being written; refuse commands when they get too many.
    package var pendingBytes: Int { state.queue.pendingBytes }

    package var metrics: JournalMetrics { state.metrics.withLock { $0 } }

    /// Writes what is queued, calls back, ends the thread and gives up the folder's lock; a second
    /// call does nothing.
    ///
    /// Not to be called on the journal's own thread.
    package func close() {
        state.queue.close()
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let running else { return }
        pthread_join(running, nil)
        directory.release()
    }

    /// Tells `metrics` whether the disk has room, unless it is worse than that.
    private func note(_ failure: StorageError?) {
        state.metrics.withLock { metrics in
            if metrics.failure?.isPermanent != true { metrics.failure = failure }
        }
    }

    private func enqueue(_ entry: CommitQueue.Entry) {
        if !state.queue.append(entry) {
            entry.completion(.failure(.unavailable(reason: "the journal is closed")))
        }
    }
}

/// Runs `loop` on a thread of its own, which no signal interrupts; `nil` when there is none.
private func startThread(_ loop: CommitLoop) -> pthread_t? {
    let context = Unmanaged.passRetained(loop)
    var thread = pthread_t()
    var all = sigset_t()
    var previous = sigset_t()
    // Inherited by the new thread, also for SIGXFSZ: a file-size limit is then an error like others.
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    let code = pthread_create(
        &thread,
        nil,
        { context in
            guard let context else { return nil }
            Unmanaged<CommitLoop>.fromOpaque(context).takeRetainedValue().run()
            return nil
        },
        context.toOpaque()
    )
    guard code == 0 else {
        context.release()
        return nil
    }
    return thread
}
