import AgentRuntime
import Identity
import JSONRPC
import JSONSchema

// Workers, and what they report about the tasks that they hold.
extension MethodTable {
    static func workerMethods() throws(SchemaDefinitionError) -> [Method] {
        [
            try Method(
                "workers.register",
                "Makes the session a worker, which the hub requests to execute tasks",
                access: .work,
                params: registration,
                .deferred { (loop, params, pending) throws(RPCError) in
                    try loop.registerWorker(params, pending)
                }
            ),
            try Method(
                "workers.drain",
                "Gives a worker no more tasks; it leaves when those that it has are done",
                access: .work,
                params: .params(["id": .text("Id of a worker")], required: ["id"]),
                .runtime { params throws(RPCError) in .worker(.drain(id: params.text("id"))) }
            ),
            try Method(
                "workers.list",
                "Lists the workers of the agents one may see",
                access: .read,
                params: .params([:]),
                .runtime { _ throws(RPCError) in .worker(.list) }
            ),
        ] + (try leaseMethods())
    }

    private static func leaseMethods() throws(SchemaDefinitionError) -> [Method] {
        let lease = JSONValue.text("Of the request worker.execute", longest: 64)
        return [
            try Method(
                "tasks.heartbeat",
                "Says that a worker is still at a task",
                access: .work,
                params: .params(["leaseId": lease], required: ["leaseId"]),
                .runtime { params throws(RPCError) in
                    .worker(.heartbeat(leaseID: try WorkerReports.lease(params)))
                }
            ),
            try Method(
                "tasks.progress",
                "Says how far a worker is with a task",
                access: .work,
                params: .params(
                    [
                        "leaseId": lease,
                        "progress": .whole("How far", 0...100),
                        "message": .text("For people", longest: 500),
                    ],
                    required: ["leaseId", "progress"]
                ),
                .runtime { params throws(RPCError) in .worker(try WorkerReports.progress(params)) }
            ),
            try Method(
                "tasks.output",
                "Streams a piece of output to whoever watches the task",
                access: .work,
                params: .params(
                    ["leaseId": lease, "output": ["description": "Any value"]],
                    required: ["leaseId", "output"]
                ),
                .runtime { params throws(RPCError) in .worker(try WorkerReports.output(params)) }
            ),
            try Method(
                "tasks.complete",
                "Gives the result of a task; it is on disk before this answers",
                access: .work,
                params: .params(
                    ["leaseId": lease, "result": ["description": "Valid by the task type"]],
                    required: ["leaseId", "result"]
                ),
                .deferred { (loop, params, pending) throws(RPCError) in
                    try loop.completeTask(params, pending)
                }
            ),
            try Method(
                "tasks.fail",
                "Says that an attempt has failed",
                access: .work,
                params: .params(
                    ["leaseId": lease, "error": failure],
                    required: ["leaseId", "error"]
                ),
                .deferred { (loop, params, pending) throws(RPCError) in
                    try loop.failTask(params, pending)
                }
            ),
        ]
    }

    private static let registration: JSONValue = .params([
        "agentId": .text("Id of an agent that there is"),
        "agentType": .text("Type of an agent; one that only workers perform may be new"),
        "name": .text("For people, of a new agent"),
        "capabilities": [
            "type": "array", "maxItems": 64, "items": ["type": "object"],
            "description": "Task types of an agent that only workers perform",
        ],
        "concurrency": .whole(
            "Tasks at the same time",
            1...WorkerOffer.maximumConcurrency,
            default: 1
        ),
    ])

    private static let failure: JSONValue = .params(
        [
            "code": .text("In upper snake case", longest: WorkerReports.longestCode),
            "message": .text("For people", longest: WorkerReports.longestMessage),
            "retryable": .flag("Whether another attempt may mend it"),
            "retryAfterMs": .whole("When to try again", 0...86_400_000),
        ],
        required: ["code", "message"]
    )
}
