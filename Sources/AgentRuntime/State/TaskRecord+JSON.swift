package import JSONRPC

extension TaskRecord {
    /// The Task object of protocol.md.
    package func encoded() -> [UInt8] {
        var writer = JSONWriter(capacity: definition.payload.bytes.count + 700)
        write(to: &writer)
        return writer.takeBytes()
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("id", definition.identifier)
        writer.member("agentId", definition.agentID)
        writer.member("type", definition.type)
        writer.member("priority", definition.priority.rawValue)
        writer.member("payload", raw: definition.payload.bytes)
        writer.member("status", status.rawValue)
        writer.member("progress", progress)
        writer.member("attempts", attempts)
        writer.member("maxAttempts", definition.maxAttempts)
        if stalls > 0 { writer.member("stalls", stalls) }
        if let result { writer.member("result", raw: result.bytes) }
        if let error { writer.member("error", error.json) }
        writer.member("createdAt", definition.createdAt)
        writer.member("updatedAt", updatedAt)
        writer.member("startedAt", ifPresent: startedAt)
        writer.member("completedAt", ifPresent: completedAt)
        writer.member("createdBy", definition.creator)
        writer.member("correlationId", definition.correlation)
        writer.member("runAt", ifPresent: runAt)
        writer.member("deadline", ifPresent: definition.deadline)
        writer.member("timeoutMs", Int(definition.timeoutMs))
        if !definition.dependencies.isEmpty {
            writer.name("dependsOn")
            writer.beginArray()
            for id in definition.dependencies { writer.string(id.text) }
            writer.endArray()
        }
        writer.member("dedupeKey", ifPresent: definition.dedupeKey)
    }

    /// Reads a Task object back.
    ///
    /// `sequence` is that of the event that created it, `eventID` the one that led to its status.
    init(
        _ task: JSONReader,
        sequence: UInt64,
        eventID: String
    ) throws(StateDecodingError) {
        let definition = TaskDefinition(
            id: try task.string("id"),
            agentID: try task.string("agentId"),
            type: try task.string("type"),
            priority: try task.choice("priority"),
            payload: try task.text("payload"),
            maxAttempts: try task.integer("maxAttempts"),
            timeoutMs: try task.int64("timeoutMs"),
            deadline: try task.optionalTimestamp("deadline"),
            createdAt: try task.timestamp("createdAt"),
            createdBy: try task.string("createdBy"),
            correlationID: try task.string("correlationId"),
            sequence: sequence,
            dependencies: try task.has("dependsOn") ? task.strings("dependsOn") : [],
            dedupeKey: task.optionalString("dedupeKey")
        )
        self.init(
            definition: definition,
            status: try task.choice("status"),
            updatedAt: try task.timestamp("updatedAt"),
            lastEventID: eventID,
            runAt: try task.optionalTimestamp("runAt")
        )
        progress = try task.integer("progress")
        attempts = try task.integer("attempts")
        if task.has("stalls") { stalls = try task.integer("stalls") }
        result = task.optionalText("result")
        error = try task.ifPresent("error", TaskError.init(reading:))
        startedAt = try task.optionalTimestamp("startedAt")
        completedAt = try task.optionalTimestamp("completedAt")
    }
}

extension TaskError {
    package var json: JSONValue {
        ["code": .string(code), "message": .string(message), "retryable": .bool(isRetryable)]
    }

    init(reading value: JSONReader) throws(StateDecodingError) {
        self.init(
            code: try value.string("code"),
            message: try value.string("message"),
            isRetryable: try value.bool("retryable")
        )
    }
}
