import JSONRPC
import Testing

@testable import Agents

@Suite struct EventReportTests {
    @Test func `figures are those of the definitions`() throws {
        let result = try EventReport.task([
            "registrations": 10, "attendance": 8, "ratings": [1, 2, 5, 5],
            "nps": [10, 9, 8, 7, 6, 0, 10, 10],
        ])
        #expect(result.number("attendanceRate").isClose(to: 0.8))
        #expect(result["ratings"]?.number("median") == 3.5)
        #expect(
            result["ratings"]?.number("standardDeviation").isClose(to: 2.0615528128088303) == true
        )
        #expect(result["nps"]?.number("score").isClose(to: 25) == true)
    }

    @Test func `nothing is no division by zero`() throws {
        let result = try EventReport.task(["registrations": 0, "attendance": 5])
        #expect(result["attendanceRate"] == .null)
        #expect(result["ratings"] == .null)
        let one = try EventReport.task([
            "registrations": 1, "attendance": 5, "ratings": [3], "nps": [10],
        ])
        #expect(one["noShowRate"] == .double(0))
        #expect(one["ratings"]?["standardDeviation"] == .null)
        #expect(one["nps"]?.number("margin") == 0)
    }
}
