package import JSONRPC
package import Workflows

/// One version of a workflow: its definition and what starts it, which never change.
package struct WorkflowVersion: Equatable, Sendable {
    /// UUIDv7: what runs know it by, also when it is deleted and its name has another meaning.
    package var id: String
    package var name: String
    /// 1 for the first of that name.
    package var number: Int
    package var description: String?
    package var definition: WorkflowDefinition
    package var triggers: [WorkflowTrigger]
    /// On whose behalf triggers start runs.
    package var owner: Owner
    package var createdAt: Timestamp
}

/// Which events start a run; all members that are there must hold.
package struct WorkflowTrigger: Equatable, Sendable {
    /// None for events of any type.
    package var types: [String] = []
    /// The lowest severity.
    package var severity: Severity?
    package var agentID: String?
    /// Of the task that the event is about.
    package var taskType: String?
    package var correlationID: String?

    package init() {}
}

extension WorkflowVersion {
    /// The Workflow object of protocol.md; with its definition when one is asked for by name.
    func write(isWhole: Bool, to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(isWhole: isWhole, to: &writer)
        writer.endObject()
    }

    /// As a snapshot keeps it; `isNamed` unless it is kept for runs only.
    func stored(isNamed: Bool) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("named", isNamed)
        writer.member("workflow", raw: encoded())
        writer.endObject()
        return writer.takeBytes()
    }

    func encoded() -> [UInt8] {
        var writer = JSONWriter()
        write(isWhole: true, to: &writer)
        return writer.takeBytes()
    }

    private func writeMembers(isWhole: Bool, to writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("name", name)
        writer.member("version", number)
        writer.member("description", ifPresent: description)
        if isWhole { writer.member("definition", definition.source) }
        writer.member("triggers", .array(triggers.map(\.json)))
        writer.member("createdAt", createdAt.description)
        owner.writeMembers(to: &writer)
    }

    init(reading value: JSONReader) throws(StateDecodingError) {
        let source = JSONValue.object(try value.object("definition"))
        guard let definition = try? WorkflowDefinition(source) else {
            throw StateDecodingError(path: value.path + "/definition", problem: "is no workflow")
        }
        var triggers: [WorkflowTrigger] = []
        for element in try value.elements("triggers") {
            triggers.append(try WorkflowTrigger(reading: element))
        }
        self.init(
            id: try value.string("id"),
            name: try value.string("name"),
            number: try value.integer("version"),
            description: value.optionalString("description"),
            definition: definition,
            triggers: triggers,
            owner: try Owner(reading: value),
            createdAt: try value.timestamp("createdAt")
        )
    }
}

extension WorkflowTrigger {
    var json: JSONValue {
        var object = JSONObject()
        if !types.isEmpty { object["types"] = .array(types.map(JSONValue.string)) }
        object["severity"] = severity.map { .string($0.rawValue) }
        object["agentId"] = agentID.map(JSONValue.string)
        object["taskType"] = taskType.map(JSONValue.string)
        object["correlationId"] = correlationID.map(JSONValue.string)
        return ["filter": .object(object)]
    }

    fileprivate init(reading value: JSONReader) throws(StateDecodingError) {
        self.init(filter: try value.object("filter"))
    }

    /// Reads a filter that is valid by the schema of `workflows.define`.
    package init(filter: JSONObject) {
        types = (filter["types"]?.arrayValue ?? []).compactMap(\.stringValue)
        severity = filter["severity"]?.stringValue.flatMap(Severity.init)
        agentID = filter["agentId"]?.stringValue
        taskType = filter["taskType"]?.stringValue
        correlationID = filter["correlationId"]?.stringValue
    }

    /// Whether an event starts a run; `taskType` is that of its task.
    func matches(_ event: Event, taskType: String?) -> Bool {
        (types.isEmpty || types.contains(event.type.rawValue))
            && (severity.map { event.severity >= $0 } ?? true)
            && (agentID.map { $0 == event.agentID } ?? true)
            && (self.taskType.map { $0 == taskType } ?? true)
            && (correlationID.map { $0 == event.correlationID } ?? true)
    }
}
