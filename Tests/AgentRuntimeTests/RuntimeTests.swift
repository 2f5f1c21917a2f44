import HubCore
import JSONRPC
import Journal
import Synchronization
import Testing

@testable import AgentRuntime

@Suite("Runtime", .timeLimit(.minutes(1)))
struct RuntimeTests {
    @Test func `a task is created, run and completed`() async throws {
        let hub = try RuntimeHarness(
            agent: TestAgent { task, context in
                context.reportProgress(50, message: "half")
                context.emit(["n": task.payload["n"] ?? nil])
                return ["double": .integer((task.payload["n"]?.intValue ?? 0) * 2)]
            }
        )
        let id = try await hub.create(21)
        let task = try await hub.call(.waitTask(id: id, timeout: .seconds(30)))

        #expect(task["status"] == "completed")
        #expect(task["result"] == ["double": 42])
        let types = hub.recorder.events.filter { $0.event.taskID == id }.map(\.event.type)
        #expect(
            types == [
                .taskCreated, .auditAllowed, .taskStarted, .taskProgress, .taskOutput,
                .taskCompleted,
            ]
        )
        await hub.stop()
        #expect(hub.log.isClosed)
        #expect(hub.snapshots.last?.tasks.count == 1)
        #expect(hub.snapshots.last?.sequence == UInt64(hub.log.records.count))
    }

    @Test func `nothing is answered, published or begun before it is durable`() async throws {
        let begun = Atomic<Int>(0)
        let hub = try RuntimeHarness(
            agent: TestAgent { _, _ in
                begun.add(1, ordering: .relaxed)
                return [:]
            }
        )
        await hub.recorder.wait(for: .agentStarted)
        hub.log.hold()
        let answered = Atomic<Int>(0)
        let caller = Caller(userID: "anna", sessionID: "session")
        let params: JSONValue = ["type": "worker.work", "payload": ["n": 1]]
        hub.runtime.submit(.createTask(params: params), caller: caller) { _ in
            answered.add(1, ordering: .relaxed)
        }
        // A read behind it waits as well: it would tell of the task.
        hub.runtime.submit(.listTasks(TaskQuery()), caller: caller) { _ in
            answered.add(1, ordering: .relaxed)
        }
        // The figures alone are not about durable things; by then both commands were decided.
        let figures = await hub.metrics()
        #expect(figures.tasks.first { $0.status == .running }?.count == 1)
        #expect(answered.load(ordering: .relaxed) == 0)
        #expect(begun.load(ordering: .relaxed) == 0)
        #expect(!hub.recorder.events.contains { $0.event.taskID != nil })
        hub.log.letGo()
        await hub.recorder.wait(for: .taskCompleted)

        #expect(answered.load(ordering: .relaxed) == 2)
        await hub.stop()
    }

    @Test func `answers come in the order of the commands`() async throws {
        let hub = try RuntimeHarness()
        let caller = Caller(userID: "anna", sessionID: "session")
        let order = Mutex<[Int]>([])
        for number in 0..<500 {
            let params: JSONValue = [
                "type": "worker.work", "payload": ["n": number % 7 == 0 ? -1 : 1],
            ]
            let command = number % 3 == 0 ? Command.listAgents : .createTask(params: params)
            hub.runtime.submit(command, caller: caller) { _ in
                order.withLock { $0.append(number) }
            }
        }
        _ = try await hub.call(.statistics)

        #expect(order.withLock { $0 } == Array(0..<500))
        await hub.stop()
    }

    @Test func `a thousand tasks all complete once`() async throws {
        let hub = try RuntimeHarness()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<1000 { group.addTask { _ = try await hub.create(number + 20) } }
            try await group.waitForAll()
        }
        await hub.recorder.wait(for: .taskCompleted, count: 1000)
        let events = hub.recorder.events

        #expect(
            Set(events.filter { $0.event.type == .taskCompleted }.map(\.event.taskID)).count == 1000
        )
        #expect(events.map(\.event.sequence) == (1...UInt64(events.count)).map { $0 })
        let records = try hub.log.records.map { try LoggedEvent.decode($0).recorded }
        #expect(records == events)
        await hub.stop()
    }

    @Test(arguments: [
        ("error", "failed"), ("crash", "pending"), ("cancellation", "pending"),
    ])
    func `what an agent throws decides`(kind: String, status: String) async throws {
        struct Broken: Error {}
        let hub = try RuntimeHarness(
            agent: TestAgent { _, _ in
                switch kind {
                case "error": throw TaskFailure(code: "NO", message: "never")
                case "crash": throw Broken()
                default: throw CancellationError()
                }
            }
        )
        let id = try await hub.create()
        await hub.recorder.wait(for: kind == "error" ? .taskFailed : .taskRetrying)
        _ = try await hub.call(.controlAgent(id: "worker", .pause))
        let task = try await hub.call(.getTask(id: id))

        if kind == "error" { #expect(task["status"]?.stringValue == status) }
        #expect(task["error"]?["code"] != nil)
        await hub.stop(grace: .zero)
    }

    @Test func `a cancel reaches the agent`() async throws {
        let hub = try RuntimeHarness(
            agent: TestAgent { _, _ in
                try await Task.sleep(for: .seconds(3600))
                return [:]
            }
        )
        let id = try await hub.create()
        await hub.recorder.wait(for: .taskStarted)
        let task = try await hub.call(.cancelTask(id: id))

        #expect(task["status"] == "cancelled")
        await hub.stop()
    }

    @Test func `a stop leaves what does not end to the next life`() async throws {
        let agent = TestAgent { _, _ in
            try await Task.sleep(for: .seconds(3600))
            return [:]
        }
        let hub = try RuntimeHarness(agent: agent)
        let id = try await hub.create()
        await hub.recorder.wait(for: .taskStarted)
        await hub.stop(grace: .zero)
        let state = try #require(hub.snapshots.last)
        #expect(state.tasks[id]?.status.isFinal == false)
        let next = try RuntimeHarness(state: state)
        let task = try await next.call(.waitTask(id: id, timeout: .seconds(30)))

        #expect(task["status"] == "completed")
        #expect(task["attempts"] == 2)
        #expect(next.runtime.epoch == hub.runtime.epoch)
        await next.stop()
    }

    @Test func `a stopped runtime refuses commands`() async throws {
        let hub = try RuntimeHarness()
        await hub.stop()

        let error = try await #require(throws: RPCError.self) {
            try await hub.call(.listAgents)
        }
        #expect(error.code == .busy)
    }

    @Test func `more commands than fit are refused at once`() async throws {
        var configuration = RuntimeConfiguration()
        configuration.maximumQueuedCommands = 0
        let hub = try RuntimeHarness(configuration: configuration)

        let error = try await #require(throws: RPCError.self) {
            try await hub.call(.listAgents)
        }
        #expect(error.code == .busy)
        #expect(error.isTemporary)
        await hub.stop()
    }

    @Test(arguments: [0, 257])
    func `an idempotency key has 1 to 256 bytes`(length: Int) async throws {
        let hub = try RuntimeHarness()
        let error = try await #require(throws: RPCError.self) {
            try await hub.call(.listAgents, key: String(repeating: "k", count: length))
        }

        #expect(error.details.map(\.path) == ["/idempotencyKey"])
        await hub.stop()
    }

    @Test func `a snapshot is written on command`() async throws {
        let hub = try RuntimeHarness()
        let id = try await hub.create()
        let answer = try await hub.call(.snapshot)

        #expect(hub.snapshots.last?.tasks[id] != nil)
        #expect(answer["sequence"]?.intValue == hub.snapshots.last.map { Int($0.sequence) })
        #expect(hub.recorder.events.contains { $0.event.type == .systemSnapshot })
        await hub.stop()
    }

    @Test func `enough events call for a snapshot`() async throws {
        var configuration = RuntimeConfiguration()
        configuration.snapshotAfterEvents = 50
        let hub = try RuntimeHarness(configuration: configuration)
        for _ in 0..<40 { _ = try await hub.create() }
        await hub.recorder.wait(for: .systemSnapshot)

        #expect(hub.snapshots.last != nil)
        await hub.stop()
    }
}
