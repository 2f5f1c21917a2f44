import JSONRPC

/// A stop that is under way.
struct StopRequest: Sendable {
    /// When attempts that still run are left to the next start.
    var deadline: Duration?
    var completions: [@Sendable () -> Void]
    /// Agents whose `stop` has not returned yet; `nil` before they were asked.
    var agentsToQuit = 0
    var hasAskedAgents = false
}

extension RuntimeLoop {
    mutating func beginStop(grace: Duration, completion: @escaping @Sendable () -> Void) {
        guard stopping == nil else {
            stopping?.completions.append(completion)
            return
        }
        stopping = StopRequest(deadline: now.monotonic + grace, completions: [completion])
        if storage.isOpen { recordDenials() }
        core.drain(at: now, announcing: storage.isOpen)
    }

    /// Takes the next step of a stop: attempts end, agents are told, waiting callers go.
    mutating func advanceStop() {
        guard let request = stopping else { return }
        let isOver = request.deadline.map { now.monotonic >= $0 } ?? true
        if isOver {
            cancelAttempts()
            stopping?.deadline = nil
        }
        if core.attempts.isEmpty, !request.hasAskedAgents {
            stopping?.hasAskedAgents = true
            let active = core.catalogue.agents.filter { description in
                let status = core.state.agents[description.id]?.status
                return status == .active || status == .paused
            }
            stopping?.agentsToQuit = active.count
            for description in active { dependencies.runner.quit(description.id) }
        }
        if hasSettled { core.dismissWaiters() }
    }

    /// Nothing runs any more, or the grace is over.
    private var hasSettled: Bool {
        guard let stopping else { return false }
        return stopping.deadline == nil
            || core.attempts.isEmpty && stopping.hasAskedAgents && stopping.agentsToQuit <= 0
    }

    /// Whether the thread may end: all that was decided is durable, or never will be.
    var isFinished: Bool {
        guard hasSettled else { return false }
        switch storage {
        case .open: return inFlight == nil && pending.isEmpty
        case .full: return inFlight == nil && pending.isEmpty
        case .stuck, .lost: return true
        }
    }

    /// The last thing the thread does.
    mutating func end() {
        let isWhole = inFlight == nil && pending.isEmpty && storage.isOpen
        if isWhole { writeLastSnapshot() }
        let error = RPCError.busy("the hub is stopping", retryAfter: .seconds(1))
        for message in dependencies.mailbox.close() {
            if case .order(_, let handler) = message { handler(.failure(error)) }
            if case .auditChain(let completion) = message { completion(core.state.audit) }
        }
        refuseAll(error)
        dependencies.snapshots.close()
        dependencies.log.close()
        for completion in stopping?.completions ?? [] { completion() }
    }
}
