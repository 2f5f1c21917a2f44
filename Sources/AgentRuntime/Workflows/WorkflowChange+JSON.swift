import JSONRPC
import Workflows

extension WorkflowChange {
    func writeMembers(to writer: inout JSONWriter) {
        switch self {
        case .defined(let version, let keptVersions):
            writer.member("workflow", version.name)
            writer.member("createdBy", version.owner.userID)
            writer.member("defined", raw: version.encoded())
            writer.member("keptVersions", keptVersions)
        case .deleted(let name, let createdBy):
            writer.member("workflow", name)
            writer.member("createdBy", createdBy)
        case .started(let start):
            start.writeMembers(to: &writer)
        case .advanced(let advance):
            advance.writeMembers(to: &writer)
        }
    }

    init(type: EventType, data: JSONReader) throws(StateDecodingError) {
        switch type {
        case .workflowDefined:
            self = .defined(
                try WorkflowVersion(reading: data.member("defined")),
                keptVersions: try data.integer("keptVersions")
            )
        case .workflowDeleted:
            self = .deleted(
                name: try data.string("workflow"),
                createdBy: try data.string("createdBy")
            )
        case .workflowStarted:
            self = .started(try RunStart(reading: data))
        default:
            self = .advanced(try RunAdvance(type: type, data: data))
        }
    }
}

extension RunAdvance {
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.member("runId", runID)
        writer.member("workflow", workflow)
        writer.member("createdBy", createdBy)
        writer.member("state", ifPresent: state)
        switch work {
        case .task(let id)?: writer.member("taskId", id)
        case .run(let id)?: writer.member("childRunId", id)
        case nil: break
        }
        switch event {
        case .ended(.succeeded(let output)): writer.member("output", output)
        case .ended(.failed(let error)): writer.member("error", error.json)
        case .ended(.cancelled): break
        default: writeEvent(to: &writer)
        }
    }

    private func writeEvent(to writer: inout JSONWriter) {
        for member in event.json.objectValue?.members ?? [] {
            switch (member.name, member.value) {
            case ("is", _), ("state", _), ("next", .null), ("compensation", .null),
                ("error", .null):
                break
            case ("at", let value), ("until", let value):
                let time = Timestamp(millisecondsSince1970: Int64(value.intValue ?? 0))
                writer.member(member.name, time.description)
            default:
                writer.member(member.name, member.value)
            }
        }
    }

    fileprivate init(type: EventType, data: JSONReader) throws(StateDecodingError) {
        let event: WorkflowEvent?
        switch type {
        case .workflowCompleted: event = .ended(.succeeded(try data.member("output").tree))
        case .workflowFailed:
            event = WorkflowError(try data.member("error").tree).map { .ended(.failed($0)) }
        case .workflowCancelled: event = .ended(.cancelled)
        default: event = Self.event(type, data.tree)
        }
        guard let event else {
            throw StateDecodingError(path: data.path, problem: "is not an event of a workflow")
        }
        self.init(
            runID: try data.string("runId"),
            workflow: try data.string("workflow"),
            createdBy: try data.string("createdBy"),
            event: event,
            state: data.optionalString("state")
        )
        if let id = data.optionalString("taskId") {
            work = .task(id)
        } else if let id = data.optionalString("childRunId") {
            work = .run(id)
        }
    }

    private static func event(_ type: EventType, _ data: JSONValue) -> WorkflowEvent? {
        guard var object = data.objectValue, let kind = kinds[type] else { return nil }
        object["is"] = .string(kind)
        for name in ["at", "until"] {
            guard let time = object[name]?.stringValue.flatMap(Timestamp.init) else { continue }
            object[name] = .number(.integer(time.millisecondsSince1970))
        }
        return WorkflowEvent(.object(object))
    }

    private static let kinds: [EventType: String] = [
        .workflowStepEntered: "entered",
        .workflowTaskStarted: "taskStarted",
        .workflowStepWaiting: "slept",
        .workflowStepBranched: "branched",
        .workflowStepMapped: "mapped",
        .workflowIterationStarted: "iterationStarted",
        .workflowStepExited: "exited",
        .workflowStepRetrying: "retried",
        .workflowStepCaught: "caught",
        .workflowStepFailed: "failed",
        .workflowTokensUsed: "tokensUsed",
        .workflowCompensating: "compensating",
        .workflowCompensated: "compensated",
    ]
}
