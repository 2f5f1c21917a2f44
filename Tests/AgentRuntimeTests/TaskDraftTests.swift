import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("TaskDraft")
struct TaskDraftTests {
    private func draft(_ params: JSONValue) throws -> TaskDraft {
        var configuration = RuntimeConfiguration()
        configuration.maximumPayloadBytes = 100
        return try TaskDraft(
            params: params,
            catalogue: TaskCatalogue([.test("worker"), .test("other")]),
            configuration: configuration
        )
    }

    @Test func `type and payload are enough`() throws {
        let draft = try draft(["type": "worker.work", "payload": ["n": 1]])

        #expect(
            draft
                == TaskDraft(
                    agentID: "worker",
                    type: "worker.work",
                    payload: JSONText(Array(#"{"n":1}"#.utf8)),
                    priority: .medium,
                    maxAttempts: 3,
                    timeoutMs: 30_000,
                    runAt: nil,
                    deadline: nil,
                    correlationID: nil
                )
        )
    }

    @Test func `everything that can be asked for is taken`() throws {
        let draft = try draft(
            [
                "type": "worker.work", "payload": ["n": 1], "agentId": "worker",
                "priority": "critical", "maxAttempts": 7, "timeoutMs": 50,
                "runAt": "2027-01-15T08:00:00Z", "deadline": "2027-01-15T10:00:00+01:00",
                "correlationId": "c", "unknown": 1,
            ]
        )

        #expect(draft.priority == .critical)
        #expect(draft.maxAttempts == 7)
        #expect(draft.timeoutMs == 50)
        #expect(draft.runAt == Timestamp("2027-01-15T08:00:00Z"))
        #expect(draft.deadline == Timestamp("2027-01-15T09:00:00Z"))
        #expect(draft.correlationID == "c")
    }

    private static let valid: JSONValue = ["type": "worker.work", "payload": ["n": 1]]

    @Test(
        arguments: [
            ("type", nil, "/type"), ("type", 1, "/type"), ("type", "nobody.knows", "/type"),
            ("payload", nil, "/payload"), ("payload", [], "/payload"),
            ("payload", ["n": -1], "/payload/n"), ("payload", ["n": "1"], "/payload/n"),
            ("payload", ["n": 13], "/payload/n"),
            ("priority", "urgent", "/priority"), ("priority", 1, "/priority"),
            ("agentId", "other", "/agentId"), ("agentId", "nobody", "/agentId"),
            ("maxAttempts", 0, "/maxAttempts"), ("maxAttempts", 101, "/maxAttempts"),
            ("maxAttempts", 1.5, "/maxAttempts"),
            ("timeoutMs", 0, "/timeoutMs"), ("timeoutMs", 3_600_001, "/timeoutMs"),
            ("runAt", "tomorrow", "/runAt"), ("deadline", 5, "/deadline"),
            ("correlationId", "", "/correlationId"), ("correlationId", [], "/correlationId"),
            ("dependsOn", "x", "/dependsOn"), ("dependsOn", [1], "/dependsOn/0"),
            ("dependsOn", ["x", "x"], "/dependsOn/1"),
            ("dependsOn", .array((0...100).map { .string("\($0)") }), "/dependsOn"),
            ("dedupeKey", "", "/dedupeKey"), ("dedupeKey", 1, "/dedupeKey"),
            ("idempotencyKey", 7, "/idempotencyKey"), ("idempotencyKey", .null, "/idempotencyKey"),
        ] as [(String, JSONValue?, String)]
    )
    func `a bad param is named by its path`(name: String, value: JSONValue?, path: String) {
        var object = Self.valid.objectValue ?? [:]
        object[name] = value
        let paths: [String]?
        do {
            _ = try draft(.object(object))
            paths = nil
        } catch {
            paths = (error as? RPCError)?.details.map(\.path)
        }

        #expect(paths == [path])
    }

    @Test func `all problems are told at once`() throws {
        let error = try #require(throws: RPCError.self) {
            try draft([
                "type": "worker.work", "payload": ["n": -1], "priority": "x", "maxAttempts": 0,
            ])
        }

        #expect(error.code == .validationError)
        #expect(error.details.map(\.path) == ["/priority", "/maxAttempts", "/payload/n"])
    }

    @Test(arguments: [JSONValue.null, [], "x", 1])
    func `params that are no object are refused`(params: JSONValue) {
        #expect(throws: RPCError.self) { try draft(params) }
    }

    @Test(arguments: [(95 - 12, true), (96 - 12 + 5, false)])
    func `the payload's size is bounded`(padding: Int, isAccepted: Bool) throws {
        let text = String(repeating: "x", count: padding)
        let params: JSONValue = [
            "type": "worker.work", "payload": ["n": 1, "pad": .string(text)],
        ]
        let code: ErrorCode?
        do {
            _ = try draft(params)
            code = nil
        } catch {
            code = (error as? RPCError)?.code
        }

        #expect(code == (isAccepted ? nil : .requestTooLarge))
    }

    @Test func `a deadline before runAt is refused`() {
        #expect(throws: RPCError.self) {
            try draft([
                "type": "worker.work", "payload": ["n": 1],
                "runAt": "2027-01-15T08:00:00Z", "deadline": "2027-01-15T07:00:00Z",
            ])
        }
    }
}
