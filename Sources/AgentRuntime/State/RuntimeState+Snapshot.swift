import HubCore
import Identity
import JSONRPC
import Journal

/// The state as the files of a snapshot:
///
/// - `state.json`: `{epoch, sequence, offsets, retention, audit}`
/// - `agents.json`, `tasks.json`, `answers.json`, `users.json`, `sessions.json`, `keys.json`,
///   `schedules.json`, `workflows.json`, `runs.json`, `integrations.json`, `analytics.json`,
///   `reports.json`: arrays, an element a line
/// - `channels.json`: an array; behind the element of a channel of clients come those of its
///   publications
extension RuntimeState {
    private enum File {
        static let state = "state.json"
        static let agents = "agents.json"
        static let tasks = "tasks.json"
        static let answers = "answers.json"
        static let users = "users.json"
        static let sessions = "sessions.json"
        static let keys = "keys.json"
        static let schedules = "schedules.json"
        static let workflows = "workflows.json"
        static let runs = "runs.json"
        static let channels = "channels.json"
        static let integrations = "integrations.json"
        static let analytics = "analytics.json"
        static let reports = "reports.json"
    }

    func write(to snapshot: inout SnapshotWriter) throws(StorageError) {
        try snapshot.writeValue(encodedHead(), named: File.state)
        let agents = agents.values.sorted { $0.id < $1.id }
        try snapshot.writeArray(agents.lazy.map { $0.stored() }, named: File.agents)
        let tasks = (0..<order.entries.count).lazy.compactMap {
            self.tasks[order.entries[$0].task]
        }
        try snapshot.writeArray(tasks.map { $0.stored() }, named: File.tasks)
        let answers = answers.inOrder().lazy
        try snapshot.writeArray(
            answers.map { AnswerTable.stored($0.entry, for: $0.key) },
            named: File.answers
        )
        let users = identity.users.values.sorted { $0.id < $1.id }
        try snapshot.writeArray(users.lazy.map { $0.stored() }, named: File.users)
        let sessions = identity.sessions.values.sorted { $0.id < $1.id }
        try snapshot.writeArray(sessions.lazy.map { $0.stored() }, named: File.sessions)
        let keys = identity.keys.values.sorted { $0.id < $1.id }
        try snapshot.writeArray(keys.lazy.map { $0.stored() }, named: File.keys)
        let schedules = schedules.inOrder
        try snapshot.writeArray(schedules.lazy.map { $0.stored() }, named: File.schedules)
        let versions = workflows.inOrder
        try snapshot.writeArray(
            versions.lazy.map { $0.stored(isNamed: self.workflows.isNamed($0)) },
            named: File.workflows
        )
        let runs = runs.records.values.sorted { $0.sequence < $1.sequence }
        try snapshot.writeArray(runs.lazy.map { $0.stored() }, named: File.runs)
        try snapshot.writeArray(clientChannels.stored(), named: File.channels)
        try snapshot.writeArray(
            integrations.all.lazy.map { $0.stored() },
            named: File.integrations
        )
        try snapshot.writeArray(activity.stored(), named: File.analytics)
        try snapshot.writeArray(reports.reports.lazy.map { $0.encoded() }, named: File.reports)
    }

    init(_ snapshot: Snapshot) throws {
        self.init()
        guard let bytes = try snapshot.value(named: File.state) else {
            throw StateDecodingError(path: File.state, problem: "is missing")
        }
        try decodeHead(bytes)
        var document = JSONDocument()
        var agents: [AgentRecord] = []
        try snapshot.forEachElement(ofArrayNamed: File.agents) { json in
            agents.append(try AgentRecord(stored: document.read(json)))
        }
        var tasks: [TaskRecord] = []
        tasks.reserveCapacity(snapshot.count(ofArrayNamed: File.tasks) ?? 0)
        try snapshot.forEachElement(ofArrayNamed: File.tasks) { json in
            tasks.append(try TaskRecord(stored: document.read(json)))
        }
        adopt(tasks: tasks, agents: agents)
        try snapshot.forEachElement(ofArrayNamed: File.answers) { json in
            try answers.adopt(stored: document.read(json))
        }
        try snapshot.forEachElement(ofArrayNamed: File.users) { json in
            identity.put(try UserRecord(stored: document.read(json)))
        }
        try snapshot.forEachElement(ofArrayNamed: File.sessions) { json in
            identity.put(try LoginSession(stored: document.read(json)))
        }
        try snapshot.forEachElement(ofArrayNamed: File.keys) { json in
            identity.put(try APIKeyRecord(stored: document.read(json)))
        }
        try snapshot.forEachElement(ofArrayNamed: File.schedules) { json in
            let record = try ScheduleRecord(stored: document.read(json))
            schedules[record.id] = record
        }
        try snapshot.forEachElement(ofArrayNamed: File.workflows) { json in
            let stored = try document.read(json)
            workflows.adopt(
                try WorkflowVersion(reading: stored.member("workflow")),
                isNamed: try stored.bool("named")
            )
        }
        var runs: [RunRecord] = []
        try snapshot.forEachElement(ofArrayNamed: File.runs) { json in
            let stored = try document.read(json)
            runs.append(
                try RunRecord(stored: stored) { workflows.versions[$0]?.definition }
            )
        }
        adopt(runs: runs)
        // A snapshot from before there were journaled channels has none.
        var channel = ""
        try snapshot.forEachElement(ofArrayNamed: File.channels) { json in
            try clientChannels.adopt(stored: document.read(json), channel: &channel)
        }
        try snapshot.forEachElement(ofArrayNamed: File.integrations) { json in
            integrations.adopt(try IntegrationRecord(stored: document.read(json)))
        }
        // Snapshots from before there were figures and reports have neither.
        try snapshot.forEachElement(ofArrayNamed: File.analytics) { json in
            try activity.adopt(stored: document.read(json))
        }
        try snapshot.forEachElement(ofArrayNamed: File.reports) { json in
            reports.adopt(try ReportRecord(reading: document.read(json)))
        }
    }

    func encodedHead() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("epoch", epoch)
        writer.member("sequence", sequence)
        writer.name("offsets")
        writer.beginObject()
        writer.member("tasks", offsets.tasks)
        writer.member("agents", offsets.agents)
        writer.member("system", offsets.system)
        writer.member("schedules", offsets.schedules)
        writer.member("workflows", offsets.workflows)
        writer.endObject()
        writer.name("retention")
        retention.write(to: &writer)
        writer.name("audit")
        audit.write(to: &writer)
        writer.endObject()
        return writer.takeBytes()
    }

    mutating func decodeHead(_ bytes: [UInt8]) throws(StateDecodingError) {
        let head = try JSONReader(parsing: bytes)
        epoch = try head.string("epoch")
        sequence = try head.unsigned("sequence")
        let places = try head.member("offsets")
        offsets.tasks = try places.unsigned("tasks")
        offsets.agents = try places.unsigned("agents")
        offsets.system = try places.unsigned("system")
        // A snapshot from before there were schedules and workflows has none.
        offsets.workflows = places.has("workflows") ? try places.unsigned("workflows") : 0
        offsets.schedules = places.has("schedules") ? try places.unsigned("schedules") : 0
        retention = try Retention(reading: head.member("retention"))
        // A snapshot from before there was a chain has none.
        audit = try head.ifPresent("audit", AuditChain.init(reading:)) ?? AuditChain()
    }
}

extension TaskRecord {
    /// The Task object in `task`, and beside it what clients do not see.
    func stored() -> [UInt8] {
        var writer = JSONWriter(capacity: definition.payload.bytes.count + 768)
        writer.beginObject()
        writer.member("sequence", definition.sequence)
        writer.member("offset", offset)
        writer.member("lastEventId", lastEventID)
        if let finalSequence { writer.member("finalSequence", finalSequence) }
        if missingDependencies > 0 {
            writer.member("missingDependencies", missingDependencies)
        }
        writer.name("task")
        write(to: &writer)
        writer.endObject()
        return writer.takeBytes()
    }

    init(stored value: JSONReader) throws(StateDecodingError) {
        try self.init(
            value.member("task"),
            sequence: value.unsigned("sequence"),
            eventID: value.string("lastEventId")
        )
        offset = try value.unsigned("offset")
        if value.has("missingDependencies") {
            missingDependencies = try value.integer("missingDependencies")
        }
        if value.has("finalSequence") { finalSequence = try value.unsigned("finalSequence") }
    }
}

extension AgentRecord {
    func stored() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", id)
        writer.member("status", status.rawValue)
        writer.member("desiredStatus", desiredStatus.rawValue)
        writer.member("config", configuration)
        writer.member("tasksCompleted", tasksCompleted)
        writer.member("tasksFailed", tasksFailed)
        writer.member("totalDurationMs", Int(totalDurationMs))
        writer.member("waiting", waiting)
        writer.member("running", running)
        writer.member("offset", offset)
        if let definition { writer.member("definition", raw: definition.bytes) }
        writer.member("lastStartedAt", ifPresent: lastStartedAt?.description)
        if !types.isEmpty {
            writer.name("types")
            writer.beginArray()
            for type in types.keys.sorted() { types[type]?.write(stored: type, to: &writer) }
            writer.endArray()
        }
        writer.endObject()
        return writer.takeBytes()
    }

    init(stored value: JSONReader) throws(StateDecodingError) {
        self.init(id: try value.string("id"))
        lastStartedAt = try value.optionalTimestamp("lastStartedAt")
        // An older snapshot has none.
        for figures in value.has("types") ? try value.elements("types") : [] {
            types[try figures.string("type")] = try TypeFigures(stored: figures)
        }
        status = try value.choice("status")
        desiredStatus = try value.choice("desiredStatus")
        configuration = try value.object("config")
        tasksCompleted = try value.unsigned("tasksCompleted")
        tasksFailed = try value.unsigned("tasksFailed")
        totalDurationMs = try value.int64("totalDurationMs")
        waiting = try value.integer("waiting")
        running = try value.integer("running")
        offset = try value.unsigned("offset")
        definition = value.optionalText("definition")
    }
}

extension AnswerTable {
    static func stored(_ entry: Entry, for key: IdempotencyKey) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        key.writeMembers(to: &writer)
        writer.member("time", entry.time.description)
        writer.member("sequence", entry.sequence)
        switch entry.answer {
        case .task(let record): writer.member("task", raw: record.stored())
        case .agent(let record): writer.member("agent", raw: record.stored())
        case .user(let record): writer.member("account", raw: record.stored())
        case .schedule(let record): writer.member("schedule", raw: record.stored())
        case .object(let text): writer.member("object", raw: text.bytes)
        case .position(let position): writer.member("published", raw: position.encoded())
        case .report(let record): writer.member("report", raw: record.encoded())
        case .nothing: break
        }
        writer.endObject()
        return writer.takeBytes()
    }

    mutating func adopt(stored value: JSONReader) throws(StateDecodingError) {
        let answer: RememberedAnswer
        if let record = try value.ifPresent("task", TaskRecord.init(stored:)) {
            answer = .task(record)
        } else if let record = try value.ifPresent("agent", AgentRecord.init(stored:)) {
            answer = .agent(record)
        } else if let record = try value.ifPresent("account", UserRecord.init(stored:)) {
            answer = .user(record)
        } else if let record = try value.ifPresent("schedule", ScheduleRecord.init(stored:)) {
            answer = .schedule(record)
        } else if let text = value.optionalText("object") {
            answer = .object(text)
        } else if value.has("published") {
            let position = try value.member("published")
            answer = .position(
                StreamPosition(
                    epoch: try position.string("epoch"),
                    offset: try position.unsigned("offset")
                )
            )
        } else if let record = try value.ifPresent("report", ReportRecord.init(reading:)) {
            answer = .report(record)
        } else {
            answer = .nothing
        }
        remember(
            Entry(
                answer: answer,
                time: try value.timestamp("time"),
                sequence: try value.unsigned("sequence")
            ),
            for: try IdempotencyKey(reading: value)
        )
    }
}
