import AgentRuntime
import Identity
import JSONRPC
import JSONSchema

extension MethodTable {
    static func systemMethods() throws(SchemaDefinitionError) -> [Method] {
        [
            try Method(
                "system.info",
                "Tells which hub this is and since when it runs",
                access: .read,
                .immediate { loop, _, _ throws(RPCError) in loop.context.description }
            ),
            try Method(
                "system.stats",
                "Answers the runtime's counters",
                access: .manage,
                .runtime { _ throws(RPCError) in .statistics }
            ),
            try Method(
                "system.snapshot",
                "Writes a snapshot of the state; answers once it is on disk",
                access: .administer,
                .runtime { _ throws(RPCError) in .snapshot }
            ),
            try Method(
                "system.audit",
                "Answers who did what, the oldest first; for administrators",
                access: .administer,
                params: .params([
                    "since": ["type": "string", "format": "date-time"],
                    "after": [
                        "type": "integer", "minimum": 0, "default": 0,
                        "description": "Only entries behind this one: the next of the page before",
                    ],
                    "limit": .whole(
                        "Entries in the answer",
                        1...AuditQuery.maximumLimit,
                        default: 100
                    ),
                    "user": .text("Only what this user did"),
                    "method": .text("Only calls of this method"),
                    "object": [
                        "type": "object", "description": "Only what was done to these objects",
                        "properties": [
                            "kind": .text("Such as task or agent", longest: 64),
                            "id": .text("Id of one object"),
                        ],
                        "additionalProperties": false,
                    ],
                    "outcome": .choice(
                        "Only what was allowed, or denied",
                        AuditEntry.Outcome.allCases.map(\.rawValue)
                    ),
                ]),
                .audit
            ),
        ]
    }
}
