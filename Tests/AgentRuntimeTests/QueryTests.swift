import HubCore
import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Queries")
struct QueryTests {
    private func ids(_ page: JSONValue) -> [String] {
        (page["tasks"]?.arrayValue ?? page.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
    }

    @Test func `tasks are listed newest first, in pages that new tasks do not move`() throws {
        var hub = try CoreHarness()
        let created = try (0..<7).map { _ in try hub.create() }
        var query = TaskQuery(limit: 3)
        var pages: [[String]] = []
        repeat {
            let page = try hub.call(.listTasks(query))
            pages.append(ids(page))
            query.cursor = page["next"]?.stringValue
            _ = try hub.create()
        } while query.cursor != nil

        #expect(pages.map(\.count) == [3, 3, 1])
        #expect(pages.flatMap { $0 } == created.reversed())
    }

    @Test(arguments: [
        (TaskQuery(status: .running), 4), (TaskQuery(status: .pending), 2),
        (TaskQuery(status: .completed), 1), (TaskQuery(agentID: "other"), 1),
        (TaskQuery(agentID: "nobody"), 0), (TaskQuery(type: "worker.work"), 5),
        (TaskQuery(status: .running, agentID: "worker", type: "worker.once"), 0),
        (TaskQuery(limit: 0), 1), (TaskQuery(limit: 99_999), 7),
    ])
    func `filters choose`(query: TaskQuery, count: Int) throws {
        var hub = try CoreHarness(agents: ["worker", "other"])
        hub.end(try hub.create("other.work"))
        _ = try hub.call(.configureAgent(id: "worker", ["concurrency": 4]))
        for _ in 0..<5 { _ = try hub.create() }
        _ = try hub.create("worker.once")

        #expect(ids(try hub.call(.listTasks(query))).count == count)
    }

    @Test(arguments: [
        Command.listTasks(TaskQuery(cursor: "x")),
        .state(channel: "tasks", limit: nil, cursor: "-1"),
    ])
    func `a cursor that is not ours is refused`(command: Command) throws {
        var hub = try CoreHarness()

        #expect(hub.refusal(of: command)?.details.map(\.path) == ["/cursor"])
    }

    @Test func `the state of tasks goes on in the pages of the list`() throws {
        var hub = try CoreHarness()
        let created = try (0..<5).map { _ in try hub.create() }
        let ticket = hub.submit(.state(channel: "tasks", limit: 2, cursor: nil))
        let reply = try #require(try hub.replies[ticket]?.get())
        #expect(reply.position == StreamPosition(epoch: "epoch", offset: 9))
        var seen = ids(reply.value)
        var cursor = reply.next
        while let next = cursor {
            let page = try hub.call(.listTasks(TaskQuery(limit: 2, cursor: next)))
            seen += ids(page)
            cursor = page["next"]?.stringValue
        }

        #expect(seen == created.reversed())
    }

    @Test func `a page of the state is bounded in bytes`() throws {
        var configuration = RuntimeConfiguration()
        configuration.maximumStatePageBytes = 2000
        var hub = try CoreHarness(configuration: configuration)
        for _ in 0..<50 { _ = try hub.create() }
        let ticket = hub.submit(.state(channel: "tasks", limit: nil, cursor: nil))
        let reply = try #require(try hub.replies[ticket]?.get())

        #expect(reply.next != nil)
        #expect((2000..<3000).contains(reply.result.count))
    }

    @Test func `one task and one agent have a state too`() throws {
        var hub = try CoreHarness(agents: ["worker", "other"])
        let id = try hub.create()
        let channels = ["tasks.\(id)", "agents.worker", "agents"]
        let replies = try channels.map { channel in
            let ticket = hub.submit(.state(channel: channel, limit: nil, cursor: nil))
            return try #require(try hub.replies[ticket]?.get())
        }

        #expect(replies.map { ids($0.value) } == [[id], ["worker"], ["worker", "other"]])
        #expect(replies.map { $0.position?.offset } == [2, 4, 4])
        #expect(channels.map { hub.state.offset(of: $0) } == [2, 4, 4])
    }

    @Test func `an agent is described with its task types`() throws {
        var hub = try CoreHarness()
        let agent = try hub.call(.getAgent(id: "worker"))

        #expect(agent["name"] == "Worker worker")
        #expect(agent["capabilities"] == ["working"])
        let type = try #require(agent["taskTypes"]?.arrayValue?.first)
        #expect(type["name"] == "worker.work")
        #expect(type["timeoutMs"] == 30_000)
        #expect(type["payloadSchema"]?["required"] == ["n"])
        #expect(try hub.call(.listAgents)["agents"]?.arrayValue?.count == 1)
        #expect(
            try hub.call(.agentMetrics(id: nil))["agents"]?.arrayValue?.first?["id"] == "worker"
        )
    }

    @Test func `figures count every status`() throws {
        var hub = try CoreHarness()
        for path in Path.allCases where path != .pending { _ = try path.lead(&hub) }
        let figures = try hub.call(.statistics)

        #expect(
            figures["tasks"]?.objectValue?.members.map(\.value)
                == [1, 0, 0, 1, 1, 1, 1, 1, 1]
        )
        #expect(figures["sequence"] == .integer(hub.log.count))
    }
}

@Suite("Waiting")
struct WaitingTests {
    @Test func `a caller is answered as soon as the task is final`() throws {
        var hub = try CoreHarness()
        let id = try hub.create()
        let tickets = (0..<3).map { _ in hub.submit(.waitTask(id: id, timeout: .seconds(30))) }
        #expect(tickets.allSatisfy { hub.replies[$0] == nil })
        hub.end(id)

        for ticket in tickets { #expect(try hub.answer(to: ticket)?["status"] == "completed") }
        #expect(hub.core.waiters.isEmpty)
        #expect(hub.core.waitersOfTask.isEmpty)
    }

    @Test func `a caller whose time is over gets the task as it is`() throws {
        var hub = try CoreHarness()
        let id = try hub.create()
        let ticket = hub.submit(.waitTask(id: id, timeout: .seconds(2)))
        hub.advance(.milliseconds(1999))
        #expect(hub.replies[ticket] == nil)
        hub.advance(.milliseconds(1))

        #expect(try hub.answer(to: ticket)?["status"] == "running")
        hub.end(id)
    }

    @Test func `a final task needs no waiting, nor does a caller without time`() throws {
        var hub = try CoreHarness()
        let id = try hub.create()
        #expect(try hub.call(.waitTask(id: id, timeout: .zero))["status"] == "running")
        hub.end(id)

        #expect(try hub.call(.waitTask(id: id, timeout: .seconds(9)))["status"] == "completed")
    }

    @Test func `nobody waits longer than five minutes`() throws {
        var hub = try CoreHarness()
        let id = try hub.create("worker.work", ["timeoutMs": 3_600_000])
        let ticket = hub.submit(.waitTask(id: id, timeout: .seconds(100_000)))
        hub.advance(.seconds(300))

        #expect(hub.replies[ticket] != nil)
    }

    @Test func `too many waiting callers are refused, and a cancel with them`() throws {
        var configuration = RuntimeConfiguration()
        configuration.maximumWaiters = 2
        var hub = try CoreHarness(configuration: configuration)
        let id = try hub.create()
        for _ in 0..<2 { _ = hub.submit(.waitTask(id: id, timeout: .seconds(30))) }

        #expect(hub.refusal(of: .waitTask(id: id, timeout: .seconds(1)))?.code == .busy)
        #expect(hub.refusal(of: .cancelTask(id: id))?.code == .busy)
        #expect(hub.cancelled.isEmpty)
    }

    @Test func `a hub that stops refuses changes, answers reads and lets waiting callers go`()
        throws
    {
        var hub = try CoreHarness()
        let id = try hub.create()
        let waiting = hub.submit(.waitTask(id: id, timeout: .seconds(30)))
        hub.core.drain(at: hub.now, announcing: true)
        hub.collect()
        #expect(hub.types.last == "system.draining")
        #expect(hub.refusal(of: .cancelTask(id: id))?.code == .busy)
        #expect(try hub.call(.getTask(id: id))["status"] == "running")
        hub.core.dismissWaiters()
        hub.collect()

        #expect(hub.error(of: waiting)?.code == .busy)
        hub.end(id)
        #expect(try hub.state.task(id).status == .completed)
    }
}
