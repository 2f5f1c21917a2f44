package import JSONRPC
import JSONSchema
import Synchronization

// Agents that clients declare come and change while the hub runs.
extension TaskCatalogue {
    func isProvided(_ agentID: String) -> Bool { provided[agentID] != nil }

    var providedCount: Int { provided.count }

    func definition(ofProvided agentID: String) -> ProvidedAgent? { provided[agentID] }

    /// The first agent of a type, in the order in which they were registered.
    func agentID(ofType type: String) -> String? {
        if let description = description(of: type), description.type == type { return type }
        return agents.first { $0.type == type }?.id
    }

    /// Task types of a definition that another agent has, as problems.
    func conflicts(of definition: ProvidedAgent) -> [RPCError.Detail] {
        definition.description.taskTypes.enumerated().compactMap { index, type in
            guard let kind = kind(type.name), kind.agentID != definition.description.id else {
                return nil
            }
            return RPCError.Detail(
                path: "/capabilities/\(index)/name",
                reason: "is a task type of another agent"
            )
        }
    }

    /// Adds a declared agent, or replaces what was declared of it before.
    ///
    /// - Returns: `false`, and nothing is changed, when it is in the way of another agent.
    @discardableResult mutating func provide(_ definition: ProvidedAgent) -> Bool {
        let description = definition.description
        guard isProvided(description.id) || self.description(of: description.id) == nil,
            conflicts(of: definition).isEmpty
        else { return false }
        do {
            try put(description)
        } catch {
            return false
        }
        provided[description.id] = definition
        return true
    }

    /// With the agents that workers have declared in earlier lives; those that are in the way of the
    /// hub's own by now, or not understood any more, are left out.
    func providing(from state: RuntimeState) -> TaskCatalogue {
        var catalogue = self
        for record in state.agents.values.sorted(by: { $0.id < $1.id }) {
            guard let definition = record.definition.flatMap(ProvidedAgent.init(stored:)),
                definition.description.id == record.id
            else { continue }
            catalogue.provide(definition)
        }
        return catalogue
    }

    /// What is wrong with a result that a worker gives.
    package func problems(ofResult result: JSONValue, type: String) -> [RPCError.Detail] {
        guard let schema = kind(type)?.result else { return [] }
        return schema.violations(in: result).map {
            RPCError.Detail(path: "/result" + $0.path, reason: $0.reason)
        }
    }
}

/// The catalogue as other threads than the runtime's see it: it has what is durable.
final class SharedCatalogue: Sendable {
    private let catalogue: Mutex<TaskCatalogue>

    init(_ catalogue: TaskCatalogue) {
        self.catalogue = Mutex(catalogue)
    }

    var value: TaskCatalogue { catalogue.withLock { $0 } }

    func set(_ value: TaskCatalogue) { catalogue.withLock { $0 = value } }
}
