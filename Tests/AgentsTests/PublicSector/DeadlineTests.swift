import JSONRPC
import Testing

@testable import Agents

@Suite struct DeadlineTests {
    private static func deadline(_ payload: JSONValue) throws -> String? {
        try Deadline.task(payload)["deadline"]?.stringValue
    }

    @Test(
        arguments: [
            // 2026-11-27 is a Friday.
            ("2026-11-27", 1, "2026-11-30"), ("2026-11-28", 1, "2026-11-30"),
            ("2026-11-28", 0, "2026-11-30"), ("2026-11-27", 0, "2026-11-27"),
            ("2026-11-30", -1, "2026-11-27"), ("2026-11-29", -1, "2026-11-27"),
            ("2026-11-27", 5, "2026-12-04"), ("2026-11-27", 260, "2027-11-26"),
        ]
    )
    func `weekends do not count`(start: String, days: Int, end: String) throws {
        let payload: JSONValue = ["start": .string(start), "businessDays": .integer(days)]
        #expect(try Self.deadline(payload) == end)
    }

    @Test func `holidays do not count and are named`() throws {
        let result = try Deadline.task([
            "start": "2026-12-24", "businessDays": 1, "region": "AU-NSW",
            "holidays": ["2026-12-29"],
        ])
        #expect(result["deadline"] == "2026-12-30")
        #expect(
            result["skippedHolidays"]?.texts("name") == [
                "Christmas Day", "Boxing Day", "Holiday",
            ]
        )
    }

    @Test(
        arguments: [
            (["start": "2026-02-30", "businessDays": 1], "/start"),
            (["start": "9999-12-31", "businessDays": 1], "/start"),
            (["start": "0001-01-01", "businessDays": -1], "/start"),
            (["start": "1999-01-01", "businessDays": 1, "region": "US"], "/start"),
            (["start": "2026-01-01", "businessDays": 10_001], "/businessDays"),
            (["start": "2026-01-01", "businessDays": 1, "region": "XX"], "/region"),
            (["start": "2026-01-01", "businessDays": 1, "holidays": ["soon"]], "/holidays/0"),
        ] as [(JSONValue, String)]
    )
    func `impossible input is refused where it is wrong`(payload: JSONValue, path: String) {
        #expect(Deadline.task.refusedPaths(payload) == [path])
    }

    @Test func `the years whose holidays are known are not left`() {
        #expect(throws: (any Error).self) {
            try Self.deadline(["start": "2099-12-01", "businessDays": 40, "region": "US"])
        }
    }

    @Test(arguments: [(2000, 4, 23), (2024, 3, 31), (2038, 4, 25), (2049, 4, 18), (2285, 3, 22)])
    func `Easter is where it is`(year: Int, month: Int, day: Int) {
        let sunday = CalendarDate(year: year, month: month, day: day)
        #expect(HolidaySet.easterSunday(year) == sunday)
    }
}
