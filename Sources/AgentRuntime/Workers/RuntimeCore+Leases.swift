import JSONRPC

/// What a worker holds while it is at an attempt.
struct AttemptLease: Sendable {
    /// See ``LeasedTask/leaseID``.
    var id: UInt64
    var workerID: String
    /// The worker has said that it takes the task.
    var isAccepted = false
}

// A worker is at an attempt for as long as it shows signs of life: the lease. Only the attempt whose
// lease holds can end the task, so whatever a worker sends late changes nothing.
extension RuntimeCore {
    /// Gives an attempt that has just begun, and whose event was emitted last, to a worker.
    mutating func lend(_ token: AttemptToken, _ attempt: PreparedAttempt, to workerID: String) {
        guard let running = attempts[token], let link = workers[workerID]?.link else { return }
        let id = state.sequence
        attempts[token]?.lease = AttemptLease(id: id, workerID: workerID)
        leases[id] = token
        workers.begin(token, at: workerID)
        timers.set(.lease(token), at: now.monotonic + configuration.lease)
        timers.set(.acceptance(token), at: now.monotonic + configuration.workerAnswerTimeout)
        let task = LeasedTask(
            leaseID: id,
            leaseMs: configuration.lease.wholeMilliseconds,
            workerID: workerID,
            taskID: attempt.taskID,
            agentID: attempt.agentID,
            type: attempt.type,
            payload: attempt.payload,
            attempt: attempt.attempt,
            maxAttempts: running.definition.maxAttempts,
            timeoutMs: running.definition.timeoutMs,
            correlationID: running.definition.correlationID,
            deadline: running.definition.deadline
        )
        output.actions.append(.tellWorker(link, .execute(task)))
    }

    /// Forgets the lease of an attempt whose place is given back.
    mutating func endLease(_ token: AttemptToken, _ lease: AttemptLease) {
        leases[lease.id] = nil
        timers.cancel(.lease(token))
        timers.cancel(.acceptance(token))
        workers.end(token, at: lease.workerID)
        if workers[lease.workerID]?.phase != .active { idleWorkers.append(lease.workerID) }
    }

    /// Asks whoever is at an attempt to stop.
    mutating func askToStop(_ token: AttemptToken, _ reason: LeaseEnd) {
        guard let attempt = attempts[token] else { return }
        guard let lease = attempt.lease else {
            return output.actions.append(.cancelAttempt(token))
        }
        guard let link = workers[lease.workerID]?.link else { return }
        let taskID = attempt.definition.id
        output.actions.append(
            .tellWorker(link, .cancel(leaseID: lease.id, taskID: taskID, reason))
        )
    }

    // MARK: What workers say

    mutating func accept(_ leaseID: UInt64, sessionID: String) {
        guard let token = holder(of: leaseID, sessionID: sessionID),
            let lease = attempts[token]?.lease
        else { return }
        attempts[token]?.lease?.isAccepted = true
        timers.cancel(.acceptance(token))
        workers.note(lease.workerID) { $0.refusals = 0 }
        extendLease(of: token)
    }

    mutating func refuse(_ leaseID: UInt64, sessionID: String) {
        guard let token = holder(of: leaseID, sessionID: sessionID),
            let lease = attempts[token]?.lease, !lease.isAccepted
        else { return }
        workers.note(lease.workerID) { $0.refusals += 1 }
        let refusals = workers[lease.workerID]?.refusals ?? 0
        if refusals >= configuration.maximumRefusals {
            noteDeaf(lease.workerID)
        } else {
            takeBack(token, nil)
        }
    }

    /// Renews a lease and answers `{leaseMs, cancelled}`.
    ///
    /// - Returns: The attempt, if its reports count; else the command was answered already.
    @discardableResult mutating func renew(_ leaseID: UInt64, order: Order) -> AttemptToken? {
        guard let token = holder(of: leaseID, sessionID: order.caller.sessionID),
            let attempt = attempts[token]
        else {
            refuseLease(order)
            return nil
        }
        extendLease(of: token)
        var writer = JSONWriter(capacity: 48)
        writer.beginObject()
        writer.member("leaseMs", Int(configuration.lease.wholeMilliseconds))
        writer.member("cancelled", attempt.phase != .running)
        writer.endObject()
        reply(order.ticket, .success(Reply(result: writer.takeBytes())))
        return attempt.phase == .running ? token : nil
    }

    /// Takes how an attempt has ended.
    mutating func end(_ leaseID: UInt64, _ outcome: AttemptOutcome, order: Order) {
        let session = order.caller.sessionID
        guard let token = holder(of: leaseID, sessionID: session), let attempt = attempts[token]
        else {
            // It is too late for the task, but the worker has its hands free again.
            if let token = leases[leaseID], isHolder(session, of: token) {
                attemptEnded(token, .stopped)
            }
            return refuseLease(order)
        }
        if case .completed = outcome, attempt.phase != .running {
            attemptEnded(token, .stopped)
            return refuse(order.ticket, .conflict("the task was cancelled"))
        }
        attemptEnded(token, outcome)
        let taskID = attempt.definition.id
        var writer = JSONWriter(capacity: 96)
        writer.beginObject()
        writer.member("taskId", taskID)
        writer.member("status", (state.tasks[taskID]?.status ?? .completed).rawValue)
        writer.endObject()
        reply(order.ticket, .success(Reply(result: writer.takeBytes())))
    }

    /// Counts, for its worker, how an attempt has ended.
    mutating func countEnd(_ outcome: AttemptOutcome, of lease: AttemptLease) {
        workers.note(lease.workerID) { worker in
            switch outcome {
            case .completed: worker.completed += 1
            case .failed, .crashed, .stopped: worker.failed += 1
            }
        }
    }

    private mutating func refuseLease(_ order: Order) {
        statistics.lateReports += 1
        refuse(order.ticket, .conflict("this session does not hold the lease (any more)"))
    }

    /// The attempt that counts for its task and whose lease the session holds.
    private func holder(of leaseID: UInt64, sessionID: String) -> AttemptToken? {
        guard let token = leases[leaseID], attempts[token]?.phase != .detached,
            isHolder(sessionID, of: token)
        else { return nil }
        return token
    }

    private func isHolder(_ sessionID: String, of token: AttemptToken) -> Bool {
        guard let lease = attempts[token]?.lease else { return false }
        return workers[lease.workerID]?.caller.sessionID == sessionID
    }

    private mutating func extendLease(of token: AttemptToken) {
        guard attempts[token]?.phase == .running else { return }
        timers.set(.lease(token), at: now.monotonic + configuration.lease)
    }

    // MARK: What workers do not say

    /// Nothing could be taken from workers for a time, which is not their fault.
    mutating func extendAllLeases() {
        for token in leases.values { extendLease(of: token) }
    }

    mutating func acceptanceTimedOut(_ token: AttemptToken) {
        guard let lease = attempts[token]?.lease, !lease.isAccepted else { return }
        noteDeaf(lease.workerID)
    }

    /// No sign of life came for as long as the lease holds.
    mutating func leaseExpired(_ token: AttemptToken) {
        guard let attempt = attempts[token], attempt.phase == .running else { return }
        statistics.stalledAttempts += 1
        detach(token, .stalled)
        let stalls = (state.tasks[attempt.definition.id]?.stalls ?? 0) + 1
        let seconds = configuration.lease.components.seconds
        let message = "no sign of life for \(seconds) s"
        guard stalls < configuration.maximumStalls else {
            let error = TaskError(
                code: TaskError.stalled,
                message: message,
                isRetryable: false
            )
            return endTask(.taskDead(error, attempt: attempt.attempt), of: attempt.definition)
        }
        fail(attempt, code: TaskError.stalled, message: message, isRetryable: true)
    }

    /// The worker is gone, and with it whatever it was at.
    mutating func loseAttempt(_ token: AttemptToken, _ departure: WorkerDeparture) {
        guard let attempt = attempts[token] else { return }
        switch attempt.phase {
        case .running:
            statistics.lostLeases += 1
            askToStop(token, .dismissed)
            let failure = TaskFailure(
                code: "WORKER_LOST",
                message: "the worker has left: \(departure.rawValue)",
                isRetryable: true
            )
            attemptEnded(token, .failed(failure))
        case .cancelling, .detached:
            attemptEnded(token, .stopped)
        }
    }

    /// Takes a task back that its worker has not begun: the attempt does not count.
    ///
    /// The worker is told the `reason`, if it may have got the task.
    mutating func takeBack(_ token: AttemptToken, _ reason: LeaseEnd?) {
        guard let attempt = attempts[token] else { return }
        if let reason { askToStop(token, reason) }
        guard attempt.phase == .running else { return attemptEnded(token, .stopped) }
        let definition = attempt.definition
        release(token)
        emitTask(
            .taskReleased(attempt: attempt.attempt, reason: reason?.rawValue ?? "refused"),
            of: definition
        )
        enqueue(definition.id)
        finishStopIfIdle(definition.agentID)
    }
}

extension TaskError {
    /// The code of attempts whose lease was not renewed.
    static let stalled = "STALLED"
}
