import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Idempotency keys")
struct IdempotencyTests {
    private static let create = Command.createTask(params: [
        "type": "worker.work", "payload": ["n": 1],
    ])

    @Test func `the same key creates one task and gives the first answer`() throws {
        var hub = try CoreHarness()
        let first = try hub.call(Self.create, key: "k")
        hub.end(first["id"]?.stringValue ?? "")
        let events = hub.types.count
        let second = try hub.call(Self.create, key: "k")

        #expect(second == first)
        #expect(hub.types.count == events)
        #expect(hub.state.tasks.count == 1)
    }

    @Test func `the key of another user, or of another method, is another key`() throws {
        var hub = try CoreHarness(startsAgents: false)
        let first = try hub.call(Self.create, user: "anna", key: "k")
        let second = try hub.call(Self.create, user: "bert", key: "k")
        let id = first["id"]?.stringValue ?? ""
        let cancelled = try hub.call(.cancelTask(id: id), user: "anna", key: "k")

        #expect(first["id"] != second["id"])
        #expect(cancelled["status"] == "cancelled")
    }

    @Test func `a key holds for a day and not longer`() throws {
        var hub = try CoreHarness(startsAgents: false)
        let first = try hub.call(Self.create, key: "k")
        hub.advance(.seconds(24 * 3600 - 1))
        _ = try hub.call(Self.create)
        #expect(try hub.call(Self.create, key: "k") == first)
        hub.advance(.seconds(2))
        _ = try hub.call(Self.create)

        #expect(try hub.call(Self.create, key: "k") != first)
    }

    @Test func `a restart remembers`() throws {
        var hub = try CoreHarness(startsAgents: false)
        let first = try hub.call(Self.create, key: "k")
        let state = try RuntimeState.replaying(hub.log)
        var next = try CoreHarness(state: state, seed: 2)

        #expect(try next.call(Self.create, key: "k") == first)
    }

    @Test func `an error is not remembered`() throws {
        var hub = try CoreHarness()
        _ = hub.submit(.createTask(params: [:]), key: "k")

        #expect(try hub.call(Self.create, key: "k")["id"] != nil)
    }

    @Test func `a cancel that had to wait is remembered for all who asked`() throws {
        var hub = try CoreHarness()
        let id = try hub.create()
        let first = hub.submit(.cancelTask(id: id), key: "k")
        let second = hub.submit(.cancelTask(id: id), key: "l")
        hub.end(id, .stopped)
        _ = try hub.call(.retryTask(id: id))

        let answer = try hub.answer(to: first)
        #expect(answer?["status"] == "cancelled")
        #expect(try hub.answer(to: second) == answer)
        #expect(try hub.call(.cancelTask(id: id), key: "k") == answer)
        #expect(try hub.call(.cancelTask(id: id), key: "l") == answer)
        #expect(try hub.state.task(id).status == .running)
    }

    @Test func `a retry is done once`() throws {
        var hub = try CoreHarness()
        let id = try hub.create("worker.work", ["maxAttempts": 1])
        hub.end(id, .stopped)
        let answer = try hub.call(.retryTask(id: id), key: "k")
        hub.end(id, .stopped)

        #expect(try hub.call(.retryTask(id: id), key: "k") == answer)
        #expect(try hub.state.task(id).status == .dead)
    }

    @Test func `a lifecycle command that changed nothing is remembered, and in no channel`() throws
    {
        var hub = try CoreHarness()
        let answer = try hub.call(.controlAgent(id: "worker", .start), key: "k")
        #expect(hub.recorded.last?.event.type == .agentUnchanged)
        #expect(hub.recorded.last?.positions == [])
        _ = hub.submit(.controlAgent(id: "worker", .stop))
        hub.finishStops()

        #expect(try hub.call(.controlAgent(id: "worker", .start), key: "k") == answer)
        #expect(hub.state.agents["worker"]?.status == .inactive)
        #expect(hub.starts.isEmpty)
    }

    @Test func `a repeated answer does not tell what the agent is at meanwhile`() throws {
        var hub = try CoreHarness()
        let answer = try hub.call(.controlAgent(id: "worker", .pause), key: "k")
        _ = hub.submit(.controlAgent(id: "worker", .stop))

        #expect(answer["status"] == "paused")
        #expect(try hub.call(.controlAgent(id: "worker", .pause), key: "k") == answer)
    }

    @Test func `an answer on the way to another status is repeated as it was`() throws {
        var hub = try CoreHarness()
        _ = hub.submit(.controlAgent(id: "worker", .stop))
        let change = Command.configureAgent(id: "worker", ["concurrency": 2])
        let answer = try hub.call(change, key: "k")
        hub.finishStops()

        #expect(try hub.call(change, key: "k") == answer)
    }

    @Test func `the start of an agent that stays paused is answered alike when repeated`() throws {
        var hub = try CoreHarness()
        _ = try hub.call(.controlAgent(id: "worker", .pause))
        let state = try RuntimeState.replaying(hub.log)
        var next = try CoreHarness(state: state, seed: 2, startsAgents: false)
        let ticket = next.submit(.controlAgent(id: "worker", .start), key: "k")
        next.finishStarts()
        let answer = try next.answer(to: ticket)

        #expect(answer?["status"] == "paused")
        #expect(try next.call(.controlAgent(id: "worker", .start), key: "k") == answer)
    }

    @Test func `the table is bounded, the oldest go first`() throws {
        var configuration = RuntimeConfiguration()
        configuration.retention.maximumAnswers = 3
        var hub = try CoreHarness(configuration: configuration, startsAgents: false)
        let answers = try (0..<5).map { try hub.call(Self.create, key: "\($0)") }

        #expect(hub.state.answers.entries.count == 3)
        for number in 2..<5 {
            #expect(try hub.call(Self.create, key: "\(number)") == answers[number])
        }
        #expect(try hub.call(Self.create, key: "0") != answers[0])
    }
}
