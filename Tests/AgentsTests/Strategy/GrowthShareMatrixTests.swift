import JSONRPC
import Testing

@testable import Agents

@Suite struct GrowthShareMatrixTests {
    @Test func `products are placed by growth and relative share`() throws {
        let result = try GrowthShareMatrix.task([
            "products": [
                ["name": "a", "growth": 10, "relativeShare": 1],
                ["name": "b", "growth": 9.9, "relativeShare": 1],
                ["name": "c", "growth": 10, "relativeShare": 0.99],
                ["name": "d", "growth": -5, "relativeShare": 0],
            ]
        ])
        let places = ["star", "cash-cow", "question-mark", "dog"]
        #expect(result["products"]?.texts("quadrant") == places)
        #expect(places.allSatisfy { result["counts"]?[$0] == 1 })
    }

    @Test func `thresholds can be moved`() throws {
        let result = try GrowthShareMatrix.task([
            "products": [["name": "a", "growth": 4, "relativeShare": 0.5]],
            "growthThreshold": 3, "shareThreshold": 0.5,
        ])
        #expect(result["products"]?.texts("quadrant") == ["star"])
    }
}
