import AgentRuntime
import Identity
import JSONRPC
import JSONSchema

extension MethodTable {
    static func agentMethods() throws(SchemaDefinitionError) -> [Method] {
        let id: JSONValue = .params(["id": .text("Id of an agent")], required: ["id"])
        var methods = [
            try Method(
                "agents.list",
                "Lists all agents",
                access: .read,
                .runtime { _ throws(RPCError) in .listAgents }
            ),
            try Method(
                "agents.get",
                "Answers one agent with its task types and their schemas",
                access: .read,
                params: id,
                .runtime { params throws(RPCError) in .getAgent(id: params.text("id")) }
            ),
        ]
        let controls: KeyValuePairs<AgentControl, String> = [
            .start: "Starts an agent; one that is started already stays as it is",
            .stop: "Stops an agent once its running tasks have ended",
            .pause: "Keeps an agent from beginning tasks; running ones go on",
            .resume: "Lets a paused agent begin tasks again",
        ]
        for (control, summary) in controls {
            methods.append(
                try Method(
                    "agents.\(control.rawValue)",
                    summary,
                    access: .manage,
                    params: .params(
                        ["id": .text("Id of an agent"), "idempotencyKey": .idempotencyKey],
                        required: ["id"]
                    ),
                    .runtime { params throws(RPCError) in
                        .controlAgent(id: params.text("id"), control)
                    }
                )
            )
        }
        methods += [
            try Method(
                "agents.configure",
                "Changes members of an agent's configuration; null removes one",
                access: .manage,
                params: .params(
                    [
                        "id": .text("Id of an agent"),
                        "config": ["type": "object"],
                        "idempotencyKey": .idempotencyKey,
                    ],
                    required: ["id", "config"]
                ),
                .runtime { params throws(RPCError) in
                    .configureAgent(
                        id: params.text("id"),
                        params["config"]?.objectValue ?? [:]
                    )
                }
            ),
            try Method(
                "agents.metrics",
                "Answers what was measured of one agent, or of all",
                access: .read,
                params: .params(["id": .text("Id of an agent")]),
                .runtime { params throws(RPCError) in
                    .agentMetrics(id: params["id"]?.stringValue)
                }
            ),
        ]
        return methods
    }
}

extension JSONObject {
    /// A string that the schema requires.
    func text(_ name: String) -> String { self[name]?.stringValue ?? "" }
}
