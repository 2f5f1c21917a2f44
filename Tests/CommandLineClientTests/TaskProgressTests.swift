import JSONRPC
import Testing

@testable import CommandLineClient

@Suite("Task progress")
struct TaskProgressTests {
    static let start = ContinuousClock.now

    static func params(_ type: String, _ data: JSONValue) -> JSONValue {
        ["channel": "tasks.t", "offset": 1, "event": ["type": .string(type), "data": data]]
    }

    @Test func `shows the newest progress and message`() {
        var progress = TaskProgress(["type": "a.b", "status": "pending"], now: Self.start)
        progress.take(Self.params("task.progress", ["progress": 50, "message": "half\u{7}"]))
        let bar = String(repeating: "█", count: 12) + String(repeating: "░", count: 12)
        #expect(
            progress.line(at: Self.start + .milliseconds(3456), .plain)
                == #"a.b  \#(bar)  50 %  half\u0007  3.4 s"#
        )
    }

    @Test(arguments: 20...100)
    func `fits into the terminal`(columns: Int) {
        var progress = TaskProgress(["type": "content.analyze"], now: Self.start)
        let message = String(repeating: "long ", count: 40)
        progress.take(Self.params("task.progress", ["progress": 50, "message": .string(message)]))
        let style = TextStyle(usesColours: false, columns: columns)
        #expect(PrintableText.width(progress.line(at: Self.start, style)) < columns)
    }

    @Test(
        arguments: [
            ("task.completed", true), ("task.failed", true), ("task.cancelled", true),
            ("task.dead", true), ("task.abandoned", true), ("task.started", false),
            ("task.retrying", false), ("task.output", false),
        ]
    )
    func `asks again when an event tells of an end`(type: String, mayBeFinal: Bool) {
        var progress = TaskProgress(["status": "running"], now: Self.start)
        progress.take(Self.params(type, [:]))
        #expect(progress.mayBeFinal == mayBeFinal)
        #expect(!progress.isFinal)
        progress.task = ["status": "running"]
        #expect(!progress.mayBeFinal)
    }

    @Test(
        arguments: [
            ("completed", true), ("failed", true), ("cancelled", true), ("dead", true),
            ("abandoned", true), ("pending", false), ("running", false), ("scheduled", false),
            ("blocked", false),
        ]
    )
    func `knows final states`(status: String, isFinal: Bool) {
        #expect(TaskProgress(["status": .string(status)]).isFinal == isFinal)
    }
}
