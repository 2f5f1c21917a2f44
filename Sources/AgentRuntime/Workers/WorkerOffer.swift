package import JSONRPC

/// The params of `workers.register`, found good as far as can be told without the state.
package struct WorkerOffer: Equatable, Sendable {
    package static let maximumConcurrency = 1000

    /// The id or type of an agent.
    package enum Target: Equatable, Sendable {
        case id(String)
        case type(String)
    }

    package var target: Target
    package var concurrency: Int
    /// The agent as the worker describes it; `nil` for one that the hub knows.
    package var definition: ProvidedAgent?

    package init(target: Target, concurrency: Int = 1, definition: ProvidedAgent? = nil) {
        self.target = target
        self.concurrency = concurrency
        self.definition = definition
    }

    /// Reads params that are valid by the method's schema.
    package init(_ params: JSONObject, maximumTimeoutMs: Int) throws(RPCError) {
        let id = params["agentId"]?.stringValue
        let type = params["agentType"]?.stringValue
        concurrency = params["concurrency"]?.intValue ?? 1
        switch (id, type) {
        case (let id?, nil):
            target = .id(id)
        case (nil, let type?):
            target = .type(type)
        case (nil, nil), (.some, .some):
            throw .validation("", "must have either agentId or agentType")
        }
        guard let types = params["capabilities"]?.arrayValue, !types.isEmpty else { return }
        guard let type = type ?? id else { return }
        definition = try ProvidedAgent(
            type: type,
            name: params["name"]?.stringValue,
            taskTypes: types,
            maximumTimeoutMs: maximumTimeoutMs
        )
    }
}

/// What clients see of a worker: `{id, agentId, status, concurrency, running, completed, failed,
/// registeredAt, user, session, address?}`.
extension Worker {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("agentId", agentID)
        writer.member("status", phase.rawValue)
        writer.member("concurrency", concurrency)
        writer.member("running", attempts.count)
        writer.member("completed", completed)
        writer.member("failed", failed)
        writer.member("registeredAt", registeredAt.description)
        writer.member("user", caller.userID)
        writer.member("session", caller.sessionID)
        writer.member("address", ifPresent: caller.address)
        writer.endObject()
    }
}
