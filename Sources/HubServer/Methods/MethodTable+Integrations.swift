import Identity
import Integrations
import JSONRPC
import JSONSchema

extension MethodTable {
    static func integrationMethods() throws(SchemaDefinitionError) -> [Method] {
        let id: JSONValue = .params(["id": .text("Id of an integration")], required: ["id"])
        let secrets: JSONValue = [
            "type": "object",
            "description": "By name; they are stored encrypted and never answered",
            "maxProperties": 8, "additionalProperties": ["type": "string"],
        ]
        let config: JSONValue = [
            "type": "object", "description": "As the type's configSchema says",
        ]
        let params: JSONValue = ["type": "object", "description": "Of the call"]
        return [
            try Method(
                "integrations.types",
                "Lists what the hub can be connected to",
                access: .manage,
                .immediate { loop, _, _ throws(RPCError) in loop.integrationTypes() }
            ),
            try Method(
                "integrations.list",
                "Lists the connections to the outside",
                access: .manage,
                .immediate { loop, _, _ throws(RPCError) in loop.integrationList() }
            ),
            try Method(
                "integrations.get",
                "Answers one connection with its calls and dead letters",
                access: .manage,
                params: id,
                .immediate { loop, _, params throws(RPCError) in
                    try loop.integration(params.text("id"))
                }
            ),
            try Method(
                "integrations.create",
                "Makes a connection to the outside",
                access: .administer,
                params: .params(
                    [
                        "type": .choice(
                            "Of the connection",
                            IntegrationType.allCases.map(\.rawValue)
                        ),
                        "name": .text("Unique among connections", longest: 128),
                        "config": config, "secrets": secrets,
                    ],
                    required: ["type", "name", "config"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.createIntegration(params, pending)
                }
            ),
            try Method(
                "integrations.update",
                "Changes a connection; secrets that are not given stay",
                access: .administer,
                params: .params(
                    [
                        "id": .text("Id of an integration"),
                        "name": .text("Unique among connections", longest: 128),
                        "config": config, "secrets": secrets,
                        "paused": ["type": "boolean"],
                    ],
                    required: ["id"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.updateIntegration(params, pending)
                }
            ),
            try Method(
                "integrations.delete",
                "Deletes a connection with its secrets and dead letters",
                access: .administer,
                params: id,
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.deleteIntegration(params, pending)
                }
            ),
            try Method(
                "integrations.test",
                "Makes a real call that shows whether a connection works",
                access: .manage,
                params: id,
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.useIntegration("integrations.test", params, pending)
                }
            ),
            try Method(
                "integrations.call",
                "Makes one call of a connection and answers what the service did",
                access: .manage,
                params: .params(
                    [
                        "id": .text("Id of an integration"),
                        "call": .text("One of the connection's calls"), "params": params,
                    ],
                    required: ["id", "call"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.useIntegration("integrations.call", params, pending)
                }
            ),
            try Method(
                "integrations.sync",
                "Begins a task that reads from the service, or publishes there",
                access: .manage,
                params: .params(
                    [
                        "id": .text("Id of an integration"),
                        "direction": .choice("Which way", SyncDirection.allCases.map(\.rawValue)),
                        "params": params,
                    ],
                    required: ["id", "direction"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.syncIntegration(params, pending)
                }
            ),
            try Method(
                "integrations.redeliver",
                "Sends the events again that a webhook did not take",
                access: .manage,
                params: id,
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.redeliver(params, pending)
                }
            ),
        ]
    }
}
