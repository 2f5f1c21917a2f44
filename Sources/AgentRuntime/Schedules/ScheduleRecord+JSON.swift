import JSONRPC

extension ScheduleRecord {
    /// The Schedule object of protocol.md, with the next times that it is due.
    func write(next: [Timestamp], to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.member("next", next.map(\.description))
        writer.endObject()
    }

    /// As the journal and a snapshot keep it.
    func stored() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writeMembers(to: &writer)
        writer.member("handledThrough", handledThrough.description)
        writer.endObject()
        return writer.takeBytes()
    }

    private func writeMembers(to writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("description", ifPresent: description)
        writer.member("cron", cron)
        writer.member("timeZone", timeZone)
        switch action {
        case .task(let params):
            writer.member("task", raw: params.bytes)
        case .workflow(let name, let input):
            writer.name("workflow")
            writer.beginObject()
            writer.member("name", name)
            writer.member("input", raw: input.bytes)
            writer.endObject()
        }
        writer.member("overlap", overlap.rawValue)
        writer.member("catchUp", catchUp.rawValue)
        writer.member("maxCatchUp", maxCatchUp)
        writer.member("enabled", isEnabled)
        writer.member("createdAt", createdAt.description)
        writer.member("updatedAt", updatedAt.description)
        owner.writeMembers(to: &writer)
        writer.member("lastDueAt", ifPresent: lastDueAt?.description)
        if let running {
            writer.name("running")
            writer.beginObject()
            running.writeMember(to: &writer)
            writer.endObject()
        }
        writer.member("waiting", waiting.map(\.description))
        writer.member("fired", fired)
        writer.member("skipped", skipped)
    }

    init(stored value: JSONReader) throws(StateDecodingError) {
        let action: Action
        if let workflow = try value.ifPresent("workflow", { $0 }) {
            action = .workflow(
                name: try workflow.string("name"),
                input: try workflow.text("input")
            )
        } else {
            action = .task(try value.text("task"))
        }
        self.init(
            id: try value.string("id"),
            description: value.optionalString("description"),
            cron: try value.string("cron"),
            timeZone: try value.string("timeZone"),
            action: action,
            overlap: try value.choice("overlap"),
            catchUp: try value.choice("catchUp"),
            maxCatchUp: try value.integer("maxCatchUp"),
            owner: try Owner(reading: value),
            createdAt: try value.timestamp("createdAt"),
            isEnabled: try value.bool("enabled"),
            updatedAt: try value.timestamp("updatedAt"),
            handledThrough: try value.timestamp("handledThrough")
        )
        lastDueAt = try value.optionalTimestamp("lastDueAt")
        running = try value.ifPresent("running", ScheduledWork.init(reading:)) ?? nil
        for element in try value.elements("waiting") {
            guard let time = element.stringValue.flatMap(Timestamp.init) else {
                throw StateDecodingError(path: element.path, problem: "is not an RFC 3339 time")
            }
            waiting.append(time)
        }
        fired = try value.unsigned("fired")
        skipped = try value.unsigned("skipped")
    }
}

extension ScheduledWork {
    func writeMember(to writer: inout JSONWriter) {
        switch self {
        case .task(let id): writer.member("taskId", id)
        case .run(let id): writer.member("runId", id)
        }
    }

    init?(reading value: JSONReader) {
        if let id = value.optionalString("taskId") {
            self = .task(id)
        } else if let id = value.optionalString("runId") {
            self = .run(id)
        } else {
            return nil
        }
    }
}
