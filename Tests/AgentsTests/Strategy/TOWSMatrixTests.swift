import JSONRPC
import Testing

@testable import Agents

@Suite struct TOWSMatrixTests {
    @Test func `every inner factor meets every outer one`() throws {
        let result = try TOWSMatrix.task([
            "factors": [
                ["text": "s", "kind": "strength", "weight": 2],
                ["text": "w", "kind": "weakness"],
                ["text": "o", "kind": "opportunity", "weight": 3],
                ["text": "p", "kind": "opportunity"],
                ["text": "t", "kind": "threat", "weight": 5],
            ]
        ])
        #expect(result["pairs"]?.texts("quadrant") == ["ST", "SO", "WT", "WO", "SO", "WO"])
        #expect(result["pairs"]?.numbers("score") == [10, 6, 5, 3, 2, 1])
        #expect(result["quadrants"]?.number("SO") == 8)
        #expect(result["posture"] == "ST")
    }

    @Test func `one kind of factor alone makes no pair`() throws {
        let result = try TOWSMatrix.task(["factors": [["text": "s", "kind": "strength"]]])
        #expect(result["pairs"] == [])
        #expect(result["posture"] == .null)
    }

    @Test func `more pairs than are listed are counted`() throws {
        let inner = [JSONValue](repeating: ["text": "s", "kind": "strength"], count: 100)
        let outer = [JSONValue](repeating: ["text": "t", "kind": "threat"], count: 100)
        let result = try TOWSMatrix.task(["factors": .array(inner + outer)])
        #expect(result["pairs"]?.arrayValue?.count == TOWSMatrix.pairLimit)
        #expect(result["omitted"] == .integer(10_000 - TOWSMatrix.pairLimit))
        #expect(result["quadrants"]?.number("ST") == 10_000)
    }
}
