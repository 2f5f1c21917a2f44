import JSONRPC
import Workflows

extension RunRecord {
    /// The Run object of protocol.md; with its history when one is asked for by id.
    func write(isWhole: Bool, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("workflow", start.workflow)
        writer.member("version", start.version)
        writer.member("status", status.rawValue)
        writer.member("input", start.input)
        switch run.outcome {
        case .succeeded(let output)?: writer.member("output", output)
        case .failed(let error)?: writer.member("error", error.json)
        case .cancelled?, nil: break
        }
        writer.member("current", .array(current))
        writer.member("steps", run.stepsUsed)
        writer.member("tokens", run.tokensUsed)
        writer.member("budget", start.budget.json)
        writer.member("startedAt", Timestamp(millisecondsSince1970: start.startedAt).description)
        writer.member("updatedAt", updatedAt.description)
        writer.member("endedAt", ifPresent: endedAt?.description)
        start.owner.writeMembers(to: &writer)
        writer.member("correlationId", start.correlationID)
        writer.member("cause", start.cause.json)
        if isWhole {
            writer.name("history")
            writer.beginArray()
            for entry in history { entry.write(to: &writer) }
            writer.endArray()
            writer.member("droppedHistory", droppedHistory)
        }
        writer.endObject()
    }

    func encoded(isWhole: Bool = false) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        write(isWhole: isWhole, to: &writer)
        return writer.takeBytes()
    }

    /// The states that it is in.
    private var current: [JSONValue] {
        run.currentStates.map { position, state in
            let activity = run.activity(at: position)
            var object: JSONObject = [
                "state": .string(state), "activity": .string(activity.name),
            ]
            if position != .top { object["position"] = .string(position.text) }
            if let until = activity.until {
                object["until"] = .string(Timestamp(millisecondsSince1970: until).description)
            }
            switch works.values.first(where: { $0.position == position })?.kind {
            case .task(let id)?: object["taskId"] = .string(id)
            case .run(let id)?: object["childRunId"] = .string(id)
            case nil: break
            }
            return .object(object)
        }
    }
}

extension RunHistoryEntry {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("offset", offset)
        writer.member("at", time.description)
        writer.member("type", type.rawValue)
        writer.member("state", ifPresent: state)
        writer.member("position", ifPresent: position)
        switch note {
        case .next(let state)?: writer.member("next", state)
        case .error(let name)?: writer.member("error", name)
        case .task(let id)?: writer.member("taskId", id)
        case .run(let id)?: writer.member("childRunId", id)
        case .until(let time)?: writer.member("until", time.description)
        case nil: break
        }
        writer.endObject()
    }

    fileprivate init(reading value: JSONReader) throws(StateDecodingError) {
        self.init(
            offset: try value.unsigned("offset"),
            time: try value.timestamp("at"),
            type: EventType(rawValue: try value.string("type")),
            state: value.optionalString("state"),
            position: value.optionalString("position")
        )
        if let state = value.optionalString("next") {
            note = .next(state)
        } else if let name = value.optionalString("error") {
            note = .error(name)
        } else if let id = value.optionalString("taskId") {
            note = .task(id)
        } else if let id = value.optionalString("childRunId") {
            note = .run(id)
        } else if let time = try value.optionalTimestamp("until") {
            note = .until(time)
        }
    }
}

// As a snapshot keeps it.
extension RunRecord {
    func stored() -> [UInt8] {
        var writer = JSONWriter(capacity: 2048)
        writer.beginObject()
        start.writeMembers(to: &writer)
        writer.member("sequence", sequence)
        if let finalSequence { writer.member("finalSequence", finalSequence) }
        writer.member("offset", offset)
        writer.member("lastEventId", lastEventID)
        writer.member("updatedAt", updatedAt.description)
        writer.member("endedAt", ifPresent: endedAt?.description)
        writer.member("run", run.jsonWithoutDefinition)
        writer.name("works")
        writer.beginArray()
        for (attempt, work) in works.sorted(by: { $0.key < $1.key }) {
            writer.beginObject()
            writer.member("attempt", attempt)
            work.writeMembers(to: &writer)
            answers[attempt]?.writeMember(to: &writer)
            writer.endObject()
        }
        writer.endArray()
        writer.name("history")
        writer.beginArray()
        for entry in history { entry.write(to: &writer) }
        writer.endArray()
        writer.member("droppedHistory", droppedHistory)
        writer.endObject()
        return writer.takeBytes()
    }

    /// `definition` gives that of a version.
    init(
        stored value: JSONReader,
        definition: (_ versionID: String) -> WorkflowDefinition?
    ) throws(StateDecodingError) {
        start = try RunStart(reading: value)
        guard let definition = definition(start.versionID) else {
            throw StateDecodingError(
                path: value.path + "/versionId",
                problem: "names no version of a workflow"
            )
        }
        guard let run = WorkflowRun(try value.member("run").tree, of: definition) else {
            throw StateDecodingError(path: value.path + "/run", problem: "is no run")
        }
        self.run = run
        sequence = try value.unsigned("sequence")
        if value.has("finalSequence") { finalSequence = try value.unsigned("finalSequence") }
        offset = try value.unsigned("offset")
        lastEventID = try value.string("lastEventId")
        updatedAt = try value.timestamp("updatedAt")
        endedAt = try value.optionalTimestamp("endedAt")
        for element in try value.elements("works") {
            let attempt = try element.integer("attempt")
            works[attempt] = try RunWork(reading: element)
            answers[attempt] = try RunAnswer(reading: element)
        }
        for element in try value.elements("history") {
            history.append(try RunHistoryEntry(reading: element))
        }
        droppedHistory = try value.integer("droppedHistory")
    }
}

extension RunWork {
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.member("position", position.text)
        switch kind {
        case .task(let id): writer.member("taskId", id)
        case .run(let id): writer.member("childRunId", id)
        }
        writer.member("timeout", ifPresent: times.timeout)
        writer.member("heartbeat", ifPresent: times.heartbeat)
        writer.member("used", tokens)
    }

    fileprivate init(reading value: JSONReader) throws(StateDecodingError) {
        guard let position = RunPosition(try value.string("position")) else {
            throw StateDecodingError(path: value.path + "/position", problem: "is none")
        }
        let kind: Kind =
            if let id = value.optionalString("taskId") { .task(id) } else {
                .run(try value.string("childRunId"))
            }
        self.init(
            position: position,
            kind: kind,
            times: TaskTimes(
                timeout: value.has("timeout") ? try value.integer("timeout") : nil,
                heartbeat: value.has("heartbeat") ? try value.integer("heartbeat") : nil
            ),
            tokens: try value.integer("used")
        )
    }
}

extension RunAnswer {
    fileprivate func writeMember(to writer: inout JSONWriter) {
        switch outcome {
        case .result(let text): writer.member("result", raw: text.bytes)
        case .failure(let error): writer.member("failure", error.json)
        }
        writer.member("tokens", tokens)
    }

    fileprivate init?(reading value: JSONReader) throws(StateDecodingError) {
        if let text = value.optionalText("result") {
            self.init(outcome: .result(text))
        } else if let failure = try value.ifPresent("failure", { $0.tree }),
            let error = WorkflowError(failure)
        {
            self.init(outcome: .failure(error))
        } else {
            return nil
        }
        tokens = try value.integer("tokens")
    }
}
