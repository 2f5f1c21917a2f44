import Testing

@testable import Agents

@Suite struct CalendarDateTests {
    @Test(
        arguments: [
            ("1970-01-01", 0, 4), ("2000-02-29", 11_016, 2), ("2026-11-26", 20_783, 4),
            ("0001-01-01", -719_162, 1), ("9999-12-31", 2_932_896, 5), ("1969-12-31", -1, 3),
        ]
    )
    func `a date is its days and its weekday`(text: String, days: Int, weekday: Int) throws {
        let date = try #require(CalendarDate(text))
        #expect(date.days == days)
        #expect(date.weekday == weekday)
        #expect(date.text == text)
    }

    @Test func `every day of four centuries reads back`() throws {
        for days in stride(from: -200_000, to: 200_000, by: 7) {
            let (year, month, day) = CalendarDate(days: days).components
            #expect(CalendarDate(year: year, month: month, day: day)?.days == days)
        }
    }

    @Test(
        arguments: [
            "", "2026-13-01", "2026-02-29", "1900-02-29", "2026-00-10", "2026-01-00", "0000-01-01",
            "26-01-01", "2026/01/01", "2026-1-1", "2026-01-01x", "２026-01-01",
        ]
    )
    func `what is no date is refused`(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test func `the date of a moment is the one written`() {
        #expect(CalendarDate("2026-11-26T23:30:00-11:00")?.text == "2026-11-26")
    }
}

@Suite struct MomentTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-26T09:12:00.123Z", 1_795_684_320_123),
            ("2026-11-26t10:12:00.1239+01:00", 1_795_684_320_123), ("1969-12-31T23:59:59.9Z", -100),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("1970-01-01T00:00:00-00:30", 1_800_000),
        ]
    )
    func `a moment is its milliseconds`(text: String, milliseconds: Int) {
        #expect(Moment(text)?.milliseconds == milliseconds)
    }

    @Test func `a moment is written in UTC`() {
        #expect(Moment(milliseconds: 1_795_684_320_123).text == "2026-11-26T09:12:00.123Z")
        #expect(Moment(milliseconds: -100).text == "1969-12-31T23:59:59.900Z")
    }

    @Test(
        arguments: [
            "", "2026-11-26", "2026-11-26T24:00:00Z", "2026-11-26T09:60:00Z", "2026-11-26T09:12Z",
            "2026-11-26T09:12:00", "2026-11-26T09:12:00.Z", "2026-11-26T09:12:00+1:00",
            "2026-11-26T09:12:00+24:00", "2026-11-26 09:12:00Z", "2026-11-26T09:12:00ZZ",
        ]
    )
    func `what is no moment is refused`(text: String) {
        #expect(Moment(text) == nil)
    }
}
