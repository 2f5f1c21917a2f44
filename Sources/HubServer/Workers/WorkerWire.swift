import AgentRuntime
import JSONRPC

// The messages between the hub and a worker, which are the same over a WebSocket and over pipes.

extension LeasedTask {
    private static let idPrefix = "execute-"

    /// The request `worker.execute` as a message.
    var request: [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(payload.bytes.count + 640)
        let id = JSONValue.string(Self.idPrefix + String(leaseID)).encoded()
        message.appendRequest(id: id, method: "worker.execute", params: params)
        return message
    }

    /// The lease that an answer with this id is about.
    static func leaseID(ofAnswer id: String?) -> UInt64? {
        guard let id, id.hasPrefix(idPrefix) else { return nil }
        return UInt64(id.dropFirst(idPrefix.count))
    }
}

extension WorkerMessage {
    /// The method and params of a notification; `nil` for a request.
    var notification: (method: String, params: [UInt8])? {
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        defer { writer.endObject() }
        switch self {
        case .execute:
            return nil
        case .cancel(let leaseID, let taskID, let reason):
            writer.member("leaseId", String(leaseID))
            writer.member("taskId", taskID)
            writer.member("reason", reason.rawValue)
            return ("worker.cancel", writer.ended)
        case .dismissed(let workerID, let reason):
            writer.member("workerId", workerID)
            writer.member("reason", reason.rawValue)
            return ("worker.dismissed", writer.ended)
        }
    }
}

extension JSONWriter {
    /// The text with the object that is open ended.
    fileprivate var ended: [UInt8] {
        var copy = self
        copy.endObject()
        return copy.takeBytes()
    }
}

/// Reads the params of what workers report.
enum WorkerReports {
    static let longestCode = 64
    static let longestMessage = 2_000

    static func lease(_ params: JSONObject) throws(RPCError) -> UInt64 {
        guard let lease = UInt64(params.text("leaseId")) else {
            throw .conflict("this session does not hold the lease (any more)")
        }
        return lease
    }

    static func progress(_ params: JSONObject) throws(RPCError) -> WorkerCommand {
        .progress(
            leaseID: try lease(params),
            percent: params["progress"]?.intValue ?? 0,
            message: params["message"]?.stringValue
        )
    }

    static func output(_ params: JSONObject) throws(RPCError) -> WorkerCommand {
        let output = params["output"] ?? .null
        return .output(leaseID: try lease(params), JSONText(output.encoded()))
    }

    /// The result must be valid by `type`, the task's, if that is known here.
    static func complete(
        _ params: JSONObject,
        type: String?,
        catalogue: TaskCatalogue
    ) throws(RPCError) -> WorkerCommand {
        let lease = try lease(params)
        let result = params["result"] ?? .null
        let problems = type.map { catalogue.problems(ofResult: result, type: $0) } ?? []
        guard problems.isEmpty else { throw .validation(problems) }
        return .complete(leaseID: lease, result: JSONText(result.encoded()))
    }

    static func fail(_ params: JSONObject) throws(RPCError) -> WorkerCommand {
        let error = params["error"]
        return .fail(
            leaseID: try lease(params),
            TaskFailure(
                code: error?["code"]?.stringValue ?? "",
                message: error?["message"]?.stringValue ?? "",
                isRetryable: error?["retryable"]?.boolValue ?? false,
                retryAfter: (error?["retryAfterMs"]?.intValue).map { .milliseconds($0) }
            )
        )
    }
}

extension RPCError {
    /// Whether a repetition of what was refused may be taken, so that the lease is to be kept.
    var leavesLease: Bool { isTemporary || code == .validationError }
}
