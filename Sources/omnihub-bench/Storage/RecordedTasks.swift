import Glibc
import Journal

/// Writes the journal of a hub that has carried out many tasks, without a hub.
///
/// Each task is created, started and completed, as the hub records it: three events of the agent
/// `content` with the payload and the result of a short text's analysis.
struct RecordedTasks {
    static let eventsPerTask = 3
    /// Events that come before those of tasks.
    static let firstEvents = 2

    private let journal: JournalWriter
    private var time: Int64
    private var records: [JournalRecord] = []
    private var sequence: UInt64 = 0
    private var taskEvents: UInt64 = 0
    private var agentEvents: UInt64 = 0
    private var random: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Writes `events` events, at least, into a new state folder at `path`.
    static func write(events: Int, to path: String) throws {
        let tasks = (events - firstEvents + eventsPerTask - 1) / eventsPerTask
        try write(tasks: tasks, to: path)
    }

    static func write(tasks: Int, to path: String) throws {
        let directory = try StateDirectory(path: path)
        var writer = RecordedTasks(try JournalWriter(directory, resuming: Recovery()))
        defer { writer.journal.close() }
        writer.begin()
        for number in 0..<tasks {
            writer.carryOut(number)
            if writer.records.count >= 3_000 { writer.flush() }
        }
        writer.flush()
        writer.journal.close()
        if let failure = writer.journal.metrics.failure { throw BenchError("\(failure)") }
    }

    private init(_ journal: JournalWriter) {
        self.journal = journal
        // All of them are younger than what a hub forgets.
        time = (Int64(Glibc.time(nil)) - 3_600) * 1_000
    }

    private mutating func begin() {
        append(
            type: "system.started",
            agent: "system",
            data: #"{"epoch":"bench","retention":{"finishedMs":86400000,"deadMs":604800000,"#
                + #""maximumCount":100000,"maximumBytes":268435456,"answersMs":86400000,"#
                + #""maximumAnswers":100000},"interruptedTasks":0}"#,
            positions: #""system":1"#
        )
        agentEvents += 1
        append(
            type: "agent.initialized",
            agent: "content",
            data: #"{"name":"Content","type":"content"}"#,
            positions: #""agents":1,"agents.content":1"#
        )
    }

    private mutating func carryOut(_ number: Int) {
        let id = identifier()
        let created = identifier()
        let started = identifier()
        let now = RFC3339.string(time)
        appendTask(
            id,
            offset: 1,
            type: "task.created",
            event: created,
            cause: nil,
            data: #"{"id":"\#(id)","agentId":"content","type":"content.analyze","#
                + #""priority":"medium","payload":{"text":"Short words are best, and old words "#
                + #"when short are best of all: text number \#(number)."},"status":"pending","#
                + #""progress":0,"attempts":0,"maxAttempts":3,"createdAt":"\#(now)","#
                + #""updatedAt":"\#(now)","createdBy":"dev","correlationId":"\#(id)","#
                + #""timeoutMs":30000}"#
        )
        appendTask(
            id,
            offset: 2,
            type: "task.started",
            event: started,
            cause: created,
            data: #"{"attempt":1,"maxAttempts":3,"timeoutMs":30000}"#
        )
        appendTask(
            id,
            offset: 3,
            type: "task.completed",
            event: identifier(),
            cause: started,
            data: #"{"result":{"words":16,"sentences":1,"syllables":18,"characters":71,"#
                + #""fleschReadingEase":95.42,"fleschKincaidGrade":3.93,"gunningFog":6.4,"#
                + #""readingTimeSeconds":4},"attempt":1,"durationMs":0}"#
        )
        // A thousand tasks a second.
        time += 1
    }

    private mutating func appendTask(
        _ task: String,
        offset: Int,
        type: String,
        event: String,
        cause: String?,
        data: String
    ) {
        taskEvents += 1
        agentEvents += 1
        append(
            id: event,
            type: type,
            agent: "content",
            data: data,
            correlation: task,
            rest: (cause.map { #","causationId":"\#($0)""# } ?? "") + #","taskId":"\#(task)""#,
            positions: #""tasks":\#(taskEvents),"tasks.\#(task)":\#(offset),"#
                + #""agents.content":\#(agentEvents)"#
        )
    }

    private mutating func append(
        id: String? = nil,
        type: String,
        agent: String,
        data: String,
        correlation: String? = nil,
        rest: String = "",
        positions: String
    ) {
        sequence += 1
        let id = id ?? identifier()
        let event =
            #"{"id":"\#(id)","seq":\#(sequence),"agentId":"\#(agent)","type":"\#(type)","#
            + #""timestamp":"\#(RFC3339.string(time))","data":\#(data),"source":"runtime","#
            + #""severity":"LOW","correlationId":"\#(correlation ?? id)"\#(rest)}"#
        let body = #"{"positions":{\#(positions)},"event":\#(event)}"#
        records.append(JournalRecord(sequence: sequence, time: time, body: Array(body.utf8)))
    }

    /// A UUIDv7 of the present moment.
    private mutating func identifier() -> String {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let bits = random ^ random >> 29
        let text = hex(UInt64(time), 12) + "7" + hex(bits >> 52, 3) + "8" + hex(bits, 15)
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        let digits = Array(text.utf8)
        return groups.map { String(decoding: digits[$0], as: UTF8.self) }.joined(separator: "-")
    }

    private func hex(_ value: UInt64, _ digits: Int) -> String {
        let text = String(value & (.max >> UInt64(64 - 4 * digits)), radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }

    private mutating func flush() {
        guard !records.isEmpty else { return }
        journal.append(records) { _ in }
        records = []
    }
}
