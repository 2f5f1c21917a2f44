import JSONRPC

extension RuntimeCore {
    func concurrency(of agent: AgentRecord) -> Int {
        let limits = starts.limits[agent.id] ?? AgentLimits(agent.configuration)
        return limits.concurrency ?? configuration.defaultConcurrency
    }

    /// Takes over what the configuration of an agent says about how much of it may run.
    mutating func adoptLimits(of agent: AgentRecord) {
        let idle = agent.lastStartedAt.map { last in
            Duration.milliseconds(max(0, now.wall.millisecondsSince(last)))
        }
        starts.adopt(
            AgentLimits(agent.configuration),
            of: agent.id,
            idle: idle,
            at: now.monotonic
        )
    }

    /// Takes the agent's next task out of the queue, unless its rates let none begin now: then it is
    /// looked at again as soon as they do.
    mutating func nextTask(of agent: AgentRecord) -> (task: Identifier, since: Duration)? {
        let id = agent.id
        guard queues[id]?.isEmpty == false else { return nil }
        if starts.limits[id] == nil { adoptLimits(of: agent) }
        guard starts.admits(id, at: now.monotonic) else {
            holdBack(id, for: starts.wait(of: id))
            return nil
        }
        let closed = starts.closedTypes(of: id, at: now.monotonic)
        if let next = queues[id]?.popFirst(at: now.monotonic, except: closed) { return next }
        let waits = queues[id]?.waitingTypes.filter(closed.contains)
            .map { starts.wait(ofType: $0) }
        if let wait = waits?.min() { holdBack(id, for: wait) }
        return nil
    }

    private mutating func holdBack(_ agentID: String, for wait: Duration) {
        if !timers.isSet(.rate(agentID)) { statistics.rateWaits += 1 }
        timers.set(.rate(agentID), at: now.monotonic + max(wait, .nanoseconds(1)))
    }
}
