import JSONRPC
import Testing

@testable import CommandLineClient

@Suite("Event line")
struct EventLineTests {
    static let task = "01a207f1-1405-789d-819b-5fae3617d05f"

    static func event(_ type: String, _ data: JSONValue, channel: String = "tasks") -> JSONValue {
        [
            "channel": .string(channel), "offset": 12,
            "event": [
                "type": .string(type), "agentId": "content", "taskId": .string(task),
                "timestamp": "2026-11-23T10:26:09.541Z", "data": data,
            ],
        ]
    }

    @Test(
        arguments: [
            ("task.created", ["type": "content.analyze", "priority": "medium"], "content.analyze"),
            ("task.created", ["type": "a.b", "priority": "high"], "a.b high"),
            (
                "task.scheduled", ["runAt": "2026-11-23T11:00:00.000Z"],
                "at 2026-11-23T11:00:00.000Z"
            ),
            ("task.started", ["attempt": 2, "maxAttempts": 3], "attempt 2 of 3"),
            ("task.progress", ["progress": 45, "message": "halfway"], "████▌░░░░░  45 % halfway"),
            ("task.output", ["output": ["line": 1]], #"{"line":1}"#),
            ("task.completed", ["durationMs": 12, "result": ["n": 1]], #"in 12 ms {"n":1}"#),
            (
                "task.failed", ["error": ["code": "TIMEOUT", "message": "too slow"]],
                "TIMEOUT: too slow"
            ),
            (
                "task.retrying",
                ["delayMs": 2000, "error": ["code": "X", "message": "y"]],
                "in 2.0 s X: y"
            ),
            ("task.cancelled", ["requestedBy": "dev"], "by dev"),
            ("task.unheardOf", ["x": 1], #"{"x":1}"#),
        ] as [(String, JSONValue, String)]
    )
    func `shows the essentials`(type: String, data: JSONValue, essentials: String) {
        let padding = String(repeating: " ", count: max(0, 15 - type.count))
        #expect(
            EventLine(style: .plain).text(Self.event(type, data))
                == "10:26:09.541Z tasks#12     \(type)\(padding) …3617d05f content  \(essentials)"
        )
    }

    @Test func `has nothing behind the subject when there is nothing to tell`() {
        #expect(
            EventLine(style: .plain).text(Self.event("task.started", ["attempt": 1]))
                == "10:26:09.541Z tasks#12     task.started    …3617d05f content"
        )
    }

    @Test func `shortens ids in channel names`() {
        let event = Self.event("task.started", [:], channel: "tasks.\(Self.task)")
        #expect(EventLine(style: .plain).text(event).contains(" tasks.…3617d05f#12 "))
    }

    @Test func `shows what clients publish`() {
        let publication: JSONValue = [
            "channel": "app.x", "offset": 3, "data": ["n": 1], "publisher": "dev",
        ]
        #expect(
            EventLine(style: .plain).text(publication)
                == #"              app.x#3                      dev                {"n":1}"#
        )
    }

    @Test(
        arguments: [
            (
                [
                    "id": .string(task), "type": "a.b", "payload": [:], "status": "running",
                    "progress": 50, "updatedAt": "2026-11-23T10:26:09.541Z",
                ],
                "10:26:09.541Z tasks#7      (state)         …3617d05f          running a.b █████░░░░░  50 %"
            ),
            (
                ["id": "content", "name": "Content Creator", "status": "active"],
                "              tasks#7      (state)         content            active Content Creator"
            ),
        ] as [(JSONValue, String)]
    )
    func `shows objects of the state`(object: JSONValue, line: String) {
        #expect(EventLine(style: .plain).text(state: object, channel: "tasks", offset: 7) == line)
    }

    @Test(arguments: 1...120)
    func `never is wider than the terminal`(columns: Int) {
        let style = TextStyle(usesColours: false, columns: columns)
        let data: JSONValue = ["progress": 45, "message": "漢字漢字漢字 and more and more and more"]
        let line = EventLine(style: style).text(Self.event("task.progress", data))
        #expect(PrintableText.width(line) <= columns)
    }

    @Test func `does not let a hub control the terminal`() {
        let data: JSONValue = ["type": "\u{1B}[2J\u{202E}x\r\n", "priority": "medium"]
        let line = EventLine(style: .plain).text(Self.event("task.created", data))
        #expect(line.hasSuffix(#" \u001b[2J\u202ex\u000d\u000a"#))
    }

    @Test(arguments: [JSONValue.null, [:], ["event": 5], ["offset": "x", "event": ["data": []]]])
    func `shows something of whatever comes`(params: JSONValue) {
        #expect(!EventLine(style: .plain).text(params).isEmpty)
    }
}
