import JSONRPC
package import JSONSchema

/// The agents of a hub and their task types, with compiled schemas: what is checked at submit.
///
/// A value, so that any thread may ask its copy.
package struct TaskCatalogue: Sendable {
    struct Kind: Sendable {
        var type: TaskType
        var agentID: String
        var payload: Schema
        var result: Schema
    }

    /// In the order in which they were registered.
    package private(set) var agents: [AgentDescription] = []
    private var kinds: [String: Kind] = [:]
    private var indices: [String: Int] = [:]
    private var configurations: [String: Schema] = [:]
    /// By id, those of the agents that workers have declared.
    var provided: [String: ProvidedAgent] = [:]

    /// - Throws: For a schema that does not compile.
    /// - Precondition: Agents' ids and the names of task types are unique.
    package init(_ agents: [AgentDescription]) throws(SchemaDefinitionError) {
        for agent in agents {
            precondition(indices[agent.id] == nil, "agent given twice")
            for type in agent.taskTypes {
                precondition(kinds[type.name] == nil, "type given twice")
            }
            try put(agent)
        }
    }

    /// Adds an agent, or replaces the one with its id; nothing is changed when a schema of it does
    /// not compile.
    mutating func put(_ agent: AgentDescription) throws(SchemaDefinitionError) {
        var added: [String: Kind] = [:]
        for type in agent.taskTypes {
            added[type.name] = Kind(
                type: type,
                agentID: agent.id,
                payload: try Schema(type.payloadSchema),
                result: try Schema(type.resultSchema)
            )
        }
        let configuration = try Schema(agent.configurationSchema)
        if let index = indices[agent.id] {
            for type in agents[index].taskTypes { kinds[type.name] = nil }
            agents[index] = agent
        } else {
            indices[agent.id] = agents.count
            agents.append(agent)
        }
        configurations[agent.id] = configuration
        kinds.merge(added) { _, new in new }
    }

    /// Whether attempts of the agent can run within the daemon.
    func isLocal(_ agentID: String) -> Bool {
        description(of: agentID)?.isPerformedByWorkers == false
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
        let types = description(of: agentID)?.taskTypes.map(\.name) ?? []
        var details = AgentLimits.problems(in: configuration, types: types)
        // Keys of the runtime are not the agent's to judge.
        var own = configuration
        for key in AgentLimits.keys { own[key] = nil }
        for violation in configurations[agentID]?.violations(in: .object(own)) ?? [] {
            details.append(.init(path: "/config" + violation.path, reason: violation.reason))
        }
        return details
    }
}
