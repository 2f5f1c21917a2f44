import JSONRPC
import Testing

@testable import Agents

@Suite struct PriceIndexTests {
    @Test(
        arguments: [
            (50, [100, 100], 50, "lowest", 1), (150, [100, 100], 150, "highest", 3),
            (90, [80, 120], 90, "below", 2), (110, [80, 120], 110, "above", 2),
            (100.5, [80, 120], 100.5, "average", 2),
        ] as [(Double, [JSONValue], Double, String, Int)]
    )
    func `a price has its place`(
        ours: Double,
        competitors: [JSONValue],
        index: Double,
        position: String,
        rank: Int
    ) throws {
        let result = try PriceIndex.task([
            "ours": .double(ours), "competitors": .array(competitors),
        ])
        #expect(result.number("index").isClose(to: index))
        #expect(result["position"]?.stringValue == position)
        #expect(result["rank"] == .integer(rank))
    }

    @Test func `weights are relative`() throws {
        let result = try PriceIndex.task([
            "ours": 100, "competitors": [50, 150], "weights": [30, 10],
        ])
        #expect(result.number("average").isClose(to: 75))
    }

    @Test(
        arguments: [
            (["ours": 1, "competitors": [1, 2], "weights": [1]], "/weights"),
            (["ours": 1, "competitors": [1, 2], "weights": [0, 0]], "/weights"),
            (["ours": 0, "competitors": [1]], "/ours"),
            (["ours": 1, "competitors": [0]], "/competitors"),
        ] as [(JSONValue, String)]
    )
    func `impossible figures are refused`(payload: JSONValue, path: String) {
        #expect(PriceIndex.task.refusedPaths(payload) == [path])
    }
}
