import AgentRuntime
import JSONRPC
import Testing

@testable import Agents

@Suite struct PrioritizationTests {
    @Test func `RICE is reach times impact times confidence by effort`() throws {
        let result = try Prioritization.task(Prioritization.task.type.example)
        let ranking = try #require(result["ranking"])
        #expect(ranking.texts("name") == ["Dark mode", "Faster search", "Import"])
        #expect(ranking.numbers("score") == [400, 375, 300])
        #expect(ranking.numbers("rank") == [1, 2, 3])
    }

    @Test func `ICE multiplies by ease or divides by effort`() throws {
        let result = try Prioritization.task([
            "method": "ice",
            "items": [
                ["name": "by effort", "impact": 8, "confidence": 5, "effort": 4],
                ["name": "by ease", "impact": 8, "confidence": 5, "ease": 4, "effort": 9],
            ],
        ])
        #expect(result["ranking"]?.texts("name") == ["by ease", "by effort"])
        #expect(result["ranking"]?.numbers("score") == [160, 10])
    }

    @Test func `equal items share a rank`() throws {
        let item: JSONValue = ["name": "x", "reach": 1, "impact": 1, "confidence": 1, "effort": 1]
        let result = try Prioritization.task(["items": [item, item]])
        #expect(result["ranking"]?.numbers("rank") == [1, 1])
    }

    @Test func `what the method needs is asked for at submit`() {
        let bare: JSONValue = ["items": [["name": "x", "impact": 1, "confidence": 1]]]
        #expect(Prioritization.task.refusedPaths(bare) == ["/items/0/effort"])
        let noEase: JSONValue = [
            "method": "ice", "items": [["name": "x", "impact": 1, "confidence": 1]],
        ]
        #expect(Prioritization.task.refusedPaths(noEase) == ["/items/0"])
    }

    @Test(arguments: [0, -1.0])
    func `an effort that is not above zero is refused`(effort: Double) {
        let item: JSONValue = [
            "name": "x", "reach": 1, "impact": 1, "confidence": 1, "effort": .double(effort),
        ]
        #expect(Prioritization.task.refusedPaths(["items": [item]]) == ["/items/0/effort"])
    }

    @Test func `the largest figures have a finite score`() throws {
        let item: JSONValue = [
            "name": "x", "reach": 1e12, "impact": 1e12, "confidence": 1e12, "effort": 1e-9,
        ]
        let result = try Prioritization.task(["items": [item]])
        #expect(result["ranking"]?.numbers("score") == [1e45])
    }
}
