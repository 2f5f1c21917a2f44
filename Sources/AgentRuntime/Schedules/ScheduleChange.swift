import JSONRPC

/// What happens to a schedule: one of `schedule.*`.
///
/// `data` has `scheduleId`, `createdBy`, and what the case says.
package struct ScheduleChange: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// `{schedule}`, as it is kept.
        case created(ScheduleRecord)
        case deleted
        case paused
        case resumed
        /// `{dueAt, taskId | runId}`: something was begun.
        case fired(dueAt: Timestamp, ScheduledWork)
        /// `{dueAt}`: waits for the end of what is running.
        case queued(dueAt: Timestamp)
        /// `{dueAt, reason, error?}`: the times up to this one are left out.
        case skipped(dueAt: Timestamp, SkipReason, TaskError?)
    }

    package enum SkipReason: String, CaseIterable, Sendable {
        /// What was begun before has not ended.
        case overlap
        /// Times passed while the hub was down, and the schedule does not make up for them.
        case missed
        /// It could not be begun; `error` says why.
        case refused
    }

    package var scheduleID: String
    /// Whose schedule it is.
    package var createdBy: String
    package var kind: Kind
}

extension ScheduleChange {
    package var type: EventType {
        switch kind {
        case .created: .scheduleCreated
        case .deleted: .scheduleDeleted
        case .paused: .schedulePaused
        case .resumed: .scheduleResumed
        case .fired: .scheduleFired
        case .queued: .scheduleQueued
        case .skipped: .scheduleSkipped
        }
    }

    var severity: Severity {
        switch kind {
        case .created, .resumed, .fired, .queued: .low
        case .deleted, .paused: .medium
        case .skipped(_, let reason, _): reason == .refused ? .high : .medium
        }
    }

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("scheduleId", scheduleID)
        writer.member("createdBy", createdBy)
        switch kind {
        case .created(let record):
            writer.member("schedule", raw: record.stored())
        case .deleted, .paused, .resumed:
            break
        case .fired(let dueAt, let work):
            writer.member("dueAt", dueAt.description)
            work.writeMember(to: &writer)
        case .queued(let dueAt):
            writer.member("dueAt", dueAt.description)
        case .skipped(let dueAt, let reason, let error):
            writer.member("dueAt", dueAt.description)
            writer.member("reason", reason.rawValue)
            writer.member("error", ifPresent: error?.json)
        }
    }

    init(type: EventType, data: JSONReader) throws(StateDecodingError) {
        let kind: Kind
        switch type {
        case .scheduleCreated:
            kind = .created(try ScheduleRecord(stored: data.member("schedule")))
        case .scheduleDeleted: kind = .deleted
        case .schedulePaused: kind = .paused
        case .scheduleResumed: kind = .resumed
        case .scheduleFired:
            guard let work = ScheduledWork(reading: data) else {
                throw StateDecodingError(path: data.path, problem: "says not what was begun")
            }
            kind = .fired(dueAt: try data.timestamp("dueAt"), work)
        case .scheduleQueued:
            kind = .queued(dueAt: try data.timestamp("dueAt"))
        case .scheduleSkipped:
            kind = .skipped(
                dueAt: try data.timestamp("dueAt"),
                try data.choice("reason"),
                try data.ifPresent("error", TaskError.init(reading:))
            )
        default:
            throw StateDecodingError(path: data.path, problem: "belongs to an unknown event type")
        }
        self.init(
            scheduleID: try data.string("scheduleId"),
            createdBy: try data.string("createdBy"),
            kind: kind
        )
    }
}

extension EventType {
    package static let scheduleCreated = EventType(rawValue: "schedule.created")
    package static let scheduleDeleted = EventType(rawValue: "schedule.deleted")
    package static let schedulePaused = EventType(rawValue: "schedule.paused")
    package static let scheduleResumed = EventType(rawValue: "schedule.resumed")
    package static let scheduleFired = EventType(rawValue: "schedule.fired")
    package static let scheduleQueued = EventType(rawValue: "schedule.queued")
    package static let scheduleSkipped = EventType(rawValue: "schedule.skipped")

    /// Whether it is about schedules, and so decoded by ``ScheduleChange``.
    var isAboutSchedules: Bool { rawValue.hasPrefix("schedule.") }
}

extension ScheduleTable {
    mutating func apply(_ change: ScheduleChange, at time: Timestamp) {
        if case .created(let record) = change.kind {
            self[record.id] = record
            return
        }
        guard var record = self[change.scheduleID] else { return }
        record.updatedAt = time
        switch change.kind {
        case .created:
            break
        case .deleted:
            self[change.scheduleID] = nil
            return
        case .paused:
            record.isEnabled = false
            record.waiting = []
        case .resumed:
            record.isEnabled = true
            record.handledThrough = max(record.handledThrough, time)
        case .fired(let dueAt, let work):
            record.handledThrough = max(record.handledThrough, dueAt)
            record.lastDueAt = dueAt
            record.running = work
            if record.waiting.first == dueAt { record.waiting.removeFirst() }
            record.fired += 1
        case .queued(let dueAt):
            record.handledThrough = max(record.handledThrough, dueAt)
            record.waiting.append(dueAt)
        case .skipped(let dueAt, let reason, _):
            record.handledThrough = max(record.handledThrough, dueAt)
            // What was to be begun, and could not be.
            if reason == .refused, record.lastDueAt == dueAt { record.running = nil }
            if record.waiting.first == dueAt { record.waiting.removeFirst() }
            record.skipped += 1
        }
        self[change.scheduleID] = record
    }
}
