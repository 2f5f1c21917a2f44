import JSONRPC
import Testing

@testable import CommandLineClient

@Suite("Views")
struct ViewTests {
    static let agent: JSONValue = [
        "id": "content", "name": "Content Creator", "status": "active",
        "config": ["concurrency": 4],
        "metrics": [
            "tasksCompleted": 3, "tasksFailed": 0, "averageMs": 1.25, "queueDepth": 0, "running": 1,
        ],
        "taskTypes": [
            [
                "name": "content.analyze", "summary": "Counts.", "definition": "RFC 1",
                "example": ["text": "it's"],
                "payloadSchema": [
                    "required": ["text"],
                    "properties": ["text": ["type": "string"], "limit": ["type": "integer"]],
                ],
            ]
        ],
    ]

    static let task: JSONValue = [
        "id": "t1", "agentId": "content", "type": "a.b", "priority": "medium", "payload": ["x": 1],
        "status": "dead", "progress": 40, "attempts": 3, "maxAttempts": 3,
        "createdAt": "2026-11-23T10:00:00.000Z", "startedAt": "2026-11-23T10:00:01.000Z",
        "completedAt": "2026-11-23T10:00:03.500Z", "error": ["code": "TIMEOUT", "message": "slow"],
    ]

    static let now = Timestamp("2026-11-23T10:01:05.000Z") ?? Timestamp(millisecondsSince1970: 0)

    @Test func `lists agents`() {
        #expect(
            AgentView.table([Self.agent, [:]]).lines(.plain) == [
                "ID       NAME             STATUS  QUEUE  RUNNING  COMPLETED  FAILED  AVERAGE",
                "content  Content Creator  active      0        1          3       0   1.3 ms",
                "                                      -        -          -       -        -",
            ]
        )
    }

    @Test func `shows an agent with commands that work as they stand`() {
        #expect(
            AgentView.details(Self.agent, .plain) == [
                "content  Content Creator  active",
                "0 queued, 1 running, 3 completed, 0 failed, 1.3 ms on average",
                #"configuration: {"concurrency":4}"#,
                "",
                "content.analyze",
                "  Counts.",
                "  definition: RFC 1",
                "  text: string, limit?: integer",
                #"  omnihub task content.analyze '{"text":"it'\''s"}' --wait"#,
            ]
        )
    }

    @Test func `lists tasks`() {
        #expect(
            TaskView.table([Self.task], now: Self.now).lines(.plain) == [
                "ID  TYPE  STATUS  PROGRESS  ATTEMPTS     AGE  DURATION",
                "t1  a.b   dead        40 %       3/3  1m 05s     2.5 s",
            ]
        )
    }

    @Test func `shows a task`() {
        let lines = TaskView.details(Self.task, now: Self.now, .plain)
        #expect(lines.contains("status    dead"))
        #expect(lines.contains("created   2026-11-23T10:00:00.000Z (1m 05s ago)"))
        #expect(lines.contains("error     TIMEOUT: slow"))
        #expect(lines.suffix(2) == ["payload", "{\n  \"x\": 1\n}"])
    }
}
