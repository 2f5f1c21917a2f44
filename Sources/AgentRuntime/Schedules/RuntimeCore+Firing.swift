import JSONRPC
import Schedules

// What is due, by the wall clock. However that steps, no time is looked at twice: a schedule
// remembers up to which one it has come.
extension RuntimeCore {
    /// The wall clock is looked at anew after this time, so that its steps are noticed.
    private static var longestSleep: Duration { .seconds(10) }
    /// Schedules that are looked at in one turn; more have theirs in the next.
    private static var turn: Int { 64 }

    /// Takes the schedules of a recovered state up.
    mutating func bootSchedules() {
        for record in state.schedules.inOrder {
            if let work = record.running { resume(work, of: record) }
            setDue(record)
        }
        setScheduleTimer()
    }

    /// Notes when a schedule is due next.
    mutating func setDue(_ record: ScheduleRecord) {
        guard record.isEnabled,
            let next = schedule(of: record)?.next(
                after: record.handledThrough.millisecondsSince1970
            )
        else { return schedulesDue.cancel(record.id) }
        schedulesDue.set(record.id, at: .milliseconds(next))
    }

    mutating func setScheduleTimer() {
        guard let due = schedulesDue.nextDeadline() else { return timers.cancel(.schedules) }
        let wait = due - .milliseconds(now.wall.millisecondsSince1970)
        let sleep = min(max(wait, .zero), Self.longestSleep)
        timers.set(.schedules, at: now.monotonic + sleep)
    }

    /// Does what is due.
    mutating func fireSchedules() {
        // What is due now is due at the next start still.
        guard !isDraining else { return }
        let wall = Duration.milliseconds(now.wall.millisecondsSince1970)
        var rest = Self.turn
        while rest > 0, let id = schedulesDue.popDue(at: wall) {
            if let record = state.schedules[id] { fire(record) }
            if let record = state.schedules[id] { setDue(record) }
            rest -= 1
        }
        setScheduleTimer()
        // The same turn must come to its end.
        if rest == 0 { timers.set(.schedules, at: now.monotonic + .milliseconds(1)) }
    }

    private mutating func fire(_ record: ScheduleRecord) {
        guard record.isEnabled, let schedule = schedule(of: record) else { return }
        let horizon = now.wall.advanced(
            byMilliseconds: -configuration.scheduleGrace.wholeMilliseconds
        )
        catchUp(record, schedule, through: horizon)
        var rest = Self.turn
        while rest > 0, let record = state.schedules[record.id],
            let next = schedule.next(after: record.handledThrough.millisecondsSince1970),
            next <= now.wall.millisecondsSince1970
        {
            takeTurn(record, dueAt: Timestamp(millisecondsSince1970: next))
            rest -= 1
        }
    }

    /// Deals with times that have passed while nobody looked.
    private mutating func catchUp(
        _ record: ScheduleRecord,
        _ schedule: CronSchedule,
        through horizon: Timestamp
    ) {
        let missed = schedule.last(
            after: record.handledThrough.millisecondsSince1970,
            notAfter: horizon.millisecondsSince1970
        )
        guard let missed else { return }
        let last = Timestamp(millisecondsSince1970: missed)
        switch record.catchUp {
        case .none:
            emitSchedule(.skipped(dueAt: last, .missed, nil), of: record)
        case .one:
            takeTurn(record, dueAt: last)
        case .all:
            let times = schedule.times(
                after: record.handledThrough,
                count: min(record.maxCatchUp, configuration.maximumQueuedTimes)
            ).filter { $0 <= last }
            for time in times { queue(record.id, dueAt: time) }
            if times.last != last {
                emitSchedule(.skipped(dueAt: last, .missed, nil), of: record)
            }
            beginWaiting(of: record.id)
        }
    }

    /// Begins what is due, unless what was begun before goes on.
    private mutating func takeTurn(_ record: ScheduleRecord, dueAt: Timestamp) {
        guard record.running != nil || !record.waiting.isEmpty else {
            return begin(record, dueAt: dueAt)
        }
        switch record.overlap {
        case .skip:
            emitSchedule(.skipped(dueAt: dueAt, .overlap, nil), of: record)
        case .queue:
            queue(record.id, dueAt: dueAt)
        case .replace:
            let old = record.running
            begin(record, dueAt: dueAt)
            // Now that its end means nothing to the schedule.
            if let old, state.schedules[record.id]?.running != old { cancel(old, record) }
        }
    }

    private mutating func queue(_ id: String, dueAt: Timestamp) {
        guard let record = state.schedules[id] else { return }
        if record.waiting.count < configuration.maximumQueuedTimes {
            emitSchedule(.queued(dueAt: dueAt), of: record)
        } else {
            emitSchedule(.skipped(dueAt: dueAt, .overlap, nil), of: record)
        }
    }

    /// Begins the first of the times that wait, if nothing is running.
    mutating func beginWaiting(of id: String) {
        // One that is refused makes room for the next.
        while let record = state.schedules[id], record.running == nil,
            let dueAt = record.waiting.first
        {
            begin(record, dueAt: dueAt)
        }
    }

    private mutating func begin(_ record: ScheduleRecord, dueAt: Timestamp) {
        do throws(RPCError) {
            switch record.action {
            case .task(let params):
                let draft = try draft(of: params, for: record)
                try checkCreation(of: draft)
                let id = UUIDv7.make(at: now.wall, using: &random)
                begin(.task(id), of: record, dueAt: dueAt)
                _ = try createTask(draft, by: record.owner.userID, cause: lastEventID, id: id)
            case .workflow(let name, let input):
                let (version, order) = try run(of: name, input, for: record)
                let id = UUIDv7.make(at: now.wall, using: &random)
                try checkBeginning(of: order)
                begin(.run(id), of: record, dueAt: dueAt)
                try begin(version, order, id: id)
            }
        } catch {
            refuse(record, dueAt: dueAt, error)
        }
    }

    private mutating func begin(
        _ work: ScheduledWork,
        of record: ScheduleRecord,
        dueAt: Timestamp
    ) {
        scheduleOfWork[work.id] = record.id
        emitSchedule(.fired(dueAt: dueAt, work), of: record)
    }

    /// What was begun before the process ended goes on by itself; what the journal knows to have
    /// been begun and knows nothing else of is begun now.
    private mutating func resume(_ work: ScheduledWork, of record: ScheduleRecord) {
        scheduleOfWork[work.id] = record.id
        do throws(RPCError) {
            switch (work, record.action) {
            case (.task(let id), .task(let params)) where state.tasks[id] == nil:
                _ = try createTask(
                    draft(of: params, for: record),
                    by: record.owner.userID,
                    cause: nil,
                    id: id
                )
            case (.run(let id), .workflow(let name, let input)) where state.runs[id] == nil:
                let (version, order) = try run(of: name, input, for: record)
                try begin(version, order, id: id)
            default:
                break
            }
        } catch {
            refuse(record, dueAt: record.lastDueAt ?? now.wall, error)
            scheduleOfWork[work.id] = nil
        }
    }

    private func run(
        of name: String,
        _ input: JSONText,
        for record: ScheduleRecord
    ) throws(RPCError) -> (WorkflowVersion, RunOrder) {
        guard let rules = rules(of: record.owner) else {
            throw .forbidden("who made the schedule has no rights any more")
        }
        guard let version = state.workflows[name], sees(version, by: rules) else {
            throw .notFound("there is no workflow '\(name)'")
        }
        let order = RunOrder(
            input: (try? JSONValue(parsing: input.bytes)) ?? .null,
            inputBytes: input.bytes.count,
            owner: record.owner,
            cause: .schedule(id: record.id)
        )
        return (version, order)
    }

    private mutating func begin(
        _ version: WorkflowVersion,
        _ order: RunOrder,
        id: String
    ) throws(RPCError) {
        var order = order
        order.id = id
        order.causationID = lastEventID
        _ = try beginRun(of: version, order)
    }

    private func draft(
        of params: JSONText,
        for record: ScheduleRecord
    ) throws(RPCError) -> TaskDraft {
        guard let rules = rules(of: record.owner) else {
            throw .forbidden("who made the schedule has no rights any more")
        }
        let value = (try? JSONValue(parsing: params.bytes)) ?? .null
        return try taskDraft(value, with: rules)
    }

    private mutating func refuse(_ record: ScheduleRecord, dueAt: Timestamp, _ error: RPCError) {
        let reason = error.details.first.map { "\($0.path) \($0.reason)" } ?? error.message
        let error = TaskError(
            code: error.code.name,
            message: reason,
            isRetryable: error.isTemporary
        )
        emitSchedule(.skipped(dueAt: dueAt, .refused, error), of: record)
    }

    private mutating func cancel(_ work: ScheduledWork, _ record: ScheduleRecord) {
        scheduleOfWork[work.id] = nil
        switch work {
        case .task(let id): cancelTask(id, requestedBy: record.owner.userID)
        case .run(let id): cancel(RunWork.Kind.run(id), requestedBy: record.owner.userID)
        }
    }

    /// Something that may have been begun by a schedule has ended.
    mutating func noteEndForSchedules(of workID: String) {
        guard let id = scheduleOfWork.removeValue(forKey: workID) else { return }
        beginWaiting(of: id)
    }

    /// `id` of the event that was emitted last.
    var lastEventID: String? { output.events.last?.recorded.event.id }
}
