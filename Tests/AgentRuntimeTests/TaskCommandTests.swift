import JSONRPC
import Testing

@testable import AgentRuntime

/// A way to bring a task into a status.
enum Path: String, CaseIterable {
    case scheduled, pending, running, completed, failed, cancelled, dead, abandoned

    func lead(_ hub: inout CoreHarness) throws -> String {
        switch self {
        case .scheduled:
            return try hub.create("worker.work", ["runAt": "2027-02-01T00:00:00Z"])
        case .pending:
            _ = try hub.call(.controlAgent(id: "worker", .pause))
            return try hub.create()
        case .running:
            return try hub.create()
        case .completed:
            let id = try hub.create()
            hub.end(id)
            return id
        case .failed:
            let id = try hub.create("worker.once")
            hub.end(id, .crashed(reason: "broken"))
            return id
        case .cancelled:
            let id = try hub.create("worker.work", ["runAt": "2027-02-01T00:00:00Z"])
            _ = try hub.call(.cancelTask(id: id))
            return id
        case .dead:
            let id = try hub.create("worker.work", ["maxAttempts": 1])
            hub.end(id, .crashed(reason: "broken"))
            return id
        case .abandoned:
            let id = try hub.create()
            _ = hub.submit(.cancelTask(id: id))
            hub.advance(.seconds(5))
            return id
        }
    }

    var status: TaskStatus { TaskStatus(rawValue: rawValue) ?? .pending }
}

@Suite("Task commands")
struct TaskCommandTests {
    @Test(arguments: Path.allCases)
    func `each status is reached and told`(path: Path) throws {
        var hub = try CoreHarness()
        let id = try path.lead(&hub)

        #expect(try hub.call(.getTask(id: id))["status"]?.stringValue == path.rawValue)
        #expect(try hub.state.task(id).status == path.status)
    }

    @Test(
        arguments: [
            (Path.scheduled, "task.cancelled"), (.pending, "task.cancelled"),
            (.completed, nil), (.failed, nil), (.cancelled, nil), (.dead, nil), (.abandoned, nil),
        ] as [(Path, String?)]
    )
    func `cancel ends what waits and conflicts with what is final`(
        path: Path,
        event: String?
    ) throws {
        var hub = try CoreHarness()
        let id = try path.lead(&hub)
        let before = hub.types.count
        let ticket = hub.submit(.cancelTask(id: id))

        #expect(Array(hub.types[before...]) == (event.map { [$0] } ?? []))
        #expect(hub.error(of: ticket)?.code == (event == nil ? .conflict : nil))
        if event != nil {
            #expect(try hub.answer(to: ticket)?["status"] == "cancelled")
        }
    }

    @Test(arguments: [
        (Path.scheduled, false), (.pending, false), (.running, false), (.completed, false),
        (.failed, true), (.cancelled, true), (.dead, true), (.abandoned, true),
    ])
    func `retry puts a task back that ended without a result`(
        path: Path,
        isAllowed: Bool
    ) throws {
        var hub = try CoreHarness()
        let id = try path.lead(&hub)
        let ticket = hub.submit(.retryTask(id: id), user: "bert")
        guard isAllowed else {
            #expect(hub.error(of: ticket)?.code == .conflict)
            return
        }
        let answer = try hub.answer(to: ticket)

        #expect(answer?["status"] == "pending")
        #expect(answer?["attempts"] == 0)
        #expect(answer?["completedAt"] == nil)
        #expect(try hub.state.task(id).attempts == 1)
        hub.end(id)
        #expect(try hub.state.task(id).status == .completed)
        #expect(try hub.state.task(id).error == nil)
    }

    @Test(arguments: [
        Command.getTask(id: "x"), .cancelTask(id: "x"), .retryTask(id: "x"), .taskResult(id: "x"),
        .waitTask(id: "x", timeout: .seconds(1)), .getAgent(id: "x"),
        .controlAgent(id: "x", .start), .configureAgent(id: "x", [:]), .agentMetrics(id: "x"),
        .state(channel: "tasks.x", limit: nil, cursor: nil),
        .state(channel: "agents.x", limit: nil, cursor: nil),
        .state(channel: "system", limit: nil, cursor: nil),
        .state(channel: "", limit: nil, cursor: nil),
    ])
    func `what does not exist is not found`(command: Command) throws {
        var hub = try CoreHarness()
        let events = hub.types.count

        #expect(hub.refusal(of: command)?.code == .notFound)
        #expect(hub.types.count == events)
    }

    @Test func `a task is created, started and completed, each with its place`() throws {
        var hub = try CoreHarness()
        let first = hub.recorded.count
        let id = try hub.create()
        hub.advance(.milliseconds(1500))
        hub.end(id)
        let events = hub.recorded[first...]

        #expect(
            events.map(\.event.type) == [.taskCreated, .taskStarted, .taskCompleted]
        )
        #expect(
            events.map { $0.positions.map(\.channel) }.allSatisfy {
                $0 == ["tasks", "tasks.\(id)", "agents.worker"]
            }
        )
        #expect(events.map { $0.positions.map(\.offset)[0...1] } == [[1, 1], [2, 2], [3, 3]])
        #expect(
            events.last?.event.change
                == .taskCompleted(result: .ok, attempt: 1, durationMs: 1500)
        )
        let ids = events.map(\.event.id)
        #expect(events.map(\.event.causationID) == [nil, ids[0], ids[1]])
        #expect(Set(events.map(\.event.correlationID)) == [id])
    }

    @Test func `a result is answered once there is one`() throws {
        var hub = try CoreHarness()
        let id = try hub.create()
        let early = hub.submit(.taskResult(id: id))
        hub.end(id)

        #expect(hub.error(of: early)?.code == .conflict)
        #expect(hub.error(of: early)?.isTemporary == true)
        #expect(
            try hub.call(.taskResult(id: id))
                == ["id": .string(id), "status": "completed", "result": ["ok": true]]
        )
    }

    @Test func `a scheduled task runs when its time has come, whatever the wall clock does`() throws
    {
        var hub = try CoreHarness()
        let runAt = hub.now.wall.advanced(byMilliseconds: 60_000)
        let id = try hub.create("worker.work", ["runAt": .string(runAt.description)])
        hub.stepWallClock(byMilliseconds: -7_200_000)
        hub.advance(.seconds(59))
        #expect(hub.running.isEmpty)
        hub.advance(.seconds(1))

        #expect(hub.running.map(\.attempt.taskID) == [id])
        #expect(
            hub.types.filter { $0.hasPrefix("task.") }
                == ["task.created", "task.scheduled", "task.started"]
        )
    }

    @Test func `a runAt in the past is now`() throws {
        var hub = try CoreHarness()
        let id = try hub.create("worker.work", ["runAt": "2020-01-01T00:00:00Z"])

        #expect(hub.running.map(\.attempt.taskID) == [id])
    }

    @Test(arguments: [Path.scheduled, .pending, .running])
    func `the deadline ends a task in whatever it does`(path: Path) throws {
        var hub = try CoreHarness()
        if path == .pending { _ = try hub.call(.controlAgent(id: "worker", .pause)) }
        let deadline = hub.now.wall.advanced(byMilliseconds: 10_000)
        var extra: JSONObject = ["deadline": .string(deadline.description)]
        if path == .scheduled {
            let runAt = hub.now.wall.advanced(byMilliseconds: 9_000)
            extra["runAt"] = .string(runAt.description)
        }
        let id = try hub.create("worker.work", extra)
        hub.advance(.milliseconds(8_999))
        #expect(try hub.state.task(id).status == path.status)
        hub.advance(.milliseconds(1_001))
        hub.end(id)

        #expect(try hub.state.task(id).status == .failed)
        #expect(try hub.state.task(id).error?.code == "DEADLINE_EXCEEDED")
        #expect(hub.core.queues["worker"]?.isEmpty ?? true)
    }

    @Test func `a deadline that has passed is refused`() throws {
        var hub = try CoreHarness()
        let ticket = hub.submit(
            .createTask(params: [
                "type": "worker.work", "payload": ["n": 1], "deadline": "2020-01-01T00:00:00Z",
            ])
        )

        #expect(hub.error(of: ticket)?.details.map(\.path) == ["/deadline"])
    }

    @Test func `a full queue is busy at submit, and takes tasks again when it has room`() throws {
        var configuration = RuntimeConfiguration()
        configuration.maximumWaitingTasks = 2
        var hub = try CoreHarness(configuration: configuration, startsAgents: false)
        let first = try hub.create()
        _ = try hub.create()
        let params: JSONValue = ["type": "worker.work", "payload": ["n": 1]]
        let refused = hub.submit(.createTask(params: params))
        _ = try hub.call(.cancelTask(id: first))
        let retried = hub.submit(.createTask(params: params))

        #expect(hub.error(of: refused)?.code == .busy)
        #expect(hub.error(of: refused)?.isTemporary == true)
        #expect(hub.error(of: retried) == nil)
        #expect(hub.refusal(of: .retryTask(id: first))?.code == .busy)
    }
}
