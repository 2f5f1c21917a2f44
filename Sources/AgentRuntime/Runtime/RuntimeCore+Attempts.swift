import JSONRPC

extension RuntimeCore {
    /// Begins attempts as long as the agent is active and has a free place.
    mutating func dispatch(_ agentID: String) {
        guard !isDraining, lifecycles[agentID] == nil, let agent = state.agents[agentID],
            agent.status == .active
        else { return }
        while let place = freePlace(of: agent), let next = nextTask(of: agent) {
            guard let record = state.tasks[next.task], record.status.isReady else { continue }
            statistics.queueWait.record(now.monotonic - next.since)
            begin(record, at: place)
        }
    }

    /// Where an agent's next attempt can run: within the daemon first, then at workers.
    private mutating func freePlace(of agent: AgentRecord) -> AttemptPlace? {
        if catalogue.isLocal(agent.id),
            localAttempts[agent.id, default: 0] < concurrency(of: agent)
        {
            return .local
        }
        return workers.nextFree(for: agent.id).map(AttemptPlace.worker)
    }

    private mutating func begin(_ record: TaskRecord, at place: AttemptPlace) {
        let definition = record.definition
        let token = nextToken
        nextToken += 1
        let attempt = record.attempts + 1
        starts.take(definition.agentID, definition.type)
        attempts[token] = RunningAttempt(
            definition: definition,
            attempt: attempt,
            startedAt: now.monotonic
        )
        tokens[record.id] = token
        occupied[definition.agentID, default: 0] += 1
        timers.set(.timeout(token), at: now.monotonic + .milliseconds(definition.timeoutMs))
        emitTask(
            .taskStarted(
                attempt: attempt,
                maxAttempts: definition.maxAttempts,
                timeoutMs: definition.timeoutMs
            ),
            of: definition
        )
        let prepared = PreparedAttempt(
            taskID: record.id,
            agentID: definition.agentID,
            type: definition.type,
            payload: definition.payload,
            attempt: attempt,
            randomSeed: Self.seed(for: record.id)
        )
        switch place {
        case .local:
            localAttempts[definition.agentID, default: 0] += 1
            output.actions.append(.startAttempt(token, prepared))
        case .worker(let id):
            lend(token, prepared, to: id)
        }
    }

    /// The same for each attempt of a task, in any process (FNV-1a, 64 bits, of its id).
    private static func seed(for taskID: String) -> UInt64 {
        taskID.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Takes the result of an attempt; one that is not the task's current attempt only gives its
    /// place back.
    mutating func attemptEnded(_ token: AttemptToken, _ outcome: AttemptOutcome) {
        guard let attempt = attempts[token] else { return }
        release(token)
        let definition = attempt.definition
        switch attempt.phase {
        case .detached:
            break
        case .cancelling(let requestedBy):
            endTask(
                .taskCancelled(attempt: attempt.attempt, requestedBy: requestedBy),
                of: definition,
                keys: keysOfWaiters(for: definition.id)
            )
        case .running:
            settle(attempt, outcome)
            if let lease = attempt.lease { countEnd(outcome, of: lease) }
        }
        noteCrash(outcome, of: definition.agentID)
        dispatch(definition.agentID)
        finishStopIfIdle(definition.agentID)
    }

    private mutating func settle(_ attempt: RunningAttempt, _ outcome: AttemptOutcome) {
        let duration = now.monotonic - attempt.startedAt
        statistics.attemptDuration.record(duration)
        switch outcome {
        case .completed(let result) where result.bytes.count > configuration.maximumResultBytes:
            fail(
                attempt,
                code: "RESULT_TOO_LARGE",
                message: "the result has \(result.bytes.count) bytes, more than "
                    + "\(configuration.maximumResultBytes)",
                isRetryable: false
            )
        case .completed(let result):
            endTask(
                .taskCompleted(
                    result: result,
                    attempt: attempt.attempt,
                    durationMs: duration.wholeMilliseconds
                ),
                of: attempt.definition
            )
        case .failed(let failure):
            fail(
                attempt,
                code: failure.code,
                message: failure.message,
                isRetryable: failure.isRetryable,
                retryAfter: failure.retryAfter
            )
        case .crashed(let reason):
            fail(attempt, code: "AGENT_ERROR", message: reason, isRetryable: true)
        case .stopped:
            fail(attempt, code: "STOPPED", message: "the agent stopped early", isRetryable: true)
        }
    }

    /// What follows the failure of an attempt: another one, or the end of the task.
    mutating func fail(
        _ attempt: RunningAttempt,
        code: String,
        message: String,
        isRetryable: Bool,
        retryAfter: Duration? = nil
    ) {
        let definition = attempt.definition
        let mayRetry = isRetryable && catalogue.isRetryable(definition.type)
        let error = TaskError(code: code, message: message, isRetryable: mayRetry)
        guard mayRetry else {
            return endTask(.taskFailed(error, attempt: attempt.attempt), of: definition)
        }
        guard attempt.attempt < definition.maxAttempts else {
            return endTask(.taskDead(error, attempt: attempt.attempt), of: definition)
        }
        let delay = RetryPolicy.delayMs(
            afterAttempt: attempt.attempt,
            retryAfter: retryAfter,
            using: &random
        )
        emitTask(
            .taskRetrying(
                error,
                attempt: attempt.attempt,
                delayMs: delay,
                runAt: now.wall.advanced(byMilliseconds: delay),
                requestedBy: nil
            ),
            of: definition
        )
        timers.set(.due(definition.id), at: now.monotonic + .milliseconds(delay))
    }

    mutating func timeOut(_ token: AttemptToken) {
        guard let attempt = attempts[token], attempt.phase == .running else { return }
        detach(token, .timeout)
        fail(
            attempt,
            code: "TIMEOUT",
            message: "the attempt took longer than \(attempt.definition.timeoutMs) ms",
            isRetryable: true
        )
    }

    /// Asks the current attempt of a task to stop; the task ends when it does, or after the grace.
    mutating func cancelAttempt(of taskID: String, requestedBy: String) {
        guard let token = tokens[taskID], attempts[token]?.phase == .running else { return }
        attempts[token]?.phase = .cancelling(requestedBy: requestedBy)
        timers.cancel(.timeout(token))
        timers.cancel(.deadline(taskID))
        timers.set(.grace(token), at: now.monotonic + configuration.cancelGrace)
        askToStop(token, .cancelled)
    }

    /// Lets the current attempt of a task count no more and asks it to stop.
    mutating func detachAttempt(of taskID: String) {
        if let token = tokens[taskID] { detach(token, .timeout) }
    }

    mutating func detach(_ token: AttemptToken, _ reason: LeaseEnd) {
        guard let attempt = attempts[token] else { return }
        attempts[token]?.phase = .detached
        tokens[attempt.definition.id] = nil
        timers.cancel(.timeout(token))
        timers.cancel(.progress(token))
        timers.set(.grace(token), at: now.monotonic + configuration.cancelGrace)
        askToStop(token, reason)
    }

    /// An attempt did not stop in time: its place is given to others, whatever it still does.
    mutating func endGrace(of token: AttemptToken) {
        guard let attempt = attempts[token] else { return }
        release(token)
        let definition = attempt.definition
        if case .cancelling(let requestedBy) = attempt.phase {
            endTask(
                .taskAbandoned(attempt: attempt.attempt, requestedBy: requestedBy),
                of: definition,
                keys: keysOfWaiters(for: definition.id)
            )
        }
        statistics.lostAttempts += 1
        dispatch(definition.agentID)
        finishStopIfIdle(definition.agentID)
    }

    mutating func release(_ token: AttemptToken) {
        guard let attempt = attempts.removeValue(forKey: token) else { return }
        let definition = attempt.definition
        if tokens[definition.id] == token { tokens[definition.id] = nil }
        occupied[definition.agentID, default: 1] -= 1
        if let lease = attempt.lease {
            endLease(token, lease)
        } else {
            localAttempts[definition.agentID, default: 1] -= 1
        }
        timers.cancel(.timeout(token))
        timers.cancel(.grace(token))
        timers.cancel(.progress(token))
    }
}

/// Where an attempt runs.
enum AttemptPlace: Equatable, Sendable {
    /// Within the daemon.
    case local
    /// At the worker with this id.
    case worker(String)
}
