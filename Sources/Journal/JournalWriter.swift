import Glibc
import Synchronization

/// Appends records to the journal and tells when they are durable.
///
/// Safe to use from any thread; one thread of its own does the writing, or with ``Worker/owner``
/// the one that calls ``step()``. Everything that is queued while a commit runs goes out together,
/// by one `write` and one `fdatasync` (group commit).
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
    private let operations: any FileOperations
    private let segmentSize: Int
    private let writing: Mutex<Writing>

    /// Who does the writing.
    package enum Worker: Sendable {
        /// A thread that the writer starts and ends.
        case thread
        /// The owner, whenever it calls ``step()``: in a program that decides the order of
        /// everything.
        case owner
    }

    private enum Writing {
        case thread(pthread_t)
        case steps(CommitLoop)
        case over
    }

    /// Opens the newest segment for appending, or begins the first one, and sees to it that all that
    /// was read is durable.
    ///
    /// `recovery` is what reading `directory` has just yielded.
    package init(
        _ directory: StateDirectory,
        resuming recovery: Recovery,
        configuration: JournalConfiguration = JournalConfiguration(),
        operations: any FileOperations = SystemFileOperations(),
        worker: Worker = .thread
    ) throws(StateDirectoryError) {
        self.directory = directory
        self.operations = operations
        segmentSize = configuration.segmentSize
        let folder = directory.journalPath
        let nextSequence = recovery.lastSequence + 1
        let loop: CommitLoop
        let version = try StateFormat.version(of: directory.path)
        do {
            if version < StateFormat.currentVersion { try StateFormat.mark(directory.path) }
            let segments = try SegmentName.all(in: folder)
            let segment = segments.last ?? SegmentName(firstSequence: nextSequence)
            let path = "\(folder)/\(segment.fileName)"
            let file = try FileDescriptor(opening: path, O_WRONLY | O_APPEND | O_CREAT)
            try recovery.lastCommit?.writeAnew(to: path, using: operations)
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
        switch worker {
        case .thread:
            guard let thread = startThread(loop) else {
                writing = Mutex(.over)
                throw .inputOutput(path: folder, reason: "no thread can be started for it")
            }
            writing = Mutex(.thread(thread))
        case .owner:
            loop.reserveAhead()
            writing = Mutex(.steps(loop))
        }
    }

    deinit {
        state.queue.close()
        writing.withLock { writing in
            if case .thread(let thread) = writing { pthread_detach(thread) }
        }
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
    /// full disk refuses the command rather than rolls it back; the same holds for a file system
    /// that has become read-only. Costs a short system call, and a longer one every
    /// ``JournalConfiguration/reservationStep`` bytes.
    package func reserve(_ bytes: Int) throws(StorageError) {
        let failure = state.metrics.withLock { $0.failure }
        if let failure, failure.isPermanent { throw failure }
        let wanted = state.queue.pendingBytes + bytes
        do {
            try operations.checkWritable(directory.journalPath)
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

    /// Whether `bytes` more, beside all that is pending, fit into what is reserved already: they can
    /// be written although the disk has no room for more.
    package func hasRoom(for bytes: Int) -> Bool {
        let wanted = state.queue.pendingBytes + bytes
        return state.reservation.withLock { $0.holds(wanted, within: segmentSize) }
    }

    /// The bytes that are queued or being written; refuse commands when they get too many.
    package var pendingBytes: Int { state.queue.pendingBytes }

    package var metrics: JournalMetrics { state.metrics.withLock { $0 } }

    /// Writes what is queued, calls back, ends the thread and gives up the folder's lock; a second
    /// call does nothing.
    ///
    /// Not to be called on the journal's own thread, nor within a ``step()``.
    package func close() {
        state.queue.close()
        let thread: pthread_t? = writing.withLock { writing in
            defer { writing = .over }
            switch writing {
            case .thread(let thread):
                return thread
            case .steps(let loop):
                loop.step()
                loop.end()
                directory.release()
                return nil
            case .over:
                return nil
            }
        }
        guard let thread else { return }
        pthread_join(thread, nil)
        directory.release()
    }

    /// Makes durable what is queued, and calls back, on the caller's thread.
    ///
    /// Does nothing in a writer with a thread of its own.
    package func step() {
        writing.withLock { writing in
            if case .steps(let loop) = writing { loop.step() }
        }
    }

    /// Whether ``step()`` has something to do.
    package var hasWork: Bool { !state.queue.isEmpty }

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
