import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Dependencies")
struct DependencyTests {
    @Test func `a task is blocked until all that it depends on is completed`() throws {
        var hub = try CoreHarness()
        let first = try hub.create()
        let second = try hub.create()
        let last = try hub.createDependent(on: first, second)
        #expect(try hub.state.task(last).status == .blocked)
        #expect(try hub.call(.getTask(id: last))["dependsOn"] == [.string(first), .string(second)])
        hub.end(second)
        #expect(try hub.state.task(last).status == .blocked)
        hub.end(first)

        #expect(try hub.state.task(last).status == .running)
        #expect(hub.typesOf(last) == ["task.created", "task.unblocked", "task.started"])
        let unblocked = hub.recorded.first { $0.event.type == .taskUnblocked }
        #expect(unblocked?.event.causationID == (try hub.state.task(first).lastEventID))
    }

    @Test func `a task that depends on completed ones may run at once`() throws {
        var hub = try CoreHarness()
        let first = try hub.create()
        hub.end(first)
        let next = try hub.createDependent(on: first)

        #expect(try hub.state.task(next).status == .running)
    }

    @Test func `a task fails with what it depends on, however that ends`() throws {
        var hub = try CoreHarness()
        let dead = try hub.create("worker.work", ["maxAttempts": 1])
        let failed = try hub.create("worker.once")
        let cancelled = try hub.create()
        let dependents = try [dead, failed, cancelled].map { try hub.createDependent(on: $0) }
        let last = try hub.createDependent(on: dependents[0])
        hub.end(dead, .stopped)
        hub.end(failed, .stopped)
        _ = hub.submit(.cancelTask(id: cancelled))
        hub.end(cancelled)

        for (id, status) in zip(dependents, ["dead", "failed", "cancelled"]) {
            let record = try hub.state.task(id)
            #expect(record.status == .failed)
            #expect(record.error?.code == "DEPENDENCY_FAILED")
            #expect(record.error?.message.hasSuffix("is \(status)") == true)
            #expect(record.attempts == 0)
        }
        #expect(try hub.state.task(last).error?.code == "DEPENDENCY_FAILED")
        let late = try hub.createDependent(on: dead)
        #expect(try hub.state.task(late).status == .failed)
    }

    @Test func `a task that is not known is a problem with its place, and nothing is created`()
        throws
    {
        var hub = try CoreHarness()
        let known = try hub.create()
        let count = hub.log.count
        let params: JSONValue = [
            "type": "worker.work", "payload": ["n": 1], "dependsOn": [.string(known), "none"],
        ]
        let error = hub.refusal(of: .createTask(params: params))

        #expect(error?.code == .validationError)
        #expect(error?.details.map(\.path) == ["/dependsOn/1"])
        #expect(hub.log.count == count)
    }

    @Test func `a task can be cancelled and pass its deadline while it is blocked`() throws {
        var hub = try CoreHarness()
        let first = try hub.create("worker.work", ["timeoutMs": 3_000_000])
        let cancelled = try hub.createDependent(on: first)
        let deadline = hub.now.wall.advanced(byMilliseconds: 5000).description
        let late = try hub.create(
            "worker.work",
            ["dependsOn": [.string(first)], "deadline": .string(deadline)]
        )
        _ = try hub.call(.cancelTask(id: cancelled))
        hub.advance(.seconds(6))
        hub.end(first)

        #expect(try hub.state.task(cancelled).status == .cancelled)
        #expect(try hub.state.task(late).error?.code == "DEADLINE_EXCEEDED")
        #expect(hub.running.isEmpty)
    }

    @Test func `a task for later waits for its moment once it is unblocked`() throws {
        var hub = try CoreHarness()
        let first = try hub.create()
        let moment = hub.now.wall.advanced(byMilliseconds: 60_000).description
        let later = try hub.create(
            "worker.work",
            ["dependsOn": [.string(first)], "runAt": .string(moment)]
        )
        hub.end(first)
        #expect(try hub.state.task(later).status == .scheduled)
        hub.advance(.seconds(60))

        #expect(try hub.state.task(later).status == .running)
    }

    @Test func `a task that failed with another one can be retried after it`() throws {
        var hub = try CoreHarness()
        let first = try hub.create("worker.once")
        let next = try hub.createDependent(on: first)
        hub.end(first, .stopped)
        #expect(hub.refusal(of: .retryTask(id: next))?.message.contains(first) == true)
        _ = try hub.call(.retryTask(id: first))
        #expect(try hub.call(.retryTask(id: next))["status"] == "blocked")
        hub.end(first)
        #expect(try hub.state.task(next).status == .running)
        hub.end(next)

        #expect(try hub.state.task(next).status == .completed)
    }

    @Test func `what is completed counts although it was forgotten since`() throws {
        var configuration = RuntimeConfiguration()
        configuration.retention.maximumCount = 1
        var hub = try CoreHarness(configuration: configuration)
        let first = try hub.create()
        let slow = try hub.create("worker.work", ["timeoutMs": 3_000_000])
        let last = try hub.createDependent(on: first, slow)
        hub.end(first)
        hub.end(try hub.create())
        #expect(hub.state.tasks[first] == nil)
        var next = try CoreHarness(state: hub.state.storedAndRead(), configuration: configuration)
        next.end(slow)

        #expect(try next.state.task(last).status == .running)
    }

    @Test func `what a crash has left blocked goes on at the next start`() throws {
        var hub = try CoreHarness()
        let completed = try hub.create()
        let failed = try hub.create("worker.once")
        let ready = try hub.createDependent(on: completed)
        let lost = try hub.createDependent(on: failed)
        hub.end(completed)
        hub.end(failed, .stopped)
        // The events of the dependents are not on disk.
        let cut = hub.log.prefix { $0.event.type != .taskUnblocked }
        let failure = hub.log.filter { $0.event.taskID == failed }.suffix(1)
        var state = try RuntimeState.replaying(Array(cut))
        for logged in failure { _ = state.apply(logged) }
        #expect(try state.task(ready).status == .blocked)
        #expect(try state.task(lost).status == .blocked)
        let next = try CoreHarness(state: state)

        #expect(try next.state.task(ready).status == .running)
        #expect(try next.state.task(lost).error?.code == "DEPENDENCY_FAILED")
    }

    @Test func `a thousand dependents have their turns one after the other`() throws {
        var hub = try CoreHarness()
        let first = try hub.create("worker.once")
        let dependents = try (0..<1000).map { _ in try hub.createDependent(on: first) }
        var chain = [dependents[0]]
        for _ in 0..<1000 { chain.append(try hub.createDependent(on: chain[chain.count - 1])) }
        let before = hub.log.count
        hub.end(first, .stopped)
        #expect(hub.log.count - before < 300)
        for _ in 0..<20 { hub.advance(.nanoseconds(1)) }

        let failed = try (dependents + chain).filter { try hub.state.task($0).status == .failed }
        #expect(failed.count == 2001)
        #expect(try RuntimeState.replaying(hub.log) == hub.state)
    }

    @Test func `those that were cancelled do not pile up behind a slow task`() throws {
        var hub = try CoreHarness()
        let slow = try hub.create("worker.work", ["timeoutMs": 3_000_000])
        for _ in 0..<1000 { _ = try hub.call(.cancelTask(id: try hub.createDependent(on: slow))) }

        #expect(hub.state.dependents.list(of: Identifier(slow)).count <= 128)
    }
}

@Suite("Dedupe keys")
struct DedupeKeyTests {
    @Test func `a second task with the key is refused and told of the first`() throws {
        var hub = try CoreHarness()
        let first = try hub.create("worker.work", ["dedupeKey": "k"])
        let count = hub.log.count
        let params: JSONValue = ["type": "worker.work", "payload": ["n": 1], "dedupeKey": "k"]
        let error = hub.refusal(of: .createTask(params: params))
        #expect(error?.code == .conflict)
        #expect(error?.isTemporary == true)
        #expect(error?.details == [.init(path: "/dedupeKey", reason: "is held by task \(first)")])
        #expect(hub.log.count == count)

        // Another type is other work.
        _ = try hub.create("worker.once", ["dedupeKey": "k"])
    }

    @Test(arguments: ["completed", "cancelled", "dead", "deadline", "retrying"])
    func `a key is free as soon as its task is final, and not before`(_ end: String) throws {
        var hub = try CoreHarness()
        let deadline = hub.now.wall.advanced(byMilliseconds: 5000).description
        let id = try hub.create(
            "worker.work",
            [
                "dedupeKey": "k", "deadline": .string(deadline),
                "maxAttempts": end == "dead" ? 1 : 3,
            ]
        )
        let create = Command.createTask(params: [
            "type": "worker.work", "payload": ["n": 1], "dedupeKey": "k",
        ])
        switch end {
        case "completed": hub.end(id)
        case "cancelled":
            _ = hub.submit(.cancelTask(id: id))
            #expect(hub.refusal(of: create)?.code == .conflict)
            hub.end(id)
        case "deadline": hub.advance(.seconds(6))
        default: hub.end(id, .stopped)
        }

        #expect((hub.refusal(of: create)?.code == .conflict) == (end == "retrying"))
    }

    @Test func `a task that is retried takes its key again, unless another one has it`() throws {
        var hub = try CoreHarness()
        let first = try hub.create("worker.once", ["dedupeKey": "k"])
        hub.end(first, .stopped)
        let second = try hub.create("worker.once", ["dedupeKey": "k"])
        #expect(hub.refusal(of: .retryTask(id: first))?.code == .conflict)
        hub.end(second)
        _ = try hub.call(.retryTask(id: first))
        let params: JSONValue = ["type": "worker.once", "payload": ["n": 1], "dedupeKey": "k"]

        #expect(hub.refusal(of: .createTask(params: params))?.code == .conflict)
    }

    @Test func `a key is held over a restart, and the first answer is repeated all the same`()
        throws
    {
        var hub = try CoreHarness()
        let create = Command.createTask(params: [
            "type": "worker.work", "payload": ["n": 1], "dedupeKey": "k",
        ])
        let first = try hub.call(create, key: "key")["id"]
        var next = try CoreHarness(state: hub.state.storedAndRead())

        #expect(next.refusal(of: create)?.code == .conflict)
        #expect(try next.call(create, key: "key")["id"] == first)
    }
}

extension CoreHarness {
    /// Creates a task of the worker that depends on others.
    mutating func createDependent(on ids: String...) throws -> String {
        try create("worker.work", ["dependsOn": .array(ids.map(JSONValue.string))])
    }

    func typesOf(_ task: String) -> [String] {
        recorded.filter { $0.event.taskID == task }.map(\.event.type.rawValue)
    }
}
