import AgentRuntime
import JSONRPC
import Testing

@testable import Agents

@Suite struct BuiltInAgentsTests {
    private static let functions =
        ContentAgent.functions + StrategyAgent.functions + WebsiteAgent.functions

    @Test func `there are three agents with seven task types`() {
        #expect(BuiltInAgents.all.map(\.description.id) == ["content", "strategy", "website"])
        #expect(
            BuiltInAgents.all.flatMap(\.description.taskTypes).map(\.name) == [
                "content.analyze", "content.keywords", "strategy.prioritize", "strategy.decide",
                "ab.evaluate", "ab.samplesize", "site.audit",
            ]
        )
    }

    @Test(arguments: ["content", "strategy", "website"])
    func `an agent is made from its type`(type: String) {
        #expect(BuiltInAgents.makeAgent(type: type)?.description.type == type)
    }

    @Test func `an unknown type makes no agent`() {
        #expect(BuiltInAgents.makeAgent(type: "seance") == nil)
    }

    @Test(arguments: functions.indices)
    func `examples work and results have what is promised`(index: Int) throws {
        let function = Self.functions[index]
        #expect(function.type.check(function.type.example).isEmpty)
        let result = try function(function.type.example)
        let required = function.type.resultSchema["required"]?.arrayValue ?? []
        #expect(!required.isEmpty)
        for name in required.compactMap(\.stringValue) {
            #expect(result[name] != nil, "\(function.type.name) lacks \(name)")
        }
    }

    @Test(arguments: functions.indices, [.null, [], "x", [:]] as [JSONValue])
    func `a payload against the schema is refused and never a crash`(
        index: Int,
        payload: JSONValue
    ) {
        let function = Self.functions[index]
        #expect(!function.type.check(payload).isEmpty)
        let failure = #expect(throws: TaskFailure.self) { try function(payload) }
        #expect(failure?.code == "VALIDATION_ERROR")
        #expect(failure?.isRetryable == false)
    }

    @Test func `an agent runs the tasks of its types and no others`() async throws {
        let agent = WebsiteAgent()
        let context = RecordingContext()
        var attempt = TaskAttempt(
            taskID: "1",
            type: "ab.samplesize",
            payload: ["baseline": 0.1, "minimumEffect": 0.02],
            attempt: 1,
            randomSeed: 0
        )
        let result = try await agent.run(attempt, context: context)
        #expect(result["perVariant"] == 3_841)
        attempt.type = "content.analyze"
        await #expect(throws: TaskFailure.self) {
            try await agent.run(attempt, context: context)
        }
    }
}
