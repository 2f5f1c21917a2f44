import Identity
import JSONRPC
import Schedules

// What clients do with schedules.
extension RuntimeCore {
    /// Times that a Schedule object shows.
    private static var shownTimes: Int { 3 }

    mutating func execute(_ command: ScheduleCommand, order: Order) {
        switch command {
        case .create(let draft):
            do throws(RPCError) {
                try createSchedule(draft, order: order)
            } catch {
                refuse(order.ticket, error)
            }
        case .get(let id):
            guard let record = visibleSchedule(id) else { return refuseUnknownSchedule(order) }
            reply(order.ticket, .success(Reply(result: encoded(record, at: now.wall))))
        case .list(let limit, let cursor):
            listSchedules(limit: limit, cursor: cursor, order: order)
        case .delete(let id):
            change(id, .deleted, order: order)
        case .pause(let id):
            change(id, .paused, order: order)
        case .resume(let id):
            change(id, .resumed, order: order)
        }
    }

    private mutating func createSchedule(
        _ draft: ScheduleDraft,
        order: Order
    ) throws(RPCError) {
        guard state.schedules.records.count < configuration.maximumSchedules else {
            throw .busy("there are \(configuration.maximumSchedules) schedules already")
        }
        try check(draft.action, with: asking.rules)
        let id = UUIDv7.make(at: now.wall, using: &random)
        let record = ScheduleRecord(
            id: id,
            description: draft.description,
            cron: draft.cron,
            timeZone: draft.timeZone,
            action: draft.action,
            overlap: draft.overlap,
            catchUp: draft.catchUp,
            maxCatchUp: min(draft.maxCatchUp ?? .max, configuration.maximumCatchUp),
            owner: callingOwner,
            createdAt: now.wall,
            isEnabled: draft.isEnabled,
            updatedAt: now.wall,
            handledThrough: now.wall
        )
        emitSchedule(.created(record), of: record, keys: order.remembrance.map { [$0] } ?? [])
        audit(order, of: AuditObject(kind: "schedule", id: id), hasEffect: true)
        reply(order.ticket, .success(Reply(result: answer(with: record))))
        setDue(record)
        setScheduleTimer()
    }

    /// Checks that what is to be done could be done now.
    private func check(
        _ action: ScheduleRecord.Action,
        with rules: AccessRules
    ) throws(RPCError) {
        switch action {
        case .task(let params):
            guard rules.allows(.work, method: "tasks.create") else {
                throw .forbidden("tasks.create is not in the scope of this API key")
            }
            var problems: [RPCError.Detail] = []
            let task = (try? JSONValue(parsing: params.bytes)) ?? .null
            for name in ["runAt", "deadline", "idempotencyKey", "dependsOn"]
            where task[name] != nil {
                problems.append(.init(path: "/task/\(name)", reason: "is not for schedules"))
            }
            guard problems.isEmpty else { throw .validation(problems) }
            do throws(RPCError) {
                _ = try taskDraft(task, with: rules)
            } catch {
                var error = error
                for index in error.details.indices {
                    error.details[index].path = "/task" + error.details[index].path
                }
                throw error
            }
        case .workflow(let name, _):
            guard rules.allows(.work, method: "workflows.start") else {
                throw .forbidden("workflows.start is not in the scope of this API key")
            }
            guard let version = state.workflows[name], sees(version, by: rules) else {
                throw .validation("/workflow/name", "names no workflow")
            }
        }
    }

    func taskDraft(
        _ params: JSONValue,
        with rules: AccessRules
    ) throws(RPCError) -> TaskDraft {
        try TaskDraft(
            params: params,
            catalogue: catalogue,
            configuration: configuration,
            isVisible: { rules.sees(agent: $0) }
        )
    }

    /// Deletes, pauses or resumes a schedule; one that is so already stays so.
    private mutating func change(_ id: String, _ kind: ScheduleChange.Kind, order: Order) {
        guard let record = visibleSchedule(id) else { return refuseUnknownSchedule(order) }
        emitSchedule(kind, of: record, keys: order.remembrance.map { [$0] } ?? [])
        audit(order, of: AuditObject(kind: "schedule", id: id), hasEffect: true)
        schedulesDue.cancel(id)
        if let changed = state.schedules[id] {
            setDue(changed)
            reply(order.ticket, .success(Reply(result: answer(with: changed))))
        } else {
            reply(order.ticket, .success(Reply(result: Self.nothing)))
        }
        setScheduleTimer()
    }

    /// The cursor is the id of the page's last schedule; ids are in the order of creation.
    private mutating func listSchedules(limit: Int, cursor: String?, order: Order) {
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        writer.name("schedules")
        writer.beginArray()
        var count = 0
        var last: String?
        var next: String?
        for record in state.schedules.records.values.sorted(by: { $0.id < $1.id })
        where record.id > cursor ?? "" && asking.rules.sees(ownedBy: record.owner.userID) {
            guard count < min(limit, ScheduleCommand.maximumLimit),
                writer.bytes.count < configuration.maximumStatePageBytes
            else {
                next = last
                break
            }
            record.write(next: times(of: record, at: now.wall), to: &writer)
            last = record.id
            count += 1
        }
        writer.endArray()
        writer.member("next", ifPresent: next)
        writer.endObject()
        reply(order.ticket, .success(Reply(result: writer.takeBytes())))
    }

    private mutating func visibleSchedule(_ id: String) -> ScheduleRecord? {
        guard let record = state.schedules[id] else { return nil }
        guard asking.rules.sees(ownedBy: record.owner.userID) else {
            noteDenial(AuditObject(kind: "schedule", id: id))
            return nil
        }
        return record
    }

    private mutating func refuseUnknownSchedule(_ order: Order) {
        refuse(order.ticket, .notFound("no such schedule"))
    }

    /// What a command is answered with that has changed a schedule, now and whenever it is repeated:
    /// the next times are those at the time of the change.
    func answer(with record: ScheduleRecord) -> [UInt8] {
        encoded(record, at: record.updatedAt)
    }

    private func encoded(_ record: ScheduleRecord, at time: Timestamp) -> [UInt8] {
        var writer = JSONWriter()
        record.write(next: times(of: record, at: time), to: &writer)
        return writer.takeBytes()
    }

    private func times(of record: ScheduleRecord, at time: Timestamp) -> [Timestamp] {
        guard record.isEnabled, let schedule = schedule(of: record) else { return [] }
        let start = max(record.handledThrough, time)
        return schedule.times(after: start, count: Self.shownTimes)
    }

    /// `nil` for a time zone that this machine has no more.
    func schedule(of record: ScheduleRecord) -> CronSchedule? {
        try? CronSchedule(record.cron, timeZone: record.timeZone)
    }

    mutating func emitSchedule(
        _ kind: ScheduleChange.Kind,
        of record: ScheduleRecord,
        keys: [IdempotencyKey] = []
    ) {
        switch kind {
        case .fired: statistics.firedTimes += 1
        case .queued: statistics.queuedTimes += 1
        case .skipped: statistics.skippedTimes += 1
        case .created, .deleted, .paused, .resumed: break
        }
        let id = UUIDv7.make(at: now.wall, using: &random)
        let change = Change.schedule(
            ScheduleChange(
                scheduleID: record.id,
                createdBy: record.owner.userID,
                kind: kind
            )
        )
        emit(
            Event(
                id: id,
                sequence: state.sequence + 1,
                agentID: "system",
                timestamp: now.wall,
                source: "runtime",
                severity: change.severity,
                correlationID: record.id,
                change: change
            ),
            keys: keys
        )
    }
}
