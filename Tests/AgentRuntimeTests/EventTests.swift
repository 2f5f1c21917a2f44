import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Event")
struct EventTests {
    static let moment = Timestamp(millisecondsSince1970: 1_800_000_000_123)
    static let error = TaskError(code: "TIMEOUT", message: "too \"slow\"\n", isRetryable: true)

    static let definition = TaskDefinition(
        id: "task-1",
        agentID: "worker",
        type: "worker.work",
        priority: .high,
        payload: JSONText(Array(#"{"n":1,"é":"\u0000"}"#.utf8)),
        maxAttempts: 3,
        timeoutMs: 30_000,
        deadline: moment.advanced(byMilliseconds: 5),
        createdAt: moment,
        createdBy: "anna",
        correlationID: "correlation",
        sequence: 7,
        dependencies: ["task-0", "018f0000-0000-7000-8000-000000000001"],
        dedupeKey: "once"
    )

    static let changes: [Change] = [
        .taskScheduled(runAt: moment),
        .taskUnblocked,
        .taskStarted(attempt: 2, maxAttempts: 3, timeoutMs: 30_000),
        .taskProgress(percent: 40, message: "half \u{1F600}", attempt: 1),
        .taskProgress(percent: 40, message: nil, attempt: 1),
        .taskOutput(.ok, attempt: 1, isTruncated: false),
        .taskOutput(JSONText(Array("null".utf8)), attempt: 1, isTruncated: true),
        .taskCompleted(result: .ok, attempt: 1, durationMs: 12),
        .taskFailed(error, attempt: 0),
        .taskRetrying(error, attempt: 1, delayMs: 700, runAt: moment, requestedBy: nil),
        .taskRetrying(nil, attempt: 0, delayMs: 0, runAt: moment, requestedBy: "anna"),
        .taskCancelled(attempt: 0, requestedBy: "anna"),
        .taskAbandoned(attempt: 1, requestedBy: "anna"),
        .taskDead(error, attempt: 3),
        .agentInitialized(name: "Worker", type: "worker"),
        .agentStarted, .agentStopped, .agentPaused, .agentResumed, .agentUnchanged,
        .agentFailed(error),
        .agentMetrics(.ok),
        .agentConfigured(["concurrency": 2, "nested": ["a": [1, 2.5, nil]]]),
        .systemStarted(epoch: "e", retention: Retention(), interruptedTasks: 3),
        .systemDraining,
        .systemSnapshot(sequence: .max, durationMs: 5),
        .channelPublished(
            ClientPublication(
                channel: "app.a.b",
                birth: "b",
                data: .ok,
                publisher: .ok,
                key: JSONText(Array(#""k""#.utf8)),
                keptFrom: .max
            )
        ),
        .channelTrimmed(channel: "app.a", keptFrom: 7),
        .channelForgotten(channel: "app.a"),
    ]

    private func event(_ change: Change) -> Event {
        Event(
            id: "event-1",
            sequence: 7,
            agentID: "worker",
            timestamp: Self.moment,
            source: "runtime",
            severity: change.severity,
            correlationID: "correlation",
            causationID: "event-0",
            taskID: "task-1",
            change: change
        )
    }

    @Test(arguments: changes)
    func `a change survives being written and read`(change: Change) throws {
        let event = event(change)
        let bytes = event.encoded()

        #expect(try Event(reading: JSONReader(parsing: bytes)) == event)
    }

    @Test func `a created task survives, its numbers by the letter`() throws {
        let definition = TaskDefinition(
            id: "task-1",
            agentID: "worker",
            type: "worker.work",
            priority: .critical,
            payload: JSONText(Array(#"{"n":12345678901234567890123,"f":1.50}"#.utf8)),
            maxAttempts: 1,
            timeoutMs: 5,
            deadline: Self.moment,
            createdAt: Self.moment,
            createdBy: "anna",
            correlationID: "c",
            sequence: 7
        )
        let record = TaskRecord(
            definition: definition,
            status: .scheduled,
            updatedAt: Self.moment,
            lastEventID: "event-1",
            runAt: Self.moment
        )
        let event = event(.taskCreated(record))

        #expect(try Event(reading: JSONReader(parsing: event.encoded())) == event)
    }

    @Test func `an event has the members of protocol md`() throws {
        let change = Change.taskCompleted(result: .ok, attempt: 1, durationMs: 12)
        let value = try JSONValue(parsing: event(change).encoded())

        #expect(
            value == [
                "id": "event-1", "seq": 7, "agentId": "worker", "type": "task.completed",
                "timestamp": "2027-01-15T08:00:00.123Z",
                "data": ["result": ["ok": true], "attempt": 1, "durationMs": 12],
                "source": "runtime", "severity": "LOW", "correlationId": "correlation",
                "causationId": "event-0", "taskId": "task-1",
            ]
        )
    }

    @Test(arguments: [
        #"{}"#, #"[]"#, #"{"id":"x","seq":-1}"#, #"nonsense"#,
        #"{"id":"x","seq":1,"agentId":"a","type":"task.unheard","timestamp":"2027-01-15T08:00:00Z","data":{},"source":"","severity":"LOW","correlationId":""}"#,
        #"{"id":"x","seq":1,"agentId":"a","type":"task.started","timestamp":"2027-01-15T08:00:00Z","data":{},"source":"","severity":"LOW","correlationId":""}"#,
        #"{"id":"x","seq":1,"agentId":"a","type":"system.draining","timestamp":"yesterday","data":{},"source":"","severity":"LOW","correlationId":""}"#,
    ])
    func `what is not an event of ours is refused with its place`(text: String) {
        #expect(throws: StateDecodingError.self) {
            try Event(reading: JSONReader(parsing: Array(text.utf8)))
        }
    }

    @Test func `severities are ordered`() {
        #expect(Severity.allCases == Severity.allCases.sorted())
    }
}
