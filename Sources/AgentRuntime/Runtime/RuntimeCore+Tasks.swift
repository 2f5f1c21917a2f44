import Identity
import JSONRPC

extension RuntimeCore {
    mutating func createTask(_ order: Order) {
        let draft: TaskDraft
        switch order.draft ?? .failure(.internal) {
        case .success(let valid): draft = valid
        case .failure(let error): return refuseCreation(order.ticket, error)
        }
        guard asking.rules.sees(taskOf: draft.agentID) else {
            return refuseCreation(order.ticket, .validation("/type", TaskDraft.unknownType))
        }
        do throws(RPCError) {
            try checkCreation(of: draft, seeing: asking.rules)
        } catch {
            return refuseCreation(order.ticket, error)
        }
        let (record, object) = emitCreation(
            of: draft,
            by: order.caller.userID,
            cause: nil,
            keys: order.remembrance.map { [$0] } ?? []
        )
        audit(order, ofTask: record.definition, hasEffect: true)
        reply(order.ticket, .success(Reply(result: object)))
        letIn(record)
    }

    private mutating func refuseCreation(_ ticket: ReplyTicket, _ error: RPCError) {
        statistics.refusedTasks.count(error)
        refuse(ticket, error)
    }

    /// Creates a task that the hub itself has a reason for, such as a workflow or a schedule.
    ///
    /// `userID` becomes its `createdBy`, and `cause` the `causationId` of its `task.created`: the
    /// id of the event that led to it. The same limits hold as for `tasks.create`, but for what a
    /// user may see. Whoever has told its `id` already gives it.
    ///
    /// - Returns: The task's id.
    mutating func createTask(
        _ draft: TaskDraft,
        by userID: String,
        cause: String?,
        id: String? = nil
    ) throws(RPCError) -> String {
        try checkCreation(of: draft)
        let (record, _) = emitCreation(of: draft, by: userID, cause: cause, id: id)
        letIn(record)
        return record.id
    }

    /// Throws when the task cannot be created as things are, for one who sees what `rules` show, or
    /// everything.
    func checkCreation(
        of draft: TaskDraft,
        seeing rules: AccessRules? = nil
    ) throws(RPCError) {
        try checkDependencies(of: draft, seeing: rules)
        guard state.waitingCount < configuration.maximumWaitingTasks else {
            throw .busy("too many tasks are waiting", retryAfter: .seconds(1))
        }
        if let deadline = draft.deadline, deadline <= now.wall {
            throw .validation("/deadline", "must be in the future")
        }
        if let key = draft.dedupeKey { try checkDedupeKey(key, type: draft.type) }
    }

    /// Throws when an unfinished task of the type holds the key.
    private func checkDedupeKey(_ key: String, type: String) throws(RPCError) {
        guard let holder = state.dedupeKeys.holder(of: key, type: type) else { return }
        throw RPCError(
            .conflict,
            "task \(holder.text) has this dedupeKey and is not finished",
            isTemporary: true,
            details: [.init(path: "/dedupeKey", reason: "is held by task \(holder.text)")]
        )
    }

    /// Returns the task, and its object as the event has it.
    private mutating func emitCreation(
        of draft: TaskDraft,
        by userID: String,
        cause: String?,
        id: String? = nil,
        keys: [IdempotencyKey] = []
    ) -> (record: TaskRecord, object: [UInt8]) {
        let id = id ?? UUIDv7.make(at: now.wall, using: &random)
        let eventID = UUIDv7.make(at: now.wall, using: &random)
        let runAt = draft.runAt.flatMap { $0 > now.wall ? $0 : nil }
        let definition = TaskDefinition(
            id: id,
            agentID: draft.agentID,
            type: draft.type,
            priority: draft.priority,
            payload: draft.payload,
            maxAttempts: draft.maxAttempts,
            timeoutMs: draft.timeoutMs,
            deadline: draft.deadline,
            createdAt: now.wall,
            createdBy: userID,
            correlationID: draft.correlationID ?? id,
            sequence: state.sequence + 1,
            dependencies: draft.dependencies,
            dedupeKey: draft.dedupeKey
        )
        let isBlocked = !state.openDependencies(of: definition).isEmpty
        let record = TaskRecord(
            definition: definition,
            status: isBlocked ? .blocked : runAt == nil ? .pending : .scheduled,
            updatedAt: now.wall,
            lastEventID: eventID,
            runAt: runAt
        )
        let object = record.encoded()
        let created = Change.taskCreated(record)
        emit(
            Event(
                id: eventID,
                sequence: definition.sequence,
                agentID: definition.agentID,
                timestamp: now.wall,
                source: "runtime",
                severity: created.severity,
                correlationID: definition.correlationID,
                causationID: cause,
                taskID: id,
                change: created
            ),
            data: object,
            keys: keys
        )
        return (record, object)
    }

    /// Lets a task that was just created take its place.
    private mutating func letIn(_ record: TaskRecord) {
        if let runAt = record.runAt {
            emitTask(.taskScheduled(runAt: runAt), of: record.definition)
        }
        if let stored = state.tasks[record.id] { admit(stored) }
        dispatch(record.definition.agentID)
    }

    /// Makes a waiting task known to the queue and the timers.
    mutating func admit(_ record: TaskRecord) {
        if let deadline = record.definition.deadline {
            timers.set(.deadline(record.id), at: monotonic(of: deadline))
        }
        if record.status == .blocked {
            return settle(UnsettledTask(id: record.definition.identifier, cause: nil))
        }
        enter(record)
    }

    /// Lets a task that is ready take its place in the queue, or wait for its moment.
    mutating func enter(_ record: TaskRecord) {
        if let runAt = record.runAt, runAt > now.wall {
            timers.set(.due(record.id), at: monotonic(of: runAt))
        } else {
            // What waited before the process began is older than what comes now.
            let waited = max(0, now.wall.millisecondsSince(record.readyAt))
            queues[record.definition.agentID, default: TaskQueue()].insert(
                record.definition.identifier,
                type: record.definition.type,
                priority: record.definition.priority,
                since: now.monotonic - .milliseconds(waited)
            )
        }
    }

    /// A task's moment has come: it may run as soon as there is a place.
    mutating func enqueue(_ taskID: String) {
        guard let record = state.tasks[taskID], record.status.isReady else { return }
        queues[record.definition.agentID, default: TaskQueue()].insert(
            record.definition.identifier,
            type: record.definition.type,
            priority: record.definition.priority,
            since: now.monotonic
        )
        dispatch(record.definition.agentID)
    }

    mutating func cancelTask(_ id: String, order: Order) {
        guard let record = visibleTask(id) else { return refuseUnknownTask(order.ticket) }
        switch record.status {
        case .scheduled, .blocked, .pending:
            withdraw(record)
            emitTask(
                .taskCancelled(attempt: record.attempts, requestedBy: order.caller.userID),
                of: record.definition,
                keys: order.remembrance.map { [$0] } ?? []
            )
            audit(order, ofTask: record.definition, hasEffect: true)
            if let ended = state.tasks[id] { taskEnded(ended) }
            replyTask(id, to: order.ticket)
        case .running:
            let limit = configuration.cancelGrace * 2
            guard wait(for: id, order: order, timeout: limit, isCancel: true) else { return }
            audit(order, ofTask: record.definition, hasEffect: false)
            cancelAttempt(of: id, requestedBy: order.caller.userID)
        case .completed, .failed, .cancelled, .dead, .abandoned:
            refuse(order.ticket, .conflict("the task is \(record.status.rawValue) already"))
        }
    }

    /// Cancels a task that nobody needs any more, if it is not final; nobody waits for the end.
    mutating func cancelTask(_ id: String, requestedBy: String) {
        guard let record = state.tasks[id] else { return }
        if record.status.isWaiting {
            withdraw(record)
            endTask(
                .taskCancelled(attempt: record.attempts, requestedBy: requestedBy),
                of: record.definition
            )
        } else if record.status == .running {
            cancelAttempt(of: id, requestedBy: requestedBy)
        }
    }

    mutating func retryTask(_ id: String, order: Order) {
        guard let record = visibleTask(id) else { return refuseUnknownTask(order.ticket) }
        switch record.status {
        case .failed, .dead, .cancelled, .abandoned:
            break
        case .scheduled, .blocked, .pending, .running, .completed:
            return refuse(order.ticket, .conflict("the task is \(record.status.rawValue)"))
        }
        if let deadline = record.definition.deadline, deadline <= now.wall {
            return refuse(order.ticket, .conflict("the task's deadline has passed"))
        }
        guard state.waitingCount < configuration.maximumWaitingTasks else {
            let error = RPCError.busy("too many tasks are waiting", retryAfter: .seconds(1))
            return refuse(order.ticket, error)
        }
        do throws(RPCError) {
            try checkRetry(of: record)
            if let key = record.definition.dedupeKey {
                try checkDedupeKey(key, type: record.definition.type)
            }
        } catch {
            return refuse(order.ticket, error)
        }
        emitTask(
            .taskRetrying(
                nil,
                attempt: 0,
                delayMs: 0,
                runAt: now.wall,
                requestedBy: order.caller.userID
            ),
            of: record.definition,
            keys: order.remembrance.map { [$0] } ?? []
        )
        audit(order, ofTask: record.definition, hasEffect: true)
        replyTask(id, to: order.ticket)
        if let stored = state.tasks[id] { admit(stored) }
        dispatch(record.definition.agentID)
    }

    /// The overall deadline ends a task in whatever it does.
    mutating func passDeadline(of taskID: String) {
        guard let record = state.tasks[taskID], !record.status.isFinal else { return }
        if record.status == .running { detachAttempt(of: taskID) } else { withdraw(record) }
        let error = TaskError(
            code: "DEADLINE_EXCEEDED",
            message: "the task's deadline has passed",
            isRetryable: false
        )
        endTask(.taskFailed(error, attempt: record.attempts), of: record.definition)
    }

    /// A task that was running when the process ended: that attempt counts, and is over.
    mutating func resumeInterrupted(_ record: TaskRecord) {
        let error = TaskError(
            code: "INTERRUPTED",
            message: "the hub stopped while the attempt was running",
            isRetryable: true
        )
        if record.attempts >= record.definition.maxAttempts {
            endTask(.taskDead(error, attempt: record.attempts), of: record.definition)
        } else {
            emitTask(
                .taskRetrying(
                    error,
                    attempt: record.attempts,
                    delayMs: 0,
                    runAt: now.wall,
                    requestedBy: nil
                ),
                of: record.definition
            )
        }
    }

    /// Takes a waiting task out of the queue and the timers.
    private mutating func withdraw(_ record: TaskRecord) {
        queues[record.definition.agentID]?.remove(record.definition.identifier)
        timers.cancel(.due(record.id))
    }

    /// The moment of the monotonic clock at which the wall clock, as it goes now, shows `moment`.
    func monotonic(of moment: Timestamp) -> Duration {
        now.monotonic + .milliseconds(max(0, moment.millisecondsSince(now.wall)))
    }
}

extension Timestamp {
    /// Saturates.
    func millisecondsSince(_ other: Timestamp) -> Int64 {
        let (difference, overflow) = millisecondsSince1970.subtractingReportingOverflow(
            other.millisecondsSince1970
        )
        return overflow ? (self < other ? .min : .max) : difference
    }
}
