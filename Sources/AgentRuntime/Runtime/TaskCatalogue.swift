import JSONRPC
package import JSONSchema

/// The agents of a hub and their task types, with compiled schemas: what is checked at submit.
///
/// Immutable, so that any thread may ask it.
package struct TaskCatalogue: Sendable {
    struct Kind: Sendable {
        var type: TaskType
        var agentID: String
        var payload: Schema
    }

    /// In the order in which they were registered.
    package let agents: [AgentDescription]
    private let kinds: [String: Kind]
    private let indices: [String: Int]
    private let configurations: [String: Schema]

    /// - Throws: For a schema that does not compile.
    /// - Precondition: Agents' ids and the names of task types are unique.
    package init(_ agents: [AgentDescription]) throws(SchemaDefinitionError) {
        self.agents = agents
        var kinds: [String: Kind] = [:]
        var indices: [String: Int] = [:]
        var configurations: [String: Schema] = [:]
        for (index, agent) in agents.enumerated() {
            precondition(indices.updateValue(index, forKey: agent.id) == nil, "agent given twice")
            configurations[agent.id] = try Schema(agent.configurationSchema)
            for type in agent.taskTypes {
                let payload = try Schema(type.payloadSchema)
                let kind = Kind(type: type, agentID: agent.id, payload: payload)
                precondition(kinds.updateValue(kind, forKey: type.name) == nil, "type given twice")
            }
        }
        self.kinds = kinds
        self.indices = indices
        self.configurations = configurations
    }

    package func description(of agentID: String) -> AgentDescription? {
        indices[agentID].map { agents[$0] }
    }

    package func taskType(_ name: String) -> TaskType? { kinds[name]?.type }

    func kind(_ name: String) -> Kind? { kinds[name] }

    func isRetryable(_ type: String) -> Bool { kinds[type]?.type.isRetryable ?? true }

    /// What is wrong with a whole configuration of an agent.
    func problems(
        ofConfiguration configuration: JSONObject,
        agentID: String
    ) -> [RPCError.Detail] {
        var details: [RPCError.Detail] = []
        if let concurrency = configuration["concurrency"] {
            if !(1...64).contains(concurrency.intValue ?? 0) {
                let reason = "must be an integer from 1 to 64"
                details.append(.init(path: "/config/concurrency", reason: reason))
            }
        }
        // Keys of the runtime are not the agent's to judge.
        var own = configuration
        own["concurrency"] = nil
        for violation in configurations[agentID]?.violations(in: .object(own)) ?? [] {
            details.append(.init(path: "/config" + violation.path, reason: violation.reason))
        }
        return details
    }
}
