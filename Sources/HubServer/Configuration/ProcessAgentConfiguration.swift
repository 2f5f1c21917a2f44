import Agents
package import AgentRuntime
import JSONRPC

/// An agent whose tasks are performed by processes of a command.
package struct ProcessAgentConfiguration: Equatable, Sendable {
    package var id: String
    package var command: [String]
    /// The agent as clients see it.
    package var definition: ProvidedAgent
    package var processes = 1
    /// Empty stands for a folder of its own in the state folder.
    package var directory = ""
    package var environment: [String: String] = [:]
    package var memoryBytes = 1 << 30
    package var cpuSeconds = 0
    package var openFiles = 256
    package var fileBytes = 1 << 30
    /// As it was configured, for printing.
    fileprivate var value: ConfigurationValue

    /// What the environment has unless it is configured otherwise; there is nothing else.
    static let usualEnvironment = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
    ]

    /// The key of all process agents.
    static let key = ConfigurationKey(
        path: "agents.processes",
        summary:
            "Agents whose tasks are performed by processes of a command, by the agent's id. Each "
            + "has: " + memberNames.joined(separator: ", ") + ".",
        kind: .table,
        variable: nil,
        store: { (value, configuration) throws(ConfigurationKey.Refusal) in
            configuration.processes.agents = try table(value)
        },
        load: { configuration in
            .object(
                configuration.processes.agents.map { agent in
                    ConfigurationValue.Member(name: agent.id, line: 0, value: agent.value)
                }
            )
        }
    )

    private static let memberNames = [
        "name", "command", "taskTypes", "processes", "directory", "environment", "memoryBytes",
        "cpuSeconds", "openFiles", "fileBytes",
    ]

    private static func table(
        _ value: ConfigurationValue
    ) throws(ConfigurationKey.Refusal) -> [ProcessAgentConfiguration] {
        guard case .object(let entries) = value else {
            throw ConfigurationKey.Refusal(
                "expected an object of agents, not \(value.description.printable)"
            )
        }
        var agents: [ProcessAgentConfiguration] = []
        var types = Set(BuiltInAgents.all.flatMap(\.description.taskTypes).map(\.name))
        types.formUnion([IntegrationAgent.syncType, IntegrationAgent.callType])
        var ids = Set(BuiltInAgents.all.map(\.description.id) + [IntegrationAgent.id])
        for entry in entries {
            do throws(ConfigurationKey.Refusal) {
                let agent = try ProcessAgentConfiguration(entry.name, entry.value)
                guard ids.insert(agent.id).inserted else {
                    throw ConfigurationKey.Refusal("there is an agent with this id already")
                }
                for type in agent.definition.description.taskTypes {
                    guard types.insert(type.name).inserted else {
                        throw ConfigurationKey.Refusal(
                            "taskTypes: '\(type.name)' is a task type of another agent"
                        )
                    }
                }
                agents.append(agent)
            } catch {
                throw ConfigurationKey.Refusal("'\(entry.name.printable)': \(error.reason)")
            }
        }
        return agents
    }

    private init(_ id: String, _ value: ConfigurationValue) throws(ConfigurationKey.Refusal) {
        guard case .object(let members) = value else {
            throw ConfigurationKey.Refusal(
                "expected an object, not \(value.description.printable)"
            )
        }
        for member in members where !Self.memberNames.contains(member.name) {
            let meant = Suggestion.closest(to: member.name, among: Self.memberNames)
            throw ConfigurationKey.Refusal(
                "there is no '\(member.name.printable)'"
                    + (meant.map { "; did you mean '\($0)'?" } ?? "")
            )
        }
        let values = Dictionary(members.map { ($0.name, $0.value) }) { _, last in last }
        self.id = id
        self.value = value
        command = try Self.texts(values["command"], "command")
        guard let program = command.first, program.hasPrefix("/") else {
            throw ConfigurationKey.Refusal("command: must begin with an absolute path")
        }
        var name: String?
        if let value = values["name"] { name = try Self.text(value, "name") }
        guard case .array(let types)? = values["taskTypes"] else {
            throw ConfigurationKey.Refusal("taskTypes: expected a list of task types")
        }
        do throws(RPCError) {
            definition = try ProvidedAgent(
                type: id,
                name: name,
                taskTypes: types.map(\.json),
                path: "taskTypes"
            )
        } catch {
            let detail = error.details.first
            let place = detail?.path == "/agentType" ? "its id" : detail?.path ?? "taskTypes"
            throw ConfigurationKey.Refusal("\(place): \(detail?.reason ?? error.message)")
        }
        processes = try Self.integer(values["processes"], "processes", 1...64) ?? 1
        if let value = values["directory"] {
            directory = try Self.text(value, "directory")
            guard directory.hasPrefix("/") else {
                throw ConfigurationKey.Refusal("directory: must be an absolute path")
            }
        }
        environment = try Self.variables(values["environment"])
        let size = 0...(1 << 50)
        memoryBytes = try Self.integer(values["memoryBytes"], "memoryBytes", size) ?? 1 << 30
        cpuSeconds = try Self.integer(values["cpuSeconds"], "cpuSeconds", 0...1_000_000_000) ?? 0
        openFiles = try Self.integer(values["openFiles"], "openFiles", 0...1_000_000) ?? 256
        fileBytes = try Self.integer(values["fileBytes"], "fileBytes", size) ?? 1 << 30
    }

    private static func text(
        _ value: ConfigurationValue,
        _ name: String
    ) throws(ConfigurationKey.Refusal) -> String {
        guard case .string(let text) = value, text.utf8.count <= 4096, !text.utf8.contains(0) else {
            throw ConfigurationKey.Refusal("\(name): expected a text of at most 4096 bytes")
        }
        return text
    }

    private static func texts(
        _ value: ConfigurationValue?,
        _ name: String
    ) throws(ConfigurationKey.Refusal) -> [String] {
        guard case .array(let values)? = value, !values.isEmpty, values.count <= 256 else {
            throw ConfigurationKey.Refusal("\(name): expected a list of 1 to 256 texts")
        }
        var texts: [String] = []
        for value in values { texts.append(try text(value, name)) }
        return texts
    }

    private static func integer(
        _ value: ConfigurationValue?,
        _ name: String,
        _ range: ClosedRange<Int>
    ) throws(ConfigurationKey.Refusal) -> Int? {
        guard let value else { return nil }
        do {
            return try value.integer(in: range)
        } catch {
            throw ConfigurationKey.Refusal("\(name): \(error.reason)")
        }
    }

    private static func variables(
        _ value: ConfigurationValue?
    ) throws(ConfigurationKey.Refusal) -> [String: String] {
        guard let value else { return [:] }
        guard case .object(let members) = value, members.count <= 256 else {
            throw ConfigurationKey.Refusal("environment: expected an object of up to 256 texts")
        }
        var variables: [String: String] = [:]
        for member in members {
            guard !member.name.isEmpty, !member.name.contains("="), !member.name.utf8.contains(0)
            else {
                throw ConfigurationKey.Refusal(
                    "environment: '\(member.name.printable)' is no name of a variable"
                )
            }
            variables[member.name] = try text(member.value, "environment: \(member.name.printable)")
        }
        return variables
    }
}

extension ConfigurationValue {
    /// The value as JSON; what JSON cannot write is null.
    var json: JSONValue {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .number(let value): value.isFinite ? .double(value) : .null
        case .string(let value): .string(value)
        case .array(let values): .array(values.map(\.json))
        case .object(let members):
            .object(JSONObject(members.map { ($0.name, $0.value.json) }))
        }
    }
}
