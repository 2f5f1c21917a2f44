import Identity
import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Workers")
struct WorkerTests {
    @Test func `a worker is never given more than it can take`() throws {
        var (hub, _) = try CoreHarness.remote(concurrency: 2)
        for _ in 0..<5 { _ = try hub.create("remote.work") }
        let first = hub.takeExecutions()
        #expect(first.count == 2)
        for task in first { hub.accept(task) }
        #expect(hub.takeExecutions().isEmpty)
        _ = try hub.call(.complete(leaseID: first[0].leaseID, result: .ok))

        #expect(hub.takeExecutions().count == 1)
    }

    @Test func `workers of an agent of the hub add to what it can do itself`() throws {
        var hub = try CoreHarness(agents: ["worker"])
        for n in 0..<7 { _ = try hub.create(n: n) }
        #expect(hub.running.count == 4)
        let offer = WorkerOffer(target: .id("worker"), concurrency: 2)
        _ = try hub.call(.register(offer, WorkerLink { _ in }))
        let extra = hub.takeExecutions()
        #expect(extra.count == 2)
        hub.accept(extra[0])
        _ = try hub.call(.complete(leaseID: extra[0].leaseID, result: .ok))

        #expect(hub.takeExecutions().count == 1)
        #expect(hub.running.count == 4)
    }

    @Test func `workers take turns`() throws {
        var (hub, _) = try CoreHarness.remote(concurrency: 2)
        _ = try hub.register(session: "two", concurrency: 2)
        for _ in 0..<4 { _ = try hub.create("remote.work") }
        let ids = hub.takeExecutions().map(\.workerID)

        #expect(Set(ids[0..<2]).count == 2)
        #expect(Set(ids).count == 2)
    }

    @Test func `a deaf worker gets no more, and its task is another's without being counted`()
        throws
    {
        var (hub, deaf) = try CoreHarness.remote()
        let id = try hub.create("remote.work", ["maxAttempts": 1])
        _ = try hub.register(session: "two")
        let first = try #require(hub.takeExecutions().first)
        hub.advance(.seconds(10))
        #expect(hub.count(.workerDeaf) == 1)
        #expect(hub.count(.taskReleased) == 1)
        let second = try #require(hub.takeExecutions().first)
        #expect((second.taskID, second.attempt) == (id, 1))
        #expect(second.workerID != deaf)
        #expect(hub.code(of: .complete(leaseID: first.leaseID, result: .ok)) == .conflict)
        hub.accept(second, session: "two")
        _ = try hub.call(.complete(leaseID: second.leaseID, result: .ok), session: "two")

        #expect(try hub.state.task(id).status == .completed)
        #expect(try hub.state.task(id).attempts == 1)
        #expect(hub.core.workers[deaf] == nil)
        #expect(try RuntimeState.replaying(hub.log).task(id).attempts == 1)
    }

    @Test func `a worker that refuses again and again gets no more`() throws {
        var (hub, id) = try CoreHarness.remote()
        let task = try hub.create("remote.work")
        for refusal in 1...3 {
            let lease = try #require(hub.takeExecutions().first).leaseID
            hub.report(.refused(leaseID: lease, sessionID: "one"))
            #expect((hub.core.workers[id] == nil) == (refusal == 3))
        }

        #expect(try hub.state.task(task).status == .pending)
        #expect(try hub.state.task(task).attempts == 0)
        #expect(hub.count(.workerDeaf) == 1)
    }

    @Test func `a drained worker ends what it has and leaves`() throws {
        var (hub, id) = try CoreHarness.remote(concurrency: 2)
        _ = try hub.create("remote.work")
        let task = try #require(hub.takeExecutions().first)
        hub.accept(task)
        let answer = try hub.call(.drain(id: id))
        #expect(answer["status"] == "draining")
        #expect(answer["running"] == 1)
        _ = try hub.create("remote.work")
        #expect(hub.takeExecutions().isEmpty)
        _ = try hub.call(.complete(leaseID: task.leaseID, result: .ok))

        #expect(hub.told.map(\.message) == [.dismissed(workerID: id, .drained)])
        #expect(hub.types.last == "worker.left")
        #expect(hub.core.workers.count == 0)
    }

    @Test func `a session that registers anew is one worker`() throws {
        var (hub, id) = try CoreHarness.remote()
        _ = try hub.create("remote.work")
        hub.accept(try #require(hub.takeExecutions().first))
        let new = try hub.register(session: "one")

        #expect(hub.core.workers[id] == nil)
        #expect(hub.core.workers[new] != nil)
        #expect(hub.core.workers.count == 1)
        #expect(hub.core.leases.isEmpty)
    }

    @Test func `what a worker declares is as good as a task type of the hub`() throws {
        var (hub, _) = try CoreHarness.remote()
        let agent = try hub.call(.getAgent(id: "remote"))
        #expect(agent["status"] == "active")
        #expect(agent["name"] == "Remote")
        #expect(agent["taskTypes"]?.arrayValue?.count == 2)
        let params: JSONValue = ["type": "remote.work", "payload": [:]]
        let refusal = hub.refusal(of: .createTask(params: params))
        let refused = try #require(refusal)
        #expect(refused.details.map(\.path) == ["/payload/n"])
        #expect(hub.count(.agentProvided) == 1)
        // The same again is nothing new.
        _ = try hub.register(session: "two")
        #expect(hub.count(.agentProvided) == 1)
        let state = try RuntimeState.replaying(hub.log)
        #expect(state == hub.state)
        let record = try #require(state.agents["remote"])
        #expect(try AgentRecord(stored: JSONReader(parsing: record.stored())) == record)
    }

    @Test func `what cannot be is refused and nothing is created`() throws {
        var hub = try CoreHarness(agents: ["worker"])
        let before = hub.state
        let link = WorkerLink { _ in }
        func offer(_ type: String, _ name: String) throws(RPCError) -> WorkerCommand {
            let types: [JSONValue] = [["name": .string(name)]]
            let definition = try ProvidedAgent(type: type, name: nil, taskTypes: types)
            return .register(WorkerOffer(target: .type(type), definition: definition), link)
        }
        #expect(hub.code(of: .register(WorkerOffer(target: .id("nobody")), link)) == .notFound)
        #expect(hub.code(of: .register(WorkerOffer(target: .type("no")), link)) == .notFound)
        let (forKnown, thief) = (
            try offer("worker", "worker.new"), try offer("thief", "worker.work")
        )
        #expect(hub.code(of: forKnown) == .validationError)
        #expect(hub.code(of: thief) == .validationError)
        #expect(hub.code(of: .drain(id: "nobody")) == .notFound)

        #expect(hub.state == before)
        #expect(hub.core.catalogue.agents.map(\.id) == ["worker"])
    }

    @Test(
        arguments: [
            ("a b", ["name": "x.y"], "/agentType"),
            ("system", ["name": "x.y"], "/agentType"),
            ("x", ["name": ".y"], "/capabilities/0/name"),
            ("x", ["name": "x.y", "timeoutMs": 0], "/capabilities/0/timeoutMs"),
            ("x", ["name": "x.y", "retryable": 1], "/capabilities/0/retryable"),
            ("x", ["name": "x.y", "summary": 1], "/capabilities/0/summary"),
            (
                "x", ["name": "x.y", "payloadSchema": ["properties": ["a": ["type": "no"]]]],
                "/capabilities/0/payloadSchema/properties/a/type"
            ),
            ("x", 7, "/capabilities/0"),
        ] as [(String, JSONValue, String)]
    )
    func `a definition that means nothing is told where`(
        type: String,
        taskType: JSONValue,
        path: String
    ) {
        let error = #expect(throws: RPCError.self) {
            try ProvidedAgent(type: type, name: nil, taskTypes: [taskType])
        }
        #expect(error?.details.map(\.path).contains(path) == true)
    }

    @Test func `there are bounds for workers of a user, workers and agents`() throws {
        var configuration = RuntimeConfiguration()
        configuration.maximumWorkers = 3
        configuration.maximumWorkersPerUser = 2
        configuration.maximumProvidedAgents = 1
        var hub = try CoreHarness(configuration: configuration)
        let rules = Principal(userID: "anna", role: .admin, credential: .development)
        func code(_ session: String, _ offer: WorkerOffer, _ principal: Principal?) -> ErrorCode? {
            let command = Command.worker(.register(offer, WorkerLink { _ in }))
            let ticket = hub.submit(command, session: session, principal: principal)
            return hub.error(of: ticket)?.code
        }
        let known = WorkerOffer(target: .id("worker"))
        #expect(code("1", known, rules) == nil)
        #expect(code("2", known, rules) == nil)
        #expect(code("3", known, rules) == .busy)
        let definition = try CoreHarness.remoteDefinition()
        #expect(code("4", WorkerOffer(target: .type("remote"), definition: definition), nil) == nil)
        #expect(code("5", known, nil) == .busy)
        hub.report(.gone(sessionID: "1"))
        let types: [JSONValue] = [["name": "more.work"]]
        let more = try ProvidedAgent(type: "more", name: nil, taskTypes: types)
        #expect(code("6", WorkerOffer(target: .type("more"), definition: more), nil) == .conflict)
    }

    @Test func `who may not see an agent any more is no worker of it any more`() throws {
        var hub = try CoreHarness()
        var random = SplitMix64(seed: 1)
        let user = UserRecord(
            id: UserRecord.newID(using: &random),
            email: try #require(EmailAddress("ada@example.org")),
            name: "Ada",
            role: .user,
            createdAt: 0
        )
        _ = try hub.call(.identity(.createUser(user)))
        _ = try hub.call(.identity(.assignAgent(userID: user.id, agentID: "worker")))
        let principal = Principal(
            userID: user.id,
            role: .user,
            credential: .foreign(issuer: "others")
        )
        let offer = Command.worker(
            .register(WorkerOffer(target: .id("worker"), concurrency: 1), WorkerLink { _ in })
        )
        _ = hub.submit(offer, user: user.id, principal: principal)
        #expect(hub.core.workers.count == 1)
        _ = try hub.call(.identity(.unassignAgent(userID: user.id, agentID: "worker")))
        #expect(hub.core.workers.count == 0)
        #expect(
            hub.told.map(\.message).contains { message in
                if case .dismissed(_, .revoked) = message { true } else { false }
            }
        )
        let again = hub.submit(offer, user: user.id, principal: principal)
        #expect(hub.error(of: again)?.code == .notFound)
        // And without the role, nobody brings task types.
        _ = try hub.call(.identity(.assignAgent(userID: user.id, agentID: "worker")))
        let new = WorkerOffer(
            target: .type("remote"),
            definition: try CoreHarness.remoteDefinition()
        )
        let command = Command.worker(.register(new, WorkerLink { _ in }))
        let ticket = hub.submit(command, user: user.id, principal: principal)
        #expect(hub.error(of: ticket)?.code == .forbidden)
    }
}
