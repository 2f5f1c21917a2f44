import AgentRuntime
import Analytics
import Identity
import JSONRPC
import JSONSchema

extension MethodTable {
    static func analyticsMethods() throws(SchemaDefinitionError) -> [Method] {
        [
            try Method(
                "analytics.agents",
                "Answers figures of the agents the caller sees, by task type",
                access: .read,
                params: .params([
                    "window": .window, "agentId": .text("Only this agent"),
                    "buckets": .flag("Also by time"),
                ]),
                .runtime { params throws(RPCError) in
                    .analytics(
                        .agents(
                            params.window("window"),
                            agentID: params["agentId"]?.stringValue,
                            hasBuckets: params["buckets"]?.boolValue ?? false
                        )
                    )
                }
            ),
            try Method(
                "analytics.system",
                "Answers figures of all tasks the caller sees, and of the hub to who sees it",
                access: .read,
                params: .params(["window": .window]),
                .runtime { params throws(RPCError) in
                    .analytics(.system(params.window("window")))
                }
            ),
            try Method(
                "reports.generate",
                "Makes a report of what the caller sees, keeps it and answers it",
                access: .read,
                params: .params(
                    [
                        "type": .choice(
                            "What it is about; audit-summary is for administrators",
                            ReportKind.allCases.map(\.rawValue)
                        ),
                        "timeframe": .window,
                        "format": .choice(
                            "How it is written",
                            ReportFormat.allCases.map(\.rawValue)
                        ),
                        "idempotencyKey": .idempotencyKey,
                    ],
                    required: ["type"]
                ),
                rate: .tasks,
                .runtime { params throws(RPCError) in
                    .analytics(
                        .generateReport(
                            ReportRequest(
                                kind: ReportKind(rawValue: params.text("type"))
                                    ?? .agentPerformance,
                                span: params.window("timeframe"),
                                format: ReportFormat(rawValue: params.text("format")) ?? .json
                            )
                        )
                    )
                }
            ),
            try Method(
                "reports.get",
                "Answers a report that was kept",
                access: .read,
                params: .params(["id": .text("Id of a report")], required: ["id"]),
                .runtime { params throws(RPCError) in
                    .analytics(.getReport(id: params.text("id")))
                }
            ),
            try Method(
                "reports.list",
                "Lists the reports the caller sees, newest first, without their contents",
                access: .read,
                .runtime { _ throws(RPCError) in .analytics(.listReports) }
            ),
        ]
    }
}

extension JSONValue {
    /// How far back figures go.
    fileprivate static let window: JSONValue = [
        "type": "string", "description": "How far back", "default": "24h",
        "enum": .array(WindowSpan.allCases.map { .string($0.rawValue) }),
    ]
}

extension JSONObject {
    fileprivate func window(_ name: String) -> WindowSpan {
        WindowSpan(rawValue: text(name)) ?? .day
    }
}
