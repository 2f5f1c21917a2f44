import JSONRPC
import Testing
import Workflows

@Suite("Runs of workflows")
struct RunTests {
    @Test("A task gets the input and its result goes on")
    func task() throws {
        var simulation = try Simulation(
            #"""
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:sales/lead.score",
            "Parameters":{"lead.$":"$.who"},"ResultSelector":{"s.$":"$.score"},"ResultPath":"$.out",
            "TimeoutSecondsPath":"$.limit","End":true}}}
            """#,
            input: #"{"who":{"name":"n"},"limit":7}"#
        )
        try simulation.finish()
        let task = try #require(simulation.tasks.first)
        #expect(task.resource == .agent(id: "sales", taskType: "lead.score"))
        #expect(task.input.text == #"{"lead":{"name":"n"}}"#)
        #expect(task.times.timeout == 7)
        try simulation.answer(.success(["score": 5, "more": true]))
        #expect(simulation.output?.text == #"{"who":{"name":"n"},"limit":7,"out":{"s":5}}"#)
    }

    @Test("An answer that nobody waits for changes nothing")
    func staleAnswers() throws {
        var simulation = try Simulation(
            #"""
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b",
            "Retry":[{"ErrorEquals":["E"]}],"End":true}}}
            """#
        )
        try simulation.finish()
        let first = try #require(simulation.tasks.first)
        try simulation.answer(.failure(WorkflowError("E", "first")))
        for position in [first.position, .compensation, RunPosition(indices: [4, 2])] {
            let late = simulation.run.answered(
                position,
                attempt: first.attempt,
                with: .success(1),
                limits: simulation.limits,
                now: simulation.now,
                random: &simulation.random
            )
            #expect(late.isEmpty)
        }
        try simulation.finish()
        try simulation.answer(.success("second"))
        #expect(simulation.output == "second")
    }

    @Test("Retries wait longer and longer, and end")
    func retries() throws {
        var simulation = try Simulation(
            #"""
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","Retry":[
            {"ErrorEquals":["Rare"],"MaxAttempts":0},
            {"ErrorEquals":["States.TaskFailed"],"IntervalSeconds":2,"BackoffRate":3,"MaxAttempts":4,
            "MaxDelaySeconds":30}],"End":true}}}
            """#
        )
        var starts: [Int64] = []
        try simulation.finish()
        while !simulation.tasks.isEmpty {
            starts.append((simulation.now - 1_700_000_000_000) / 1_000)
            try simulation.answer(.failure(WorkflowError("E", "no")))
            try simulation.finish()
        }
        #expect(starts == [0, 2, 8, 26, 56])
        #expect(simulation.error == WorkflowError("E", "no"))
    }

    @Test("A timeout is no failed task, and States.ALL takes both")
    func timeouts() throws {
        let definition = #"""
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","Catch":[
            {"ErrorEquals":["States.TaskFailed"],"Next":"Failed","ResultPath":"$.error"},
            {"ErrorEquals":["States.ALL"],"Next":"Other"}],"End":true},
            "Failed":{"Type":"Pass","End":true},"Other":{"Type":"Pass","End":true}}}
            """#
        var simulation = try Simulation(definition, input: #"{"a":1}"#)
        try simulation.finish()
        try simulation.answer(.failure(WorkflowError("BAD", "why")))
        #expect(simulation.output?.text == #"{"a":1,"error":{"Error":"BAD","Cause":"why"}}"#)
        simulation = try Simulation(definition)
        try simulation.finish()
        try simulation.answer(.failure(WorkflowError("States.Timeout", "late")))
        #expect(simulation.output?.text == #"{"Error":"States.Timeout","Cause":"late"}"#)
    }

    @Test("When a branch fails, the tasks of the others are cancelled")
    func failingBranch() throws {
        var simulation = try Simulation(
            #"""
            {"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/one","End":true}}},
            {"StartAt":"B","States":{"B":{"Type":"Task","Resource":"agent:a/two","End":true}}}],
            "Catch":[{"ErrorEquals":["States.BranchFailed"],"Next":"Done"}],"End":true},
            "Done":{"Type":"Succeed"}}}
            """#
        )
        try simulation.finish()
        #expect(simulation.tasks.map(\.attempt) == [1, 2])
        try simulation.answer(.failure(WorkflowError("E", "")))
        #expect(simulation.cancelled == [2])
        #expect(simulation.output?["Error"] == "E")
    }

    @Test("A map runs as many iterations at once as it may")
    func concurrency() throws {
        var simulation = try Simulation(
            #"""
            {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,"ItemProcessor":
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","End":true}}},
            "End":true}}}
            """#,
            input: "[1,2,3,4,5]"
        )
        try simulation.finish()
        while !simulation.tasks.isEmpty {
            #expect(simulation.tasks.count <= 2)
            try simulation.answer()
        }
        #expect(simulation.output?.text == "[1,2,3,4,5]")
    }

    @Test(
        "A map goes on after as many failures as it tolerates",
        arguments: [(1, true), (2, false)]
    )
    func tolerance(failures: Int, succeeds: Bool) throws {
        var simulation = try Simulation(
            #"""
            {"StartAt":"M","States":{"M":{"Type":"Map","ToleratedFailurePercentage":50,"ItemProcessor":
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","End":true}}},
            "End":true}}}
            """#,
            input: "[1,2,3]"
        )
        try simulation.finish()
        for _ in 0..<failures { try simulation.answer(.failure(WorkflowError("E", "c"))) }
        while !simulation.tasks.isEmpty { try simulation.answer() }
        if succeeds {
            #expect(simulation.output?.text == #"[{"Error":"E","Cause":"c"},2,3]"#)
        } else {
            #expect(simulation.error?.name == "States.ExceedToleratedFailureThreshold")
        }
    }

    private static let saga = #"""
        {"StartAt":"P","States":{
        "P":{"Type":"Parallel","ResultPath":null,"Next":"Charge","Branches":[
          {"StartAt":"Flight","States":{
            "Flight":{"Type":"Task","Resource":"agent:a/flight","Compensate":"NoFlight","End":true},
            "NoFlight":{"Type":"Task","Resource":"agent:a/noflight","End":true,
              "Retry":[{"ErrorEquals":["E"],"MaxAttempts":1}]}}},
          {"StartAt":"Hotel","States":{
            "Hotel":{"Type":"Task","Resource":"agent:a/hotel","Compensate":"NoHotel","End":true},
            "NoHotel":{"Type":"Task","Resource":"agent:a/nohotel","Parameters":{"id.$":"$.result.id"},
              "End":true}}}]},
        "Charge":{"Type":"Task","Resource":"agent:a/charge","End":true}}}
        """#

    @Test("An unhandled failure undoes the completed tasks, the last one first")
    func compensation() throws {
        var simulation = try Simulation(Self.saga, input: #"{"trip":1}"#)
        try simulation.finish()
        try simulation.answer(.success(["id": 11]))
        try simulation.answer(.success(["id": 22]))
        try simulation.answer(.failure(WorkflowError("Declined", "no money")))
        #expect(simulation.run.isCompensating && simulation.run.outcome == nil)
        #expect(simulation.tasks.map(\.resource) == [.agent(id: "a", taskType: "nohotel")])
        #expect(simulation.tasks[0].input.text == #"{"id":22}"#)
        try simulation.answer(.success(1))
        #expect(simulation.tasks.map(\.resource) == [.agent(id: "a", taskType: "noflight")])
        #expect(simulation.tasks[0].input.text == #"{"input":{"trip":1},"result":{"id":11}}"#)
        try simulation.answer(.failure(WorkflowError("E", "again")))
        try simulation.finish()
        try simulation.answer(.success(1))
        #expect(simulation.error == WorkflowError("Declined", "no money"))
        #expect(simulation.events.filter { $0 == .compensated(nil) }.count == 2)
    }

    @Test("What cannot be undone is told, and the rest is undone")
    func failingCompensation() throws {
        var simulation = try Simulation(Self.saga)
        try simulation.finish()
        try simulation.answer(.success(["id": 11]))
        try simulation.answer(.success(["id": 22]))
        try simulation.answer(.failure(WorkflowError("Declined", "")))
        try simulation.answer(.failure(WorkflowError("Broken", "")))
        #expect(simulation.events.contains(.compensated(WorkflowError("Broken", ""))))
        try simulation.answer(.success(1))
        #expect(simulation.error?.name == "Declined")
    }

    @Test("A cancelled run asks for its tasks to be cancelled and undoes nothing")
    func cancel() throws {
        var simulation = try Simulation(Self.saga)
        try simulation.finish()
        try simulation.answer()
        try simulation.apply(try #require(simulation.run.cancelled()))
        #expect(simulation.run.outcome == .cancelled)
        #expect(simulation.cancelled == [2] && simulation.tasks.isEmpty)
        #expect(
            simulation.run.cancelled() == nil && simulation.run.deadline(simulation.limits) == nil
        )
    }

    private static let loop = #"""
        {"StartAt":"A","Budget":{"Steps":50,"Tokens":100},"TimeoutSeconds":60,"States":{
        "A":{"Type":"Task","Resource":"agent:a/b","Next":"B","Catch":[
          {"ErrorEquals":["States.ALL"],"Next":"B"}]},
        "B":{"Type":"Choice","Choices":[{"Variable":"$.end","IsPresent":true,"Next":"C"}],"Default":"A"},
        "C":{"Type":"Succeed"}}}
        """#

    @Test("No more steps are taken than the budget has")
    func steps() throws {
        var simulation = try Simulation(Self.loop)
        try simulation.finish()
        while !simulation.tasks.isEmpty { try simulation.answer() }
        #expect(simulation.error == WorkflowError("OmniHub.BudgetExceeded", "more than 50 steps"))
        #expect(simulation.run.stepsUsed == 51)
    }

    @Test("No more tokens are used than the budget has, but for those of the last answer")
    func tokens() throws {
        var simulation = try Simulation(Self.loop)
        try simulation.finish()
        try simulation.answer(tokens: 60)
        #expect(simulation.run.outcome == nil)
        try simulation.answer(tokens: 60)
        #expect(simulation.error == WorkflowError("OmniHub.BudgetExceeded", "more than 100 tokens"))
    }

    @Test("A run ends when its time is up, whatever it waits for")
    func time() throws {
        var simulation = try Simulation(Self.loop)
        try simulation.finish()
        simulation.now = try #require(simulation.run.deadline(simulation.limits))
        try simulation.settle()
        #expect(simulation.error?.name == "States.Timeout")
        #expect(simulation.cancelled == [1])
    }

    @Test("Data that is too large or too deep ends in an error that has its own name")
    func dataLimits() throws {
        let definition = #"""
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","End":true,"Catch":[
            {"ErrorEquals":["States.ALL"],"Next":"B"}]},"B":{"Type":"Succeed"}}}
            """#
        var simulation = try Simulation(definition)
        try simulation.finish()
        try simulation.answer(.success(.string(String(repeating: "x", count: 262_144))))
        #expect(simulation.error?.name == "States.DataLimitExceeded")
        var deep = JSONValue.array([])
        for _ in 0..<40 { deep = .array([deep]) }
        simulation = try Simulation(definition)
        try simulation.finish()
        try simulation.answer(.success(deep))
        #expect(simulation.error?.name == "States.DataLimitExceeded")
    }

    @Test("Waits last as long as they say")
    func waits() throws {
        var simulation = try Simulation(
            #"""
            {"StartAt":"A","States":{"A":{"Type":"Wait","SecondsPath":"$.s","Next":"B"},
            "B":{"Type":"Wait","TimestampPath":"$.t","End":true}}}
            """#,
            input: #"{"s":90,"t":"2023-11-14T23:00:00.500Z"}"#
        )
        try simulation.settle()
        #expect(simulation.run.deadline(simulation.limits) == 1_700_000_090_000)
        try simulation.finish()
        #expect(simulation.now == 1_700_002_800_500 && simulation.output?["s"] == 90)
    }

    @Test("The context object tells of run, state and item")
    func context() throws {
        var simulation = try Simulation(
            #"""
            {"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"P","States":{"P":{
            "Type":"Pass","Parameters":{"run.$":"$$.Execution.Id","at.$":"$$.Execution.StartTime",
            "state.$":"$$.State.Name","i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value",
            "flow.$":"$$.StateMachine.Name"},"End":true}}},"End":true}}}
            """#,
            input: #"["x"]"#
        )
        try simulation.finish()
        #expect(
            simulation.output?.text
                == #"[{"run":"run","at":"2023-11-14T22:13:20.000Z","state":"P","i":0,"v":"x","flow":"flow"}]"#
        )
    }
}
