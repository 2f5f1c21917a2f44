import JSONRPC

/// The limits of all agents and of their task types, and how much of the rates is left.
struct StartRates: Sendable {
    private(set) var limits: [String: AgentLimits] = [:]
    private var agents: [String: StartBucket] = [:]
    private var types: [String: StartBucket] = [:]

    /// Takes over the configuration of an agent.
    ///
    /// `idle` is how long ago its last attempt began, if that is known: a rate that is new in this
    /// life of the process may have been used up by then in the life before.
    mutating func adopt(
        _ limits: AgentLimits,
        of agentID: String,
        idle: Duration?,
        at now: Duration
    ) {
        let isKnown = self.limits[agentID] != nil
        func bucket(_ rate: StartRate, _ old: StartBucket?) -> StartBucket {
            if let old { return old.rate == rate ? old : old.changed(to: rate, at: now) }
            if !isKnown, let idle { return StartBucket(rate, emptyBefore: idle, at: now) }
            return StartBucket(rate, at: now)
        }
        agents[agentID] = limits.rate.map { bucket($0, agents[agentID]) }
        for type in self.limits[agentID]?.typeRates.keys ?? [:].keys
        where limits.typeRates[type] == nil {
            types[type] = nil
        }
        for (type, rate) in limits.typeRates { types[type] = bucket(rate, types[type]) }
        self.limits[agentID] = limits
    }

    /// Whether an attempt of any type may begin by the agent's own rate.
    mutating func admits(_ agentID: String, at now: Duration) -> Bool {
        guard agents[agentID] != nil else { return true }
        return agents[agentID]?.hasToken(at: now) ?? true
    }

    /// The types of the agent whose attempts must not begin now.
    mutating func closedTypes(of agentID: String, at now: Duration) -> Set<String> {
        guard let rates = limits[agentID]?.typeRates, !rates.isEmpty else { return [] }
        var closed: Set<String> = []
        for type in rates.keys where types[type]?.hasToken(at: now) == false {
            closed.insert(type)
        }
        return closed
    }

    /// Counts an attempt that begins.
    mutating func take(_ agentID: String, _ type: String) {
        agents[agentID]?.take()
        types[type]?.take()
    }

    /// How long the agent's own rate lets none begin.
    func wait(of agentID: String) -> Duration { agents[agentID]?.wait ?? .zero }

    /// How long the rate of a type lets none begin.
    func wait(ofType type: String) -> Duration { types[type]?.wait ?? .zero }
}
