import AgentRuntime
import JSONRPC
import Testing

@testable import Agents

@Suite struct DecisionTests {
    private static func payload(_ changes: [String: JSONValue?]) -> JSONValue {
        var object: JSONObject = [
            "method": "ahp",
            "alternatives": ["x", "y"],
            "criteria": [
                ["name": "price", "weight": 1, "benefit": false], ["name": "speed", "weight": 3],
            ],
            "matrix": [[100, 10], [300, 30]],
        ]
        for (name, value) in changes { object[name] = value }
        return .object(object)
    }

    @Test func `TOPSIS shows how it came to its ranking`() throws {
        let result = try Decision.task(Self.payload(["method": "topsis"]))
        #expect(result["ranking"]?.texts("alternative") == ["y", "x"])
        let weights = try #require(result["weights"])
        #expect(weights.numbers("weight") == [0.25, 0.75])
        let intermediate = try #require(result["intermediate"])
        #expect(intermediate["normalized"]?.arrayValue?.count == 2)
        #expect(intermediate["ideal"]?.arrayValue?.count == 2)
        #expect(intermediate["distances"]?.texts("alternative") == ["x", "y"])
    }

    @Test func `AHP takes measured columns where nothing is compared`() throws {
        let result = try Decision.task(Self.payload([:]))
        // x has 3/4 of the good prices and 1/4 of the speed.
        let scores = result["ranking"]?.numbers("score") ?? []
        #expect(result["ranking"]?.texts("alternative") == ["y", "x"])
        #expect(scores.first?.isClose(to: 0.25 * 0.25 + 0.75 * 0.75) == true)
        #expect(scores.last?.isClose(to: 0.25 * 0.75 + 0.75 * 0.25) == true)
        #expect(result["lambdaMax"] == .double(2))
        #expect(result["consistent"] == true)
    }

    @Test func `AHP weighs by comparisons of criteria and alternatives`() throws {
        let result = try Decision.task(
            Self.payload([
                "criteriaComparisons": [[1, 3], [0.3333333333333333, 1]],
                "alternativeComparisons": [[[1, 4], [0.25, 1]], [[1, 0.5], [2, 1]]],
                "matrix": nil,
            ])
        )
        let scores = result["ranking"]?.numbers("score") ?? []
        #expect(result["ranking"]?.texts("alternative") == ["x", "y"])
        #expect(scores.first?.isClose(to: 0.75 * 0.8 + 0.25 / 3) == true)
        #expect(result["weights"]?.numbers("weight").first?.isClose(to: 0.75) == true)
    }

    @Test func `contradicting judgements are said to be so`() throws {
        let result = try Decision.task([
            "method": "ahp",
            "alternatives": ["x"],
            "criteria": [["name": "a"], ["name": "b"], ["name": "c"]],
            "criteriaComparisons": [[1, 9, 0.2], [0.1111, 1, 9], [5, 0.1111, 1]],
            "matrix": [[1, 1, 1]],
        ])
        #expect(result["consistent"] == false)
        #expect(result.number("consistencyRatio") > 1)
    }

    @Test(
        arguments: [
            (["matrix": [[1, 2]]], "/matrix"),
            (["matrix": [[1, 2], [3]]], "/matrix/1"),
            (["matrix": [[1, 2], [3, "x"]]], "/matrix/1"),
            (["matrix": [[0, 2], [3, 4]]], "/matrix"),
            (["matrix": [[-1, 2], [3, 4]]], "/matrix"),
            (["matrix": nil], "/matrix"),
            (["criteriaComparisons": [[1, 2], [2, 1]]], "/criteriaComparisons"),
            (["criteriaComparisons": [[1]]], "/criteriaComparisons"),
            (["alternativeComparisons": [[[1, 1], [1, 1]]]], "/alternativeComparisons"),
            (
                ["alternativeComparisons": [[[1, 1], [1, 1]], [[1, 2], [2, 1]]]],
                "/alternativeComparisons/1"
            ),
            (
                ["criteria": [["name": "a", "weight": 0], ["name": "b", "weight": 0]]],
                "/criteria"
            ),
            (
                ["criteria": [["name": "a", "weight": 1], ["name": "b"]]],
                "/criteria/1/weight"
            ),
            (["alternatives": []], "/alternatives"),
            (["method": "dice"], "/method"),
        ] as [([String: JSONValue?], String)]
    )
    func `impossible input is refused where it is wrong`(
        changes: [String: JSONValue?],
        path: String
    ) {
        #expect(Decision.task.refusedPaths(Self.payload(changes)) == [path])
    }

    @Test func `TOPSIS takes zero and negative figures`() throws {
        let result = try Decision.task(
            Self.payload(["method": "topsis", "matrix": [[0, -1], [-1e15, 1e15]]])
        )
        #expect(result["ranking"]?.numbers("score").allSatisfy { (0...1).contains($0) } == true)
    }
}
