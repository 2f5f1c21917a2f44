import AgentRuntime
import JSONRPC
import Testing

@testable import Agents

@Suite struct BuiltInAgentsTests {
    private static let functions = BuiltInAgents.functions

    @Test func `agents and task types are those of the list`() {
        let list = BuiltInAgents.all.map { agent in
            let types = agent.description.taskTypes.map(\.name).joined(separator: " ")
            return "\(agent.description.id): \(types)"
        }
        #expect(
            list == [
                "content: content.analyze content.keywords content.generate content.seo",
                "sales: lead.score pipeline.forecast pipeline.velocity",
                "crm: ticket.triage kb.search customer.segment contact.dedupe",
                "influencer: influencer.score influencer.audit network.rank campaign.allocate",
                "sentiment: sentiment.analyze sentiment.trend crisis.detect",
                "revenue: revenue.forecast mrr.bridge cohort.retention anomaly.detect",
                "competitive: market.concentration competitor.compare feature.gap price.index",
                "strategy: strategy.prioritize strategy.decide strategy.swot strategy.portfolio",
                "website: site.build site.audit ab.evaluate ab.samplesize",
                "events: event.ics event.expand event.schedule event.report",
                "compliance: scan.secrets scan.pii privacy.kanonymity vuln.score audit.verify",
                "publicsector: abn.validate acn.validate tfn.validate deadline.compute "
                    + "tender.evaluate vote.count plainlanguage.check",
            ]
        )
        #expect(Set(Self.functions.map(\.type.name)).count == Self.functions.count)
    }

    @Test(arguments: BuiltInAgents.all.map(\.description.type))
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
