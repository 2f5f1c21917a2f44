import AgentRuntime
import JSONRPC
import Testing

@testable import Agents

@Suite struct TenderEvaluationTests {
    @Test func `prices are compared with the lowest that is admitted`() throws {
        let result = try TenderEvaluation.task(TenderEvaluation.task.type.example)
        // Acme: 40 × 95/120 + 60 × 0.8; Globex: 40 + 60 × 0.6.
        #expect(result["ranking"]?.texts("bid") == ["Acme", "Globex"])
        let totals = result["ranking"]?.numbers("total") ?? []
        #expect(totals.first?.isClose(to: 40.0 * 95 / 120 + 48) == true)
        #expect(totals.last?.isClose(to: 76) == true)
        #expect(result["excluded"]?.texts("bid") == ["Initech"])
    }

    @Test func `when all are excluded the ranking is empty`() throws {
        let result = try TenderEvaluation.task([
            "criteria": [["name": "a", "weight": 1, "minimum": 50]],
            "bids": [["name": "x", "scores": ["a": 1]]],
        ])
        #expect(result["ranking"] == [])
    }

    @Test(
        arguments: [
            (["a": 101], "/bids/0/scores/a"), ([:], "/bids/0/scores/a"),
            (["a": "x"], "/bids/0/scores/a"),
        ] as [(JSONValue, String)]
    )
    func `scores are figures in their range`(scores: JSONValue, path: String) {
        let payload: JSONValue = [
            "criteria": [["name": "a", "weight": 1]], "bids": [["name": "x", "scores": scores]],
        ]
        #expect(TenderEvaluation.task.refusedPaths(payload) == [path])
    }
}
