import AgentRuntime
import Identity
import JSONRPC
import JSONSchema

extension MethodTable {
    static func taskMethods() throws(SchemaDefinitionError) -> [Method] {
        let id: JSONValue = .params(["id": .text("Id of a task")], required: ["id"])
        let change: JSONValue = .params(
            ["id": .text("Id of a task"), "idempotencyKey": .idempotencyKey],
            required: ["id"]
        )
        return [
            try Method(
                "tasks.create",
                "Queues a task; it is on disk before this answers",
                access: .work,
                params: NewTaskSchema.params,
                isCheckedByRuntime: true,
                rate: .tasks,
                .runtime { params throws(RPCError) in .createTask(params: .object(params)) }
            ),
            try Method(
                "tasks.get",
                "Answers one task",
                access: .read,
                params: id,
                .runtime { params throws(RPCError) in .getTask(id: params.text("id")) }
            ),
            try Method(
                "tasks.list",
                "Lists tasks, newest first",
                access: .read,
                params: .params([
                    "status": .choice(
                        "Only tasks in this status",
                        TaskStatus.allCases.map(\.rawValue)
                    ),
                    "agentId": .text("Only tasks of this agent"),
                    "type": .text("Only tasks of this type"),
                    "limit": .whole(
                        "Tasks in the answer",
                        1...TaskQuery.maximumLimit,
                        default: 100
                    ),
                    "cursor": .text("The next of the page before"),
                ]),
                .runtime { params throws(RPCError) in
                    .listTasks(
                        TaskQuery(
                            status: params["status"]?.stringValue.flatMap(TaskStatus.init),
                            agentID: params["agentId"]?.stringValue,
                            type: params["type"]?.stringValue,
                            limit: params["limit"]?.intValue ?? 100,
                            cursor: params["cursor"]?.stringValue
                        )
                    )
                }
            ),
            try Method(
                "tasks.cancel",
                "Cancels a task; answers once it is final",
                access: .work,
                params: change,
                .runtime { params throws(RPCError) in .cancelTask(id: params.text("id")) }
            ),
            try Method(
                "tasks.retry",
                "Queues a failed, dead, cancelled or abandoned task again",
                access: .work,
                params: change,
                rate: .tasks,
                .runtime { params throws(RPCError) in .retryTask(id: params.text("id")) }
            ),
            try Method(
                "tasks.result",
                "Answers the result or error of a final task",
                access: .read,
                params: id,
                .runtime { params throws(RPCError) in .taskResult(id: params.text("id")) }
            ),
            try Method(
                "tasks.wait",
                "Answers a task once it is final, or as it is when the time is over",
                access: .read,
                params: .params(
                    [
                        "id": .text("Id of a task"),
                        "timeoutMs": .whole("How long to wait", 0...300_000, default: 30_000),
                    ],
                    required: ["id"]
                ),
                .runtime { params throws(RPCError) in
                    let timeout = params["timeoutMs"]?.intValue ?? 30_000
                    return .waitTask(id: params.text("id"), timeout: .milliseconds(timeout))
                }
            ),
        ]
    }
}
