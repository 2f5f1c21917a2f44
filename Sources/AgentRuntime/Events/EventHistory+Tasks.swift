import Journal

/// A task that memory holds no more, as the journal and its archive show it.
package enum PastTask: Equatable, Sendable {
    case found(TaskRecord)
    case unknown
    /// It was created, and its end lies further than may be looked.
    case unfinished
}

extension EventHistory {
    /// Reads a task whose id is a UUIDv7: where to look follows from the time in it.
    ///
    /// A task that did not complete and was retried later may be shown as it was before, when the
    /// retry lies further than `scanLimit`.
    ///
    /// - Throws: ``StateDirectoryError`` when something is damaged or cannot be read.
    package func task(
        _ id: String,
        scanLimit: Int,
        scanned: (Int) -> Void = { _ in }
    ) throws -> PastTask {
        guard let time = UUIDv7.milliseconds(of: id) else { return .unknown }
        let found = try history.read(
            "tasks.\(id)",
            beginningAt: time,
            durableThrough: journal.metrics.durableSequence,
            scanLimit: scanLimit
        ) { record in
            // A completed task cannot be retried, so nothing follows.
            let event = try? LoggedEvent.decode(record).logged.event
            return event?.type == .taskCompleted
        }
        scanned(found.scannedBytes)
        // What happened to the task alone gives the task.
        var state = RuntimeState()
        state.retention.finishedMs = .max
        state.retention.deadMs = .max
        for record in found.records {
            _ = state.apply(try LoggedEvent.decode(record).logged)
        }
        guard let record = state.taskRecord(id) else { return .unknown }
        return record.status.isFinal ? .found(record) : .unfinished
    }
}
