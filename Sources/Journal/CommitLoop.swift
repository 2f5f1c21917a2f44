import CLinux
import Glibc
import Synchronization

/// The work of a journal writer: takes what is queued and makes it durable, batch by batch.
///
/// Owned by the thread that does it; ``JournalState`` is the only thing shared.
final class CommitLoop {
    private let state: JournalState
    /// Kept, and with it locked, for as long as there may be something to write.
    private let directory: StateDirectory
    private let operations: any FileOperations
    private let configuration: JournalConfiguration
    private var file: FileDescriptor
    /// The end of the last durable record in `file`.
    private var length: Int
    /// The sequence that the next record must have.
    private var nextSequence: UInt64
    private var buffer: [UInt8] = []
    /// Why the last commit failed; nothing is tried again after a permanent failure.
    private var failure: StorageError?

    init(
        state: JournalState,
        directory: StateDirectory,
        file: consuming FileDescriptor,
        length: Int,
        nextSequence: UInt64,
        operations: any FileOperations,
        configuration: JournalConfiguration
    ) {
        self.state = state
        self.directory = directory
        self.file = file
        self.length = length
        self.nextSequence = nextSequence
        self.operations = operations
        self.configuration = configuration
    }

    /// What a thread of its own does; returns once the queue is closed and everything in it is
    /// answered.
    func run() {
        clinux_set_thread_name("journal")
        reserveAhead()
        while let entries = state.queue.next() { write(entries) }
        end()
    }

    /// Makes durable what is queued now.
    func step() {
        let entries = state.queue.takeQueued()
        if !entries.isEmpty { write(entries) }
    }

    private func write(_ entries: [CommitQueue.Entry]) {
        commit(entries)
        reserveAhead()
    }

    /// Leaves the file as one that is not written any more.
    func end() {
        if failure?.isPermanent != true {
            try? operations.truncate(file.rawValue, to: length)  // Gives reserved blocks back.
        }
    }

    private func commit(_ entries: [CommitQueue.Entry]) {
        // Entries decided after one that was refused continue a history that never was; they are
        // known by a sequence that does not follow.
        let first = nextSequence
        var isAccepted = [Bool](repeating: false, count: entries.count)
        for (index, entry) in entries.enumerated() where failure?.isPermanent != true {
            guard follows(entry) else { continue }
            isAccepted[index] = true
            nextSequence += UInt64(entry.records.count)
            for record in entry.records { record.appendLine(batch: first, to: &buffer) }
        }
        var outcome: Result<Void, StorageError> = .success(())
        do {
            try write(first: first)
        } catch {
            nextSequence = first
            failure = error
            outcome = .failure(error)
            state.metrics.withLock { $0.failure = error }
        }
        forgetBuffer()
        let refusal = failure ?? .unavailable(reason: "it follows a change that was not kept")
        for (entry, isAccepted) in zip(entries, isAccepted) {
            state.queue.complete(entry, with: isAccepted ? outcome : .failure(refusal))
        }
    }

    private func follows(_ entry: CommitQueue.Entry) -> Bool {
        entry.records.isEmpty
            ? entry.firstSequence <= nextSequence : entry.firstSequence == nextSequence
    }

    /// Makes the lines in `buffer` durable, all or none.
    private func write(first: UInt64) throws(StorageError) {
        guard !buffer.isEmpty else { return }
        if length > 0, length + buffer.count > configuration.segmentSize {
            try beginSegment(first: first)
        }
        do {
            let count = buffer.count
            try state.reservation.withLock { (reservation) throws(FileError) in
                try reservation.ensure(count)
            }
        } catch {
            throw .unavailable(error)
        }
        try writeBuffer()

        let start = ContinuousClock.now
        do {
            try operations.synchronizeData(file.rawValue)
        } catch {
            // The kernel may now hold pages as clean that the disk never got; a restart must not
            // take them for durable. Failing here changes nothing.
            try? operations.truncate(file.rawValue, to: length)
            throw .failed(error)
        }
        let elapsed = ContinuousClock.now - start

        failure = nil
        length += buffer.count
        state.reservation.withLock { $0.advance(to: length) }
        state.metrics.withLock { metrics in
            metrics.durableSequence = nextSequence - 1
            metrics.records += nextSequence - first
            metrics.bytes += UInt64(buffer.count)
            metrics.commits += 1
            metrics.lastBatchRecords = Int(nextSequence - first)
            metrics.synchronizing += elapsed
            metrics.longestSynchronizing = max(metrics.longestSynchronizing, elapsed)
            metrics.failure = nil
        }
    }

    private func writeBuffer() throws(StorageError) {
        var written = 0
        while written < buffer.count {
            do {
                written += try buffer.withUnsafeBufferPointer { (bytes) throws(FileError) in
                    let rest = UnsafeBufferPointer(rebasing: bytes[written...])
                    return try operations.write(UnsafeRawBufferPointer(rest), to: file.rawValue)
                }
            } catch {
                if error.code == EINTR { continue }
                if written > 0 { try takeBack() }
                switch error.code {
                case ENOSPC, EDQUOT, EROFS, EFBIG: throw .unavailable(error)
                default: throw .failed(error)
                }
            }
        }
    }

    /// Removes what was written of a batch, so that it cannot come back after a crash.
    private func takeBack() throws(StorageError) {
        do {
            try operations.truncate(file.rawValue, to: length)
            state.reservation.withLock { $0.forget(downTo: length) }
            try operations.synchronizeData(file.rawValue)
        } catch {
            throw .failed(error)
        }
    }

    private func beginSegment(first: UInt64) throws(StorageError) {
        let folder = directory.journalPath
        let path = "\(folder)/\(SegmentName(firstSequence: first).fileName)"
        let next: FileDescriptor
        do {
            next = try FileDescriptor(opening: path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL)
        } catch {
            throw .unavailable(error)
        }
        do {
            try next.synchronize()
            try Folder.synchronize(folder)
        } catch {
            throw .failed(error)
        }
        let descriptor = next.rawValue
        state.reservation.withLock { $0.move(to: descriptor) }
        try? operations.truncate(file.rawValue, to: length)  // Gives reserved blocks back.
        file = next
        length = 0
        state.metrics.withLock { $0.segments += 1 }
    }

    /// Best effort: what fails here is tried again, and told, when the space is needed.
    func reserveAhead() {
        let step = configuration.reservationStep
        state.reservation.withLock { reservation in
            if reservation.isLow { try? reservation.ensure(step) }
        }
    }

    /// Empties the buffer; a large one is given back.
    private func forgetBuffer() {
        buffer.removeAll(keepingCapacity: buffer.capacity <= 4 << 20)
    }
}
