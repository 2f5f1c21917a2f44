import JSONRPC

/// An agent on its way from one status to another.
struct AgentLifecycle: Sendable {
    enum Goal: Sendable {
        case start
        /// `isAsked` once the agent itself was told, which is when its last attempt has ended.
        case stop(isAsked: Bool)
    }

    var goal: Goal
    /// Tells the answers of this transition from those of an earlier one.
    var generation: UInt64
    var callers: [(ticket: ReplyTicket, key: IdempotencyKey?)] = []

    var status: AgentStatus {
        switch goal {
        case .start: .starting
        case .stop: .stopping
        }
    }
}

extension RuntimeCore {
    mutating func control(_ id: String, _ control: AgentControl, order: Order) {
        guard let agent = visibleAgent(id) else { return refuseUnknownAgent(order.ticket) }
        if let lifecycle = lifecycles[id] {
            switch (lifecycle.goal, control) {
            case (.start, .start), (.stop, .stop):
                audit(order, ofAgent: id, hasEffect: false)
                lifecycles[id]?.callers.append((order.ticket, order.remembrance))
            case (.start, _), (.stop, _):
                let error = RPCError(
                    .conflict,
                    "the agent is \(lifecycle.status.rawValue)",
                    isTemporary: true
                )
                refuse(order.ticket, error)
            }
            return
        }
        switch (control, agent.status) {
        case (.start, .inactive), (.start, .error):
            audit(order, ofAgent: id, hasEffect: false)
            beginStart(of: id, ticket: order.ticket, key: order.remembrance)
        case (.stop, .active), (.stop, .paused):
            audit(order, ofAgent: id, hasEffect: false)
            beginStop(of: id, order: order)
        case (.stop, .error):
            change(id, .agentStopped, order: order)
        case (.pause, .active):
            change(id, .agentPaused, order: order)
        case (.resume, .paused):
            change(id, .agentResumed, order: order)
            dispatch(id)
        case (.start, .active), (.start, .paused), (.stop, .inactive), (.pause, .paused),
            (.resume, .active):
            if order.remembrance == nil {
                audit(order, ofAgent: id, hasEffect: false)
                replyAgent(id, to: order.ticket)
            } else {
                change(id, .agentUnchanged, order: order)
            }
        case (.pause, .inactive), (.pause, .error), (.resume, .inactive), (.resume, .error),
            (_, .starting), (_, .stopping):
            refuse(order.ticket, .conflict("the agent is \(agent.status.rawValue)"))
        }
    }

    mutating func configure(_ id: String, _ changes: JSONObject, order: Order) {
        guard let agent = visibleAgent(id) else { return refuseUnknownAgent(order.ticket) }
        var merged = agent.configuration
        for member in changes.members {
            // Spelled out, because a plain `nil` would be the JSON value null here.
            merged[member.name] = member.value.isNull ? Optional<JSONValue>.none : member.value
        }
        let details = catalogue.problems(ofConfiguration: merged, agentID: id)
        guard details.isEmpty else { return refuse(order.ticket, .validation(details)) }
        change(id, .agentConfigured(merged), order: order)
        if let agent = state.agents[id] { adoptLimits(of: agent) }
        dispatch(id)
    }

    private mutating func change(_ id: String, _ change: Change, order: Order) {
        emitAgent(change, of: id, keys: order.remembrance.map { [$0] } ?? [])
        audit(order, ofAgent: id, hasEffect: true)
        replyAgent(id, to: order.ticket)
    }

    mutating func beginStart(of id: String, ticket: ReplyTicket?, key: IdempotencyKey?) {
        let generation = beginLifecycle(of: id, goal: .start)
        if let ticket { lifecycles[id]?.callers = [(ticket, key)] }
        crashes[id] = nil
        timers.set(.lifecycle(id), at: now.monotonic + configuration.lifecycleTimeout)
        output.actions.append(
            .startAgent(
                id: id,
                generation: generation,
                configuration: state.agents[id]?.configuration ?? JSONObject()
            )
        )
    }

    mutating func agentStarted(_ id: String, generation: UInt64, failure: String?) {
        guard let lifecycle = lifecycles[id], lifecycle.generation == generation,
            case .start = lifecycle.goal
        else { return }
        lifecycles[id] = nil
        timers.cancel(.lifecycle(id))
        if let failure {
            let error = TaskError(code: "START_FAILED", message: failure, isRetryable: true)
            emitAgent(.agentFailed(error), of: id)
            for caller in lifecycle.callers {
                refuse(caller.ticket, .conflict("the agent could not start: \(failure)"))
            }
            return
        }
        let keys = lifecycle.callers.compactMap(\.key)
        let staysPaused = state.agents[id]?.desiredStatus == .paused
        // Repetitions are answered with what the last event leaves behind, as the callers are.
        emitAgent(.agentStarted, of: id, keys: staysPaused ? [] : keys)
        if staysPaused { emitAgent(.agentPaused, of: id, keys: keys) }
        for caller in lifecycle.callers { replyAgent(id, to: caller.ticket) }
        dispatch(id)
    }

    private mutating func beginStop(of id: String, order: Order) {
        _ = beginLifecycle(of: id, goal: .stop(isAsked: false))
        lifecycles[id]?.callers = [(order.ticket, order.remembrance)]
        finishStopIfIdle(id)
    }

    /// Tells an agent that is to stop so, once none of its attempts is left.
    mutating func finishStopIfIdle(_ id: String) {
        guard let lifecycle = lifecycles[id], case .stop(isAsked: false) = lifecycle.goal,
            occupied[id, default: 0] == 0
        else { return }
        lifecycles[id]?.goal = .stop(isAsked: true)
        timers.set(.lifecycle(id), at: now.monotonic + configuration.lifecycleTimeout)
        output.actions.append(.stopAgent(id: id, generation: lifecycle.generation))
    }

    mutating func agentStopped(_ id: String, generation: UInt64) {
        guard let lifecycle = lifecycles[id], lifecycle.generation == generation,
            case .stop = lifecycle.goal
        else { return }
        lifecycles[id] = nil
        timers.cancel(.lifecycle(id))
        emitAgent(.agentStopped, of: id, keys: lifecycle.callers.compactMap(\.key))
        for caller in lifecycle.callers { replyAgent(id, to: caller.ticket) }
    }

    /// A `start` that does not return has failed; a `stop` that does not is not waited for.
    mutating func timeOutLifecycle(of id: String) {
        guard let lifecycle = lifecycles[id] else { return }
        switch lifecycle.goal {
        case .start:
            let seconds = configuration.lifecycleTimeout.components.seconds
            let failure = "it did not start within \(seconds) s"
            agentStarted(id, generation: lifecycle.generation, failure: failure)
        case .stop:
            agentStopped(id, generation: lifecycle.generation)
        }
    }

    /// Counts unexpected errors; too many of them within the window stop the agent.
    mutating func noteCrash(_ outcome: AttemptOutcome, of id: String) {
        guard case .crashed(let reason) = outcome else { return }
        let horizon = now.monotonic - configuration.crashWindow
        var recent = (crashes[id] ?? []).filter { $0 > horizon }
        recent.append(now.monotonic)
        crashes[id] = recent
        guard recent.count >= configuration.crashLimit, lifecycles[id] == nil,
            let status = state.agents[id]?.status, status == .active || status == .paused
        else { return }
        let seconds = configuration.crashWindow.components.seconds
        let error = TaskError(
            code: "CRASH_LOOP",
            message: "\(recent.count) unexpected errors within \(seconds) s, the last: \(reason)",
            isRetryable: false
        )
        emitAgent(.agentFailed(error), of: id)
        // What is at work outside of the daemon would go on for nothing.
        if !catalogue.isLocal(id), !catalogue.isProvided(id) {
            output.actions.append(.stopAgent(id: id, generation: 0))
        }
    }

    private mutating func beginLifecycle(of id: String, goal: AgentLifecycle.Goal) -> UInt64 {
        let generation = nextGeneration
        nextGeneration += 1
        lifecycles[id] = AgentLifecycle(goal: goal, generation: generation)
        return generation
    }
}
