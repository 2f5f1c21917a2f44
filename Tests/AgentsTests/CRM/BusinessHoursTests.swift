import Testing

@testable import Agents

@Suite struct BusinessHoursTests {
    private static let office = BusinessHours(start: 540, end: 1_020)

    @Test(
        arguments: [
            ("2026-11-27T16:00:00Z", 60, "2026-11-27T17:00:00.000Z"),
            ("2026-11-27T16:00:00Z", 61, "2026-11-30T09:01:00.000Z"),
            ("2026-11-28T00:00:00Z", 1, "2026-11-30T09:01:00.000Z"),
            ("1969-12-31T08:00:00Z", 481, "1970-01-01T09:01:00.000Z"),
        ]
    )
    func `working time passes in working hours only`(start: String, minutes: Int, end: String)
        throws
    {
        let moment = try #require(Moment(start))
        #expect(Self.office.adding(minutes: minutes, to: moment).text == end)
    }

    @Test func `the slowest hours end`() throws {
        let hours = BusinessHours(start: 0, end: 60, weekdays: [7])
        let moment = try #require(Moment("2026-11-27T16:00:00Z"))
        #expect(hours.adding(minutes: 100_000, to: moment) > moment)
    }
}
