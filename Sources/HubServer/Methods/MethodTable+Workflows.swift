import AgentRuntime
import Identity
import JSONRPC
import JSONSchema

extension MethodTable {
    static func workflowMethods() throws(SchemaDefinitionError) -> [Method] {
        try definitionMethods() + runMethods()
    }

    private static func definitionMethods() throws(SchemaDefinitionError) -> [Method] {
        [
            try Method(
                "workflows.define",
                "Makes a version of a workflow in the Amazon States Language, and checks it",
                access: .manage,
                params: .params(
                    [
                        "name": workflowName,
                        "definition": [
                            "type": "object",
                            "description": "The state machine, in the JSONPath form",
                        ],
                        "triggers": triggers,
                        "description": .text("For people"),
                        "idempotencyKey": .idempotencyKey,
                    ],
                    required: ["name", "definition"]
                ),
                .runtime { params throws(RPCError) in
                    .workflow(.define(try WorkflowDraft(params: params)))
                }
            ),
            try Method(
                "workflows.list",
                "Lists workflows by name, each with its newest version and without definition",
                access: .read,
                params: .params([
                    "limit": .whole("Workflows in the answer", 1...1_000, default: 100),
                    "cursor": .text("The next of the page before"),
                ]),
                .runtime { params throws(RPCError) in
                    .workflow(
                        .list(
                            limit: params["limit"]?.intValue ?? 100,
                            cursor: params["cursor"]?.stringValue
                        )
                    )
                }
            ),
            try Method(
                "workflows.get",
                "Answers one workflow with its definition",
                access: .read,
                params: .params(
                    ["name": workflowName, "version": version],
                    required: ["name"]
                ),
                .runtime { params throws(RPCError) in
                    .workflow(
                        .get(name: params.text("name"), version: params["version"]?.intValue)
                    )
                }
            ),
            try Method(
                "workflows.delete",
                "Deletes a workflow with all its versions; runs go on",
                access: .manage,
                params: .params(
                    ["name": workflowName, "idempotencyKey": .idempotencyKey],
                    required: ["name"]
                ),
                .runtime { params throws(RPCError) in
                    .workflow(.delete(name: params.text("name")))
                }
            ),
        ]
    }

    private static func runMethods() throws(SchemaDefinitionError) -> [Method] {
        [
            try Method(
                "workflows.start",
                "Starts a run of a workflow; it is on disk before this answers",
                access: .work,
                params: .params(
                    [
                        "name": workflowName, "version": version,
                        "input": ["description": "What the first state gets; default: {}"],
                        "budget": budget,
                        "idempotencyKey": .idempotencyKey,
                    ],
                    required: ["name"]
                ),
                rate: .tasks,
                .runtime { params throws(RPCError) in
                    .workflow(.start(RunDraft(params: params)))
                }
            ),
            try Method(
                "workflows.run",
                "Answers one run with its history",
                access: .read,
                params: .params(["id": runID], required: ["id"]),
                .runtime { params throws(RPCError) in .workflow(.run(id: params.text("id"))) }
            ),
            try Method(
                "workflows.runs",
                "Lists runs without their histories, newest first",
                access: .read,
                params: .params([
                    "workflow": workflowName,
                    "status": .choice(
                        "Only runs in this status",
                        RunStatus.allCases.map(\.rawValue)
                    ),
                    "limit": .whole("Runs in the answer", 1...RunQuery.maximumLimit, default: 100),
                    "cursor": .text("The next of the page before"),
                ]),
                .runtime { params throws(RPCError) in
                    .workflow(
                        .runs(
                            RunQuery(
                                workflow: params["workflow"]?.stringValue,
                                status: params["status"]?.stringValue.flatMap(RunStatus.init),
                                limit: params["limit"]?.intValue ?? 100,
                                cursor: params["cursor"]?.stringValue
                            )
                        )
                    )
                }
            ),
            try Method(
                "workflows.cancel",
                "Ends a run, with the tasks and runs that it waits for",
                access: .work,
                params: .params(
                    ["id": runID, "idempotencyKey": .idempotencyKey],
                    required: ["id"]
                ),
                .runtime { params throws(RPCError) in .workflow(.cancel(id: params.text("id"))) }
            ),
        ]
    }

    private static let workflowName: JSONValue = .text(
        "Name of a workflow: letters, digits, '.', '_' and '-'",
        longest: WorkflowDraft.maximumNameBytes
    )
    private static let runID: JSONValue = .text("Id of a run")
    private static let version: JSONValue = .whole("Default: the newest", 1...1_000_000_000)

    private static let budget: JSONValue = [
        "type": "object",
        "description": "What the run may use at most, beside what its definition says",
        "properties": [
            "steps": .whole("States that are entered, also again", 1...99_999_999),
            "seconds": .whole("From start to end", 1...99_999_999),
            "tokens": .whole("Of language models, in and out", 1...99_999_999),
        ],
        "additionalProperties": false,
    ]

    private static let triggers: JSONValue = [
        "type": "array",
        "description": "Events that start a run, which gets the event as its input",
        "maxItems": .integer(WorkflowDraft.maximumTriggers),
        "items": [
            "type": "object", "required": ["filter"], "additionalProperties": false,
            "properties": [
                "filter": [
                    "type": "object",
                    "description": "Which events; all members must hold",
                    "properties": [
                        "types": [
                            "type": "array", "maxItems": 64, "minItems": 1,
                            "items": ["type": "string", "minLength": 1, "maxLength": 64],
                        ],
                        "severity": .choice(
                            "At least this",
                            Severity.allCases.map(\.rawValue)
                        ),
                        "agentId": .text("Id of an agent"),
                        "taskType": .text("Type of the task that the event is about"),
                        "correlationId": .text("Of a task and all that belongs to it"),
                    ],
                    "additionalProperties": false,
                ]
            ],
        ],
    ]
}
