import Identity
import JSONRPC
import Testing

@testable import AgentRuntime

struct WorkflowTests {
    private static func harness(
        _ change: (inout RuntimeConfiguration) -> Void = { _ in }
    ) throws -> CoreHarness {
        var configuration = RuntimeConfiguration()
        configuration.isForDevelopment = true
        change(&configuration)
        return try CoreHarness(configuration: configuration)
    }

    private static func task(_ next: String?, _ extra: JSONObject = [:]) -> JSONValue {
        var state: JSONObject = [
            "Type": "Task", "Resource": "agent:worker/worker.work", "TimeoutSeconds": 3_600,
        ]
        if let next { state["Next"] = .string(next) } else { state["End"] = true }
        for member in extra.members { state[member.name] = member.value }
        return .object(state)
    }

    private static func machine(_ start: String, _ states: JSONObject) -> JSONValue {
        ["StartAt": .string(start), "States": .object(states)]
    }

    private static let three = machine(
        "A",
        [
            "A": task("B", ["ResultPath": "$.a"]), "B": task("C", ["ResultPath": "$.b"]),
            "C": task(nil, ["ResultPath": "$.c"]),
        ]
    )

    private static func define(
        _ definition: JSONValue,
        as name: String = "flow",
        triggers: JSONValue = []
    ) throws(RPCError) -> Command {
        .workflow(
            .define(
                try WorkflowDraft(
                    params: [
                        "name": .string(name), "definition": definition, "triggers": triggers,
                    ]
                )
            )
        )
    }

    private static func start(_ name: String = "flow", _ input: JSONValue = ["n": 1]) -> Command {
        .workflow(.start(RunDraft(name: name, input: input)))
    }

    private static func run(_ hub: inout CoreHarness, _ id: String) throws -> JSONValue {
        try hub.call(.workflow(.run(id: id)))
    }

    private static func begin(_ hub: inout CoreHarness, _ definition: JSONValue) throws -> String {
        _ = try hub.call(Self.define(definition))
        let id = try hub.call(Self.start())["id"]?.stringValue ?? ""
        hub.advance(.zero)
        return id
    }

    /// Ends what is running, one task after the other, until nothing is.
    private static func finish(_ hub: inout CoreHarness) {
        while let task = hub.running.first?.attempt.taskID {
            hub.end(task)
            hub.advance(.zero)
        }
    }

    @Test func `a run goes through its states and tells every transition`() throws {
        var hub = try Self.harness()
        let id = try Self.begin(&hub, Self.three)
        #expect(hub.running.count == 1)
        Self.finish(&hub)
        let run = try Self.run(&hub, id)
        #expect(run["status"] == "completed")
        #expect(run["output"]?["c"] == ["ok": true])
        #expect(run["steps"] == 3)
        let step = ["workflow.stepEntered", "workflow.taskStarted", "workflow.stepExited"]
        let types = hub.types.filter { $0.hasPrefix("workflow.") }
        #expect(
            types == ["workflow.defined", "workflow.started"] + step + step + step
                + ["workflow.completed"]
        )
        let history = run["history"]?.arrayValue ?? []
        #expect(history.map { $0["offset"] } == (1...11).map { .integer($0) })
        #expect(try RuntimeState.replaying(hub.log) == hub.state)
    }

    @Test func `killed after any event, a run goes on and repeats no completed step`() throws {
        var hub = try Self.harness()
        _ = try Self.begin(&hub, Self.three)
        Self.finish(&hub)
        let log = hub.log
        let first = try #require(log.firstIndex { $0.event.type == .workflowStarted })
        for cut in first..<log.count {
            let state = try RuntimeState.replaying(Array(log[...cut]))
            var again = try CoreHarness(
                state: state,
                configuration: hub.core.configuration,
                seed: UInt64(cut),
                at: hub.now
            )
            again.advance(.zero)
            Self.finish(&again)
            let run = try #require(again.state.runs.records.values.first { _ in true })
            #expect(run.status == .completed, "cut after \(log[cut].event.type)")
            // Each state was carried out by one task, whatever was cut.
            #expect(again.state.tasks.count == 3, "cut after \(log[cut].event.type)")
            let exits = run.history.filter { $0.type == .workflowStepExited }
            #expect(exits.compactMap(\.state) == ["A", "B", "C"])
        }
    }

    @Test func `a failure is retried, caught, and undone in reverse`() throws {
        var hub = try Self.harness()
        let id = try Self.begin(
            &hub,
            Self.machine(
                "A",
                [
                    "A": Self.task("B", ["Compensate": "UndoA", "ResultPath": "$.a"]),
                    "B": Self.task("C", ["Compensate": "UndoB", "ResultPath": "$.b"]),
                    "C": Self.task(
                        nil,
                        [
                            "Retry": [
                                ["ErrorEquals": ["BROKEN"], "IntervalSeconds": 2, "MaxAttempts": 1]
                            ]
                        ]
                    ),
                    "UndoA": Self.task(nil, ["Parameters": ["n": 10]]),
                    "UndoB": Self.task(nil, ["Parameters": ["n": 20]]),
                ]
            )
        )
        for _ in 0..<2 {
            let task = try #require(hub.running.first?.attempt.taskID)
            hub.end(task)
            hub.advance(.zero)
        }
        for wait in [Duration.seconds(2), .zero] {
            let task = try #require(hub.running.first?.attempt.taskID)
            hub.end(task, .failed(TaskFailure(code: "BROKEN", message: "it is")))
            hub.advance(.zero)
            #expect(hub.running.isEmpty == (wait > .zero))
            hub.advance(wait)
        }
        #expect(try Self.run(&hub, id)["status"] == "compensating")
        var undone: [JSONValue?] = []
        while let attempt = hub.running.first?.attempt {
            undone.append(try JSONValue(parsing: attempt.payload.bytes)["n"])
            hub.end(attempt.taskID)
            hub.advance(.zero)
        }
        #expect(undone == [20, 10])
        let run = try Self.run(&hub, id)
        #expect(run["status"] == "failed" && run["error"]?["error"] == "BROKEN")
        #expect(hub.types.count { $0 == "workflow.compensated" } == 2)
        #expect(try RuntimeState.replaying(hub.log) == hub.state)
    }

    @Test func `a run within a run gives its output to it`() throws {
        var hub = try Self.harness()
        _ = try hub.call(
            Self.define(Self.machine("In", ["In": Self.task(nil)]), as: "inner")
        )
        let id = try Self.begin(
            &hub,
            Self.machine(
                "Out",
                ["Out": ["Type": "Task", "Resource": "workflow:inner", "End": true]]
            )
        )
        hub.advance(.zero)
        Self.finish(&hub)
        let run = try Self.run(&hub, id)
        #expect(run["status"] == "completed" && run["output"] == ["ok": true])
        #expect(hub.state.runs.records.count == 2)
        #expect(try RuntimeState.replaying(hub.log) == hub.state)
    }

    @Test func `runs lie only so deep in one another`() throws {
        var hub = try Self.harness { $0.workflows.maximumDepth = 3 }
        let id = try Self.begin(
            &hub,
            Self.machine(
                "Again",
                ["Again": ["Type": "Task", "Resource": "workflow:flow", "End": true]]
            )
        )
        for _ in 0..<10 { hub.advance(.zero) }
        let run = try Self.run(&hub, id)
        #expect(run["status"] == "failed" && run["error"]?["error"] == "CONFLICT")
        #expect(hub.state.runs.records.count == 4)
    }

    @Test func `budgets of steps and of time end a run`() throws {
        let loop = Self.machine(
            "A",
            [
                "A": ["Type": "Pass", "Next": "B"],
                "B": [
                    "Type": "Choice",
                    "Choices": [["Variable": "$.n", "NumericEquals": 1, "Next": "A"]],
                    "Default": "C",
                ],
                "C": ["Type": "Succeed"],
            ]
        )
        var hub = try Self.harness()
        _ = try hub.call(Self.define(loop))
        let draft = RunDraft(params: [
            "name": "flow", "input": ["n": 1], "budget": ["steps": 50],
        ])
        let steps = try hub.call(.workflow(.start(draft)))["id"]?.stringValue ?? ""
        for _ in 0..<20 { hub.advance(.zero) }
        let run = try Self.run(&hub, steps)
        #expect(run["status"] == "failed")
        #expect(run["error"]?["error"] == "OmniHub.BudgetExceeded")

        _ = try hub.call(Self.define(Self.three))
        let timed = RunDraft(params: [
            "name": "flow", "input": ["n": 1], "budget": ["seconds": 5],
        ])
        let time = try hub.call(.workflow(.start(timed)))["id"]?.stringValue ?? ""
        hub.advance(.zero)
        hub.stepWallClock(byMilliseconds: 3_600_000)
        hub.advance(.seconds(4))
        #expect(try Self.run(&hub, time)["status"] == "running")
        hub.advance(.seconds(1))
        #expect(try Self.run(&hub, time)["error"]?["error"] == "States.Timeout")
        #expect(hub.cancelled.count == 1)
    }

    @Test func `tokens that tasks use count towards the budget of the run`() throws {
        var hub = try Self.harness()
        _ = try hub.call(Self.define(Self.three))
        let draft = RunDraft(params: [
            "name": "flow", "input": ["n": 1], "budget": ["tokens": 100],
        ])
        let id = try hub.call(.workflow(.start(draft)))["id"]?.stringValue ?? ""
        hub.advance(.zero)
        let running = try #require(hub.running.first)
        for _ in 0..<2 {
            hub.report(
                .usage(running.token, engine: "test/model", .init(prompt: 40, completion: 20))
            )
        }
        hub.end(running.attempt.taskID)
        hub.advance(.zero)
        let run = try Self.run(&hub, id)
        #expect(run["tokens"] == 120)
        #expect(run["error"]?["error"] == "OmniHub.BudgetExceeded")
        #expect(try RuntimeState.replaying(hub.log) == hub.state)
    }

    @Test func `events start runs, and a loop of them has an end`() throws {
        var hub = try Self.harness { $0.workflows.maximumTriggerDepth = 2 }
        _ = try hub.call(
            Self.define(
                Self.machine("A", ["A": Self.task(nil, ["Parameters": ["n": 1]])]),
                triggers: [
                    ["filter": ["types": ["task.completed"], "taskType": "worker.work"]]
                ]
            )
        )
        let task = try hub.create()
        hub.end(task)
        for _ in 0..<10 {
            hub.advance(.zero)
            Self.finish(&hub)
        }
        #expect(hub.state.runs.records.count == 3)
        let runs = try hub.call(.workflow(.runs(RunQuery())))["runs"]?.arrayValue ?? []
        #expect(runs.allSatisfy { $0["cause"]?["by"] == "event" && $0["status"] == "completed" })
        #expect(runs.last?["input"]?["taskId"] == .string(task))
        #expect(hub.core.statistics.triggers == [.started: 3, .depth: 1])
        #expect(try RuntimeState.replaying(hub.log) == hub.state)
    }

    @Test func `events start a workflow only so often in a minute`() throws {
        var hub = try Self.harness { $0.workflows.triggersPerMinute = 2 }
        _ = try hub.call(
            Self.define(
                Self.machine("A", ["A": ["Type": "Succeed"]]),
                triggers: [["filter": ["types": ["task.created"]]]]
            )
        )
        for _ in 0..<4 { _ = try hub.create() }
        #expect(hub.state.runs.records.count == 2)
        hub.advance(.seconds(30))
        _ = try hub.create()
        #expect(hub.state.runs.records.count == 3)
    }

    @Test func `however many runs an event starts are in its commit`() throws {
        var hub = try Self.harness()
        for number in 0..<200 {
            _ = try hub.call(
                Self.define(
                    Self.machine("A", ["A": ["Type": "Succeed"]]),
                    as: "flow-\(number)",
                    triggers: [["filter": ["types": ["task.created"]]]]
                )
            )
        }
        // Nothing but what this command leads to at once.
        _ = try hub.create()
        #expect(hub.state.runs.records.count == 200)
    }

    @Test func `a run keeps the definition it was started with`() throws {
        var hub = try Self.harness { $0.workflows.keptVersions = 1 }
        let id = try Self.begin(&hub, Self.three)
        let other = Self.machine("Z", ["Z": ["Type": "Succeed"]])
        #expect(try hub.call(Self.define(other))["version"] == 2)
        let gone = WorkflowCommand.get(name: "flow", version: 1)
        #expect(hub.refusal(of: .workflow(gone))?.code == .notFound)
        #expect(try hub.call(.workflow(.delete(name: "flow"))) == [:])
        #expect(hub.refusal(of: Self.start())?.code == .notFound)
        Self.finish(&hub)
        #expect(try Self.run(&hub, id)["status"] == "completed")
        #expect(try RuntimeState.replaying(hub.log) == hub.state)
    }

    @Test func `a cancelled run takes its tasks with it`() throws {
        var hub = try Self.harness()
        let id = try Self.begin(&hub, Self.three)
        let running = try #require(hub.running.first)
        let run = try hub.call(.workflow(.cancel(id: id)), key: "once")
        #expect(run["status"] == "cancelled")
        #expect(hub.cancelled == [running.token])
        hub.report(.ended(running.token, .stopped))
        #expect(try hub.state.task(running.attempt.taskID).status == .cancelled)
        #expect(try hub.call(.workflow(.cancel(id: id)), key: "once") == run)
        #expect(hub.refusal(of: .workflow(.cancel(id: id)))?.code == .conflict)
    }

    @Test func `what a definition refers to must be there`() throws {
        var hub = try Self.harness()
        let wrong: [(JSONObject, String)] = [
            (
                ["A": ["Type": "Task", "Resource": "agent:worker/none", "End": true]],
                "/definition/States/A/Resource"
            ),
            (
                ["A": ["Type": "Task", "Resource": "workflow:none", "End": true]],
                "/definition/States/A/Resource"
            ),
            (["A": ["Type": "Pass", "Next": "B"]], "/definition/States/A/Next"),
            (
                ["A": ["Type": "Succeed"], "B/C": ["Type": "Succeed"]],
                "/definition/States/B~1C"
            ),
        ]
        for (states, path) in wrong {
            do {
                let answer = try hub.call(Self.define(Self.machine("A", states)))
                Issue.record("accepted: \(answer)")
            } catch {
                #expect(error.details.map(\.path).contains(path), "\(error)")
            }
        }
        #expect(hub.state.workflows.names.isEmpty)
    }

    @Test func `a task that cannot be created fails its state`() throws {
        var hub = try Self.harness()
        let id = try Self.begin(
            &hub,
            Self.machine("A", ["A": Self.task(nil, ["Parameters": ["n": "no number"]])])
        )
        hub.advance(.zero)
        let run = try Self.run(&hub, id)
        #expect(run["status"] == "failed" && run["error"]?["error"] == "VALIDATION_ERROR")
        #expect(hub.state.tasks.count == 0)
    }

    @Test func `runs that have ended are forgotten by count, and their definition with them`()
        throws
    {
        var hub = try Self.harness {
            $0.retention.maximumRuns = 2
            $0.workflows.keptVersions = 1
        }
        _ = try hub.call(Self.define(Self.machine("A", ["A": ["Type": "Succeed"]])))
        for _ in 0..<5 {
            _ = try hub.call(Self.start())
            hub.advance(.zero)
        }
        #expect(hub.state.runs.records.count == 2)
        _ = try hub.call(Self.define(Self.three))
        #expect(hub.state.workflows.versions.count == 2)
        for _ in 0..<2 {
            _ = try hub.call(Self.start())
            hub.advance(.zero)
            Self.finish(&hub)
        }
        #expect(hub.state.workflows.versions.count == 1)
        #expect(try RuntimeState.replaying(hub.log) == hub.state)
    }

    @Test func `only so many runs are unfinished at a time`() throws {
        var hub = try Self.harness { $0.workflows.maximumRuns = 1 }
        _ = try Self.begin(&hub, Self.three)
        #expect(hub.refusal(of: Self.start())?.code == .busy)
    }

    @Test func `a schedule starts a workflow`() throws {
        var hub = try Self.harness()
        _ = try hub.call(Self.define(Self.three))
        let draft = try ScheduleDraft(params: [
            "cron": "* * * * *", "workflow": ["name": "flow", "input": ["n": 1]],
        ])
        let schedule = try hub.call(.schedule(.create(draft)))["id"]?.stringValue ?? ""
        hub.advance(.seconds(60))
        hub.advance(.zero)
        #expect(hub.running.count == 1)
        let shown = try hub.call(.schedule(.get(id: schedule)))
        let run = try #require(shown["running"]?["runId"]?.stringValue)
        #expect(try Self.run(&hub, run)["cause"]?["scheduleId"] == .string(schedule))
        // The next time comes while the run goes on.
        hub.advance(.seconds(60))
        #expect(hub.types.contains("schedule.skipped"))
        Self.finish(&hub)
        hub.advance(.seconds(60))
        hub.advance(.zero)
        #expect(hub.state.runs.records.count == 2)
    }

    @Test func `what a run tells says whose it is`() throws {
        var hub = try Self.harness()
        _ = try Self.begin(&hub, Self.three)
        let id = try #require(hub.state.runs.records.values.first { _ in true }).id
        let record = try #require(hub.state.runs[id])
        #expect(record.start.owner == Owner(userID: "anna", role: .admin))
        let events = hub.recorded.filter { $0.event.runID == id }
        #expect(!events.isEmpty && events.allSatisfy { $0.event.change.ownerID == "anna" })
    }
}
