import AgentRuntime
import EventLoops
import Integrations
import JSONRPC

/// Lets tasks, and so workflows and schedules, use connections to the outside.
struct IntegrationAgent: Agent {
    static let id = "integrations"
    static let syncType = "integration.sync"
    static let callType = "integration.call"

    let host: IntegrationHost

    private static func payload(_ name: String, _ schema: JSONValue) -> JSONValue {
        let properties: JSONObject = [
            "integrationId": ["type": "string", "minLength": 1, "maxLength": 256],
            name: schema, "params": ["type": "object"],
        ]
        return [
            "type": "object", "properties": .object(properties),
            "required": ["integrationId", .string(name)],
        ]
    }

    private static let resultSchema: JSONValue = [
        "type": "object",
        "properties": [
            "status": ["anyOf": [["type": "integer"], ["type": "null"]]],
            "latencyMs": ["type": "number"],
            "result": ["description": "What the service answered"],
        ],
        "required": ["status", "latencyMs", "result"],
    ]

    var description: AgentDescription {
        AgentDescription(
            id: Self.id,
            name: "Integrations",
            type: "integrations",
            capabilities: ["Requests to services that the hub is connected to"],
            taskTypes: [
                TaskType(
                    name: Self.syncType,
                    summary: "Reads from a connected service, or publishes there.",
                    payloadSchema: Self.payload("direction", ["enum": ["pull", "push"]]),
                    resultSchema: Self.resultSchema,
                    example: ["integrationId": "an id of integrations.list", "direction": "pull"]
                ),
                TaskType(
                    name: Self.callType,
                    summary: "Makes one call of a connected service.",
                    payloadSchema: Self.payload(
                        "call",
                        ["type": "string", "minLength": 1, "maxLength": 256]
                    ),
                    resultSchema: Self.resultSchema,
                    example: ["integrationId": "an id of integrations.list", "call": "me"]
                ),
            ]
        )
    }

    func run(_ task: TaskAttempt, context: any TaskContext) async throws -> JSONValue {
        let id = task.payload["integrationId"]?.stringValue ?? ""
        guard let record = host.directory.record(id) else {
            throw TaskFailure(code: "NOT_FOUND", message: "no such integration")
        }
        let params = task.payload["params"]?.objectValue ?? [:]
        guard task.type == Self.syncType else {
            return try await perform(task.payload["call"]?.stringValue ?? "", params, record)
        }
        let name = task.payload["direction"]?.stringValue ?? ""
        guard let direction = SyncDirection(rawValue: name),
            let call = host.call(of: record, direction)
        else {
            throw TaskFailure(
                code: "VALIDATION_ERROR",
                message: "an integration of type '\(record.type)' has no sync of this direction"
            )
        }
        do {
            let result = try await sync(call, params, record)
            note(record, direction, nil)
            return result
        } catch let failure as TaskFailure {
            note(record, direction, failure)
            throw failure
        }
    }

    private func sync(
        _ call: String,
        _ params: JSONObject,
        _ record: IntegrationRecord
    ) async throws -> JSONValue {
        // A webhook is pushed what it was not sent yet, unless there is an event to be sent.
        if record.type == IntegrationType.webhook.rawValue, params.isEmpty {
            host.forgive(record.id)
            let sender = host.sender(record.id)
            sender?.hurry()
            return ["status": nil, "latencyMs": 0, "result": ["hurried": .bool(sender != nil)]]
        }
        return try await perform(call, params, record)
    }

    private func perform(
        _ call: String,
        _ params: JSONObject,
        _ record: IntegrationRecord
    ) async throws -> JSONValue {
        let began = MonotonicClock.nanoseconds
        do throws(IntegrationFailure) {
            let answer = try await host.perform(call, params, with: record)
            let latency = Double(MonotonicClock.nanoseconds - began) / 1e6
            return [
                "status": answer.status.map { .integer($0) } ?? .null,
                "latencyMs": .double(latency), "result": answer.result,
            ]
        } catch {
            try Task.checkCancellation()
            throw error.taskFailure
        }
    }

    private func note(
        _ record: IntegrationRecord,
        _ direction: SyncDirection,
        _ failure: TaskFailure?
    ) {
        let sync = IntegrationRecord.LastSync(
            at: Timestamp(millisecondsSince1970: WallClock.milliseconds),
            direction: direction.rawValue,
            isSuccessful: failure == nil,
            message: failure.map { String($0.message.prefix(300)) } ?? "ok"
        )
        host.note(.synced(id: record.id, name: record.name, sync))
    }
}
