import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Agent lifecycle")
struct AgentLifecycleTests {
    /// Brings the worker into `status`.
    private func hub(in status: AgentStatus) throws -> CoreHarness {
        var hub = try CoreHarness(startsAgents: false)
        switch status {
        case .starting: break
        case .active: hub.finishStarts()
        case .paused:
            hub.finishStarts()
            _ = try hub.call(.controlAgent(id: "worker", .pause))
        case .stopping:
            hub.finishStarts()
            _ = hub.submit(.controlAgent(id: "worker", .stop))
        case .inactive:
            hub.finishStarts()
            _ = hub.submit(.controlAgent(id: "worker", .stop))
            hub.finishStops()
        case .error: hub.finishStarts(failure: "no key")
        }
        return hub
    }

    private static let table: [(AgentStatus, AgentControl, String)] = [
        (.inactive, .start, "active"), (.inactive, .stop, "inactive"),
        (.inactive, .pause, "conflict"), (.inactive, .resume, "conflict"),
        (.starting, .start, "active"), (.starting, .stop, "conflict"),
        (.starting, .pause, "conflict"), (.starting, .resume, "conflict"),
        (.active, .start, "active"), (.active, .stop, "inactive"),
        (.active, .pause, "paused"), (.active, .resume, "active"),
        (.paused, .start, "paused"), (.paused, .stop, "inactive"),
        (.paused, .pause, "paused"), (.paused, .resume, "active"),
        (.stopping, .start, "conflict"), (.stopping, .stop, "inactive"),
        (.stopping, .pause, "conflict"), (.stopping, .resume, "conflict"),
        (.error, .start, "active"), (.error, .stop, "inactive"),
        (.error, .pause, "conflict"), (.error, .resume, "conflict"),
    ]

    @Test(arguments: table)
    func `each command has its answer in each status`(
        status: AgentStatus,
        control: AgentControl,
        expected: String
    ) throws {
        var hub = try hub(in: status)
        #expect(try hub.call(.getAgent(id: "worker"))["status"]?.stringValue == status.rawValue)
        let ticket = hub.submit(.controlAgent(id: "worker", control))
        hub.finishStarts()
        hub.finishStops()

        if expected == "conflict" {
            #expect(hub.error(of: ticket)?.code == .conflict)
        } else {
            #expect(try hub.answer(to: ticket)?["status"]?.stringValue == expected)
        }
    }

    @Test(arguments: [
        (AgentStatus.inactive, AgentControl.stop), (.active, .start), (.active, .resume),
        (.paused, .pause), (.paused, .start),
    ])
    func `asking for what is so already is no event`(
        status: AgentStatus,
        control: AgentControl
    ) throws {
        var hub = try hub(in: status)
        let events = hub.types.count
        _ = try hub.call(.controlAgent(id: "worker", control))

        #expect(hub.types.count == events)
    }

    @Test func `a paused agent finishes what runs and starts nothing new`() throws {
        var hub = try CoreHarness()
        let first = try hub.create()
        _ = try hub.call(.controlAgent(id: "worker", .pause))
        let second = try hub.create()
        hub.end(first)
        #expect(try hub.state.task(first).status == .completed)
        #expect(hub.running.isEmpty)
        _ = try hub.call(.controlAgent(id: "worker", .resume))

        #expect(hub.running.map(\.attempt.taskID) == [second])
    }

    @Test func `a stopping agent waits for its attempts before it is told`() throws {
        var hub = try CoreHarness()
        let first = try hub.create()
        let ticket = hub.submit(.controlAgent(id: "worker", .stop))
        #expect(hub.stops.isEmpty)
        let second = try hub.create()
        hub.end(first)
        #expect(hub.stops.count == 1)
        #expect(hub.replies[ticket] == nil)
        hub.finishStops()

        #expect(try hub.answer(to: ticket)?["status"] == "inactive")
        #expect(try hub.state.task(second).status == .pending)
        _ = hub.submit(.controlAgent(id: "worker", .start))
        hub.finishStarts()
        #expect(hub.running.map(\.attempt.taskID) == [second])
    }

    @Test func `five unexpected errors in a minute put an agent into error`() throws {
        var hub = try CoreHarness()
        for number in 1...5 {
            let id = try hub.create("worker.once")
            hub.end(id, .crashed(reason: "broken \(number)"))
            #expect(hub.state.agents["worker"]?.status == (number < 5 ? .active : .error))
            hub.advance(.seconds(14))
        }
        let waiting = try hub.create()

        #expect(hub.types.filter { $0 == "agent.failed" }.count == 1)
        #expect(hub.running.isEmpty)
        _ = hub.submit(.controlAgent(id: "worker", .start))
        hub.finishStarts()
        #expect(hub.running.map(\.attempt.taskID) == [waiting])
    }

    @Test(arguments: [
        AttemptOutcome.failed(TaskFailure(code: "NO", message: "")), .stopped, .completed(.ok),
    ])
    func `failures that an agent means are no crashes`(outcome: AttemptOutcome) throws {
        var hub = try CoreHarness()
        for _ in 0..<20 { hub.end(try hub.create("worker.once"), outcome) }

        #expect(hub.state.agents["worker"]?.status == .active)
    }

    @Test func `errors that are minutes apart are no crash loop`() throws {
        var hub = try CoreHarness()
        for _ in 0..<20 {
            hub.end(try hub.create("worker.once"), .crashed(reason: "broken"))
            hub.advance(.seconds(16))
        }

        #expect(hub.state.agents["worker"]?.status == .active)
    }

    @Test func `a start that does not return has failed`() throws {
        var hub = try CoreHarness(startsAgents: false)
        let ticket = hub.submit(.controlAgent(id: "worker", .start))
        hub.advance(.seconds(30))
        #expect(hub.state.agents["worker"]?.status == .error)
        #expect(hub.error(of: ticket)?.code == .conflict)
        hub.finishStarts()

        #expect(hub.state.agents["worker"]?.status == .error)
    }

    @Test func `a stop that does not return is not waited for`() throws {
        var hub = try CoreHarness()
        let ticket = hub.submit(.controlAgent(id: "worker", .stop))
        hub.advance(.seconds(30))

        #expect(try hub.answer(to: ticket)?["status"] == "inactive")
    }

    @Test func `configuration is merged, checked and kept`() throws {
        var hub = try CoreHarness()
        _ = try hub.call(.configureAgent(id: "worker", ["mood": "calm", "concurrency": 2]))
        let answer = try hub.call(.configureAgent(id: "worker", ["concurrency": nil]))

        #expect(answer["config"] == ["mood": "calm"])
        #expect(hub.types.last == "agent.configured")
    }

    @Test(
        arguments: [
            (["concurrency": 0], "/config/concurrency"),
            (["concurrency": 65], "/config/concurrency"),
            (["concurrency": "4"], "/config/concurrency"), (["mood": 1], "/config/mood"),
        ] as [(JSONObject, String)]
    )
    func `a bad configuration is refused with its path`(
        changes: JSONObject,
        path: String
    ) throws {
        var hub = try CoreHarness()
        let ticket = hub.submit(.configureAgent(id: "worker", changes))

        #expect(hub.error(of: ticket)?.details.map(\.path) == [path])
        #expect(hub.state.agents["worker"]?.configuration.isEmpty == true)
    }

    @Test(arguments: [
        (AgentStatus.active, AgentStatus.active), (.paused, .paused), (.inactive, .inactive),
        (.error, .active), (.starting, .active),
    ])
    func `the next life goes back to what was asked for`(
        before: AgentStatus,
        after: AgentStatus
    ) throws {
        let hub = try hub(in: before)
        let next = try CoreHarness(state: hub.state)

        #expect(next.state.agents["worker"]?.status == after)
    }

    @Test func `what an agent did is measured`() throws {
        var hub = try CoreHarness()
        let empty = try hub.call(.agentMetrics(id: "worker"))
        #expect(empty["successRate"] == .null)
        #expect(empty["averageMs"] == .null)
        for milliseconds in [10, 20, 60] {
            let id = try hub.create()
            hub.advance(.milliseconds(milliseconds))
            hub.end(id)
        }
        hub.end(try hub.create("worker.once"), .crashed(reason: "broken"))
        for _ in 0..<6 { _ = try hub.create() }

        var metrics = try hub.call(.agentMetrics(id: "worker")).objectValue ?? [:]
        metrics["types"] = nil
        #expect(
            metrics == [
                "tasksCompleted": 3, "tasksFailed": 1, "successRate": 0.75, "averageMs": 30.0,
                "queueDepth": 2, "running": 4,
            ]
        )
    }
}
