import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Leases")
struct LeaseTests {
    @Test func `a worker takes a task, shows signs of life and completes it`() throws {
        var (hub, _) = try CoreHarness.remote()
        let id = try hub.create("remote.work", ["timeoutMs": 600_000])
        let task = try #require(hub.takeExecutions().first)
        #expect(task.taskID == id)
        #expect(task.leaseID == hub.log.last { $0.event.type == .taskStarted }?.event.sequence)
        hub.accept(task)
        for _ in 1...5 {
            hub.advance(.seconds(20))
            let answer = try hub.call(.heartbeat(leaseID: task.leaseID))
            #expect(answer["leaseMs"] == 30_000)
            #expect(answer["cancelled"] == false)
        }
        _ = try hub.call(.progress(leaseID: task.leaseID, percent: 40, message: "on it"))
        _ = try hub.call(.output(leaseID: task.leaseID, .ok))
        let answer = try hub.call(.complete(leaseID: task.leaseID, result: .ok))

        #expect(answer["status"] == "completed")
        #expect(try hub.state.task(id).status == .completed)
        #expect(hub.count(.taskProgress) == 1)
        #expect(hub.count(.taskOutput) == 1)
        #expect(hub.core.leases.isEmpty)
        #expect(hub.core.attempts.isEmpty)
    }

    @Test func `a task whose lease runs out runs again, and the second time is dead`() throws {
        var (hub, _) = try CoreHarness.remote()
        let id = try hub.create("remote.work", ["maxAttempts": 9, "timeoutMs": 600_000])
        let first = try #require(hub.takeExecutions().first)
        hub.accept(first)
        hub.advance(.seconds(29))
        #expect(try hub.state.task(id).status == .running)
        hub.advance(.seconds(1))
        #expect(try hub.state.task(id).error?.code == "STALLED")
        #expect(try hub.state.task(id).attempts == 1)
        #expect(hub.takeCancels().map(\.reason) == [.stalled])
        // Its place is given back after the grace, or when the worker says that it has stopped.
        #expect(hub.code(of: .complete(leaseID: first.leaseID, result: .ok)) == .conflict)
        hub.advance(.seconds(2))
        let second = try #require(hub.takeExecutions().first)
        #expect(second.attempt == 2)
        #expect(second.leaseID > first.leaseID)
        hub.accept(second)
        hub.advance(.seconds(30))

        #expect(try hub.state.task(id).status == .dead)
        #expect(hub.count(.taskRetrying) == 1)
        #expect(hub.core.statistics.stalledAttempts == 2)
    }

    @Test func `how often a task has stalled survives a restart, and is forgiven by a retry`()
        throws
    {
        var (hub, _) = try CoreHarness.remote()
        let id = try hub.create("remote.work", ["maxAttempts": 9, "timeoutMs": 600_000])
        let task = try #require(hub.takeExecutions().first)
        hub.accept(task)
        hub.advance(.seconds(30))
        var state = try RuntimeState.replaying(hub.log)
        #expect(try state.task(id).stalls == 1)
        let stored = try TaskRecord(stored: JSONReader(parsing: state.task(id).stored()))
        #expect(stored.stalls == 1)
        hub.advance(.seconds(6))
        let again = try #require(hub.takeExecutions().first)
        hub.accept(again)
        hub.advance(.seconds(30))
        _ = try hub.call(.retryTask(id: id))
        state = try RuntimeState.replaying(hub.log)
        #expect(try state.task(id).stalls == 0)
    }

    @Test(arguments: ["complete", "fail", "heartbeat", "progress", "output"])
    func `what comes for a lease that is lost, or of another session, changes nothing`(
        method: String
    ) throws {
        var (hub, _) = try CoreHarness.remote()
        let id = try hub.create("remote.work")
        let task = try #require(hub.takeExecutions().first)
        hub.accept(task)
        let command = Self.command(method, task.leaseID)
        let before = hub.state
        #expect(hub.code(of: command, session: "two") == .conflict)
        #expect(hub.code(of: Self.command(method, task.leaseID + 1)) == .conflict)
        #expect(hub.state == before)
        hub.report(.gone(sessionID: "one"))
        let after = hub.state
        #expect(hub.code(of: command) == .conflict)

        #expect(hub.state == after)
        #expect(try hub.state.task(id).status == .pending)
        #expect(hub.core.statistics.lateReports == 3)
    }

    private static func command(_ method: String, _ lease: UInt64) -> WorkerCommand {
        switch method {
        case "complete": .complete(leaseID: lease, result: .ok)
        case "fail": .fail(leaseID: lease, TaskFailure(code: "X", message: ""))
        case "progress": .progress(leaseID: lease, percent: 1, message: nil)
        case "output": .output(leaseID: lease, .ok)
        default: .heartbeat(leaseID: lease)
        }
    }

    @Test func `a lost connection frees what it held, and the attempt counts`() throws {
        var (hub, _) = try CoreHarness.remote(concurrency: 3)
        let ids = try (0..<3).map { _ in try hub.create("remote.work") }
        for task in hub.takeExecutions() { hub.accept(task) }
        hub.report(.gone(sessionID: "one"))

        for id in ids {
            #expect(try hub.state.task(id).status == .pending)
            #expect(try hub.state.task(id).attempts == 1)
            #expect(try hub.state.task(id).error?.code == "WORKER_LOST")
        }
        #expect(hub.core.workers.count == 0)
        _ = try hub.register(session: "two", concurrency: 3)
        hub.advance(.seconds(1))
        #expect(hub.takeExecutions().map(\.attempt) == [2, 2, 2])
    }

    @Test func `what may not be retried has failed with its worker`() throws {
        var (hub, _) = try CoreHarness.remote()
        let id = try hub.create("remote.once")
        hub.accept(try #require(hub.takeExecutions().first))
        hub.report(.gone(sessionID: "one"))

        #expect(try hub.state.task(id).status == .failed)
    }

    @Test func `a hub that dies counts the attempt, and its leases are worth nothing`() throws {
        var (hub, _) = try CoreHarness.remote()
        let id = try hub.create("remote.work")
        let old = try #require(hub.takeExecutions().first)
        hub.accept(old)
        hub = try CoreHarness(state: try .replaying(hub.log), agents: ["worker"], seed: 2)
        #expect(hub.code(of: .complete(leaseID: old.leaseID, result: .ok)) == .conflict)
        // The hub knows what workers have declared, also without them.
        #expect(hub.core.catalogue.taskType("remote.work") != nil)
        _ = try hub.register(session: "one")
        let new = try #require(hub.takeExecutions().first)

        #expect(new.taskID == id)
        #expect(new.attempt == 2)
        #expect(new.leaseID > old.leaseID)
    }

    @Test func `a cancel reaches the worker and ends the task either way`() throws {
        for stops in [true, false] {
            var (hub, _) = try CoreHarness.remote()
            let id = try hub.create("remote.work")
            let task = try #require(hub.takeExecutions().first)
            hub.accept(task)
            let ticket = hub.submit(.cancelTask(id: id))
            #expect(hub.takeCancels().map(\.lease) == [task.leaseID])
            let answer = try hub.call(.heartbeat(leaseID: task.leaseID))
            #expect(answer["cancelled"] == true)
            if stops {
                let failure = TaskFailure(code: "CANCELLED", message: "stopped")
                let answer = try hub.call(.fail(leaseID: task.leaseID, failure))
                #expect(answer["status"] == "cancelled")
            } else {
                hub.advance(.seconds(5))
                #expect(hub.code(of: .complete(leaseID: task.leaseID, result: .ok)) == .conflict)
            }
            #expect(try hub.state.task(id).status == (stops ? .cancelled : .abandoned))
            #expect(try hub.answer(to: ticket)?["id"]?.stringValue == id)
        }
    }

    @Test func `a result that comes after a cancel is refused and ends the task`() throws {
        var (hub, _) = try CoreHarness.remote()
        let id = try hub.create("remote.work")
        let task = try #require(hub.takeExecutions().first)
        hub.accept(task)
        _ = hub.submit(.cancelTask(id: id))
        #expect(hub.code(of: .complete(leaseID: task.leaseID, result: .ok)) == .conflict)

        #expect(try hub.state.task(id).status == .cancelled)
        #expect(try hub.state.task(id).result == nil)
    }

    @Test func `an attempt that takes too long is stopped at its worker`() throws {
        var (hub, _) = try CoreHarness.remote()
        let id = try hub.create("remote.work", ["timeoutMs": 1000])
        hub.accept(try #require(hub.takeExecutions().first))
        hub.advance(.seconds(1))

        #expect(hub.takeCancels().map(\.reason) == [.timeout])
        #expect(try hub.state.task(id).error?.code == "TIMEOUT")
    }
}
