import JSONRPC
import Testing

@testable import Agents

@Suite struct MarketConcentrationTests {
    @Test(
        arguments: [
            ([100], 10_000, 100, "high"),
            ([30, 30, 20, 20], 2_600, 100, "high"),
            ([0.3, 0.3, 0.2, 0.2], 2_600, 100, "high"),
            ([25, 20, 15, 10, 10, 5, 5, 5, 5], 1_550, 70, "moderate"),
            ([10, 10, 10, 10, 10, 10, 10, 10, 10, 10], 1_000, 40, "moderate"),
            ([5, 5, 5, 5, 5, 5, 5, 5, 5, 5], 250, 20, "unconcentrated"),
        ] as [([JSONValue], Double, Double, String)]
    )
    func `shares have the indices of the guidelines`(
        shares: [JSONValue],
        hhi: Double,
        cr4: Double,
        band: String
    ) throws {
        let result = try MarketConcentration.task(["shares": .array(shares)])
        #expect(result.number("hhi").isClose(to: hhi))
        #expect(result.number("cr4").isClose(to: cr4))
        #expect(result["band"]?.stringValue == band)
        #expect(result.number("effectiveFirms").isClose(to: 10_000 / hhi))
    }

    @Test func `amounts are taken as shares of their sum`() throws {
        let result = try MarketConcentration.task(["shares": [3e14, 1e14], "unit": "amount"])
        #expect(result.number("hhi").isClose(to: 75 * 75 + 25 * 25))
    }

    @Test(
        arguments: [
            ["shares": [60, 60]], ["shares": [0, 0]], ["shares": [-1, 50]],
            ["shares": [0.7, 0.7], "unit": "fraction"],
        ] as [JSONValue]
    )
    func `shares that cannot be are refused`(payload: JSONValue) {
        #expect(MarketConcentration.task.refusedPaths(payload) == ["/shares"])
    }
}
