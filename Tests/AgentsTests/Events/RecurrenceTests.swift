import JSONRPC
import Testing

@testable import Agents

@Suite struct RecurrenceTests {
    private static func expand(
        _ rrule: String,
        start: String = "1997-09-02T09:00:00",
        zone: String = "America/New_York",
        from: String = "1997-01-01",
        to: String = "2000-01-01"
    ) throws -> [String] {
        let result = try Recurrence.task([
            "rrule": .string(rrule), "start": .string(start), "timeZone": .string(zone),
            "from": .string(from), "to": .string(to),
        ])
        return result["occurrences"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// Examples of RFC 5545, section 3.8.5.3, by the days of the first occurrences.
    @Test(
        arguments: [
            ("FREQ=DAILY;COUNT=3", ["09-02", "09-03", "09-04"]),
            ("FREQ=DAILY;INTERVAL=10;COUNT=3", ["09-02", "09-12", "09-22"]),
            ("FREQ=WEEKLY;COUNT=3;WKST=SU;BYDAY=TU,TH", ["09-02", "09-04", "09-09"]),
            (
                "FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,SU",
                [
                    "09-02", "09-14", "09-16", "09-28",
                ]
            ),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=1FR", ["09-05", "10-03", "11-07"]),
            ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-3", ["09-28", "10-29", "11-28"]),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", ["09-04", "10-07", "11-06"]),
            ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3", ["02-13", "03-13", "11-13"]),
            ("FREQ=YEARLY;INTERVAL=3;COUNT=2;BYYEARDAY=1,100,200", ["01-01", "04-09"]),
            ("FREQ=YEARLY;BYDAY=20MO;COUNT=2", ["05-18", "05-17"]),
            ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=2", ["05-11", "05-17"]),
            ("FREQ=MONTHLY;COUNT=2;BYMONTHDAY=31;BYMONTH=2", []),
        ] as [(String, [String])]
    )
    func `rules of the RFC have their occurrences`(rrule: String, days: [String]) throws {
        let found = try Self.expand(rrule, to: "2001-01-01")
        #expect(found.map { String($0.dropFirst(5).prefix(5)) } == days)
        #expect(found.allSatisfy { $0.dropFirst(11).hasPrefix("09:00:00-0") })
    }

    @Test func `offsets are those of the season`() throws {
        let found = try Self.expand(
            "FREQ=MONTHLY",
            start: "2026-01-15T08:30",
            zone: "Europe/Berlin",
            from: "2026-03-01",
            to: "2026-05-01"
        )
        #expect(found == ["2026-03-15T08:30:00+01:00", "2026-04-15T08:30:00+02:00"])
    }

    @Test func `times that do not come are passed over and not counted`() throws {
        let found = try Self.expand(
            "FREQ=DAILY;COUNT=3",
            start: "2026-03-28T02:30",
            zone: "Europe/Berlin",
            from: "2026-01-01",
            to: "2027-01-01"
        )
        #expect(
            found == [
                "2026-03-28T02:30:00+01:00", "2026-03-30T02:30:00+02:00",
                "2026-03-31T02:30:00+02:00",
            ]
        )
    }

    @Test func `of times that come twice the first is meant`() throws {
        let found = try Self.expand(
            "FREQ=DAILY;COUNT=1",
            start: "2026-10-25T02:30",
            zone: "Europe/Berlin",
            from: "2026-01-01",
            to: "2027-01-01"
        )
        #expect(found == ["2026-10-25T02:30:00+02:00"])
    }

    @Test func `all-day events have dates`() throws {
        let found = try Self.expand(
            "FREQ=YEARLY;UNTIL=19990902",
            start: "1997-09-02",
            from: "1998-01-01"
        )
        #expect(found == ["1998-09-02", "1999-09-02"])
    }

    @Test(
        arguments: [
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31",
            "FREQ=SECONDLY;INTERVAL=1000000;BYSECOND=61", "FREQ=MINUTELY;BYHOUR=3;BYYEARDAY=366",
            "FREQ=DAILY;COUNT=1000000;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=SECONDLY;COUNT=1000000;BYDAY=SU;BYMONTHDAY=29;BYMONTH=2",
        ]
    )
    func `rules that never match end`(rrule: String) throws {
        // Either nothing is found or the rule is refused.
        #expect(
            (try? Self.expand(rrule, from: "1997-01-01", to: "1999-12-31"))?.isEmpty ?? true
        )
    }

    @Test func `more occurrences than are listed are cut off`() throws {
        let result = try Recurrence.task([
            "rrule": "FREQ=SECONDLY", "start": "0001-01-01T00:00:00", "timeZone": "UTC",
            "from": "9999-12-30", "to": "9999-12-31",
        ])
        #expect(result["count"] == .integer(Recurrence.listed))
        #expect(result["truncated"] == true)
        #expect(result["occurrences"]?.arrayValue?.first == "9999-12-30T00:00:00+00:00")
    }

    @Test(
        arguments: [
            "", "FREQ", "FREQ=", "FREQ=OFTEN", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;COUNT=1;UNTIL=20260101", "FREQ=DAILY;COUNT=99999999999999999999",
            "FREQ=DAILY;BYDAY=1MO", "FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", "FREQ=DAILY;BYWEEKNO=1",
            "FREQ=DAILY;BYYEARDAY=1", "FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=DAILY;BYSETPOS=1",
            "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;BYMONTHDAY=0", "FREQ=DAILY;UNTIL=20260230",
            "FREQ=DAILY;BYDAY=", "FREQ=DAILY;X=1", "FREQ=DAILY;BYDAY=MO,", "FREQ=DAILY;WKST=1",
        ]
    )
    func `malformed rules are refused`(rrule: String) {
        let payload: JSONValue = [
            "rrule": .string(rrule), "start": "2026-01-01", "timeZone": "UTC",
            "from": "2026-01-01", "to": "2026-01-02",
        ]
        #expect(Recurrence.task.refusedPaths(payload) == ["/rrule"])
    }

    @Test(arguments: ["Europe/Atlantis", "", "berlin", "../etc/passwd", "GMT+3", "Etc/\u{0}"])
    func `unknown zones are refused`(zone: String) {
        let payload: JSONValue = [
            "rrule": "FREQ=DAILY", "start": "2026-01-01", "timeZone": .string(zone),
            "from": "2026-01-01", "to": "2026-01-02",
        ]
        #expect(Recurrence.task.refusedPaths(payload) == ["/timeZone"])
    }
}
