import JSONRPC
import Testing

@testable import Agents

@Suite struct CalendarFileTests {
    private static func lines(_ changes: [String: JSONValue]) throws -> [String] {
        var payload: JSONObject = [
            "title": "T", "start": "2026-12-01T09:00", "end": "2026-12-01T10:00",
            "timeZone": "Europe/Berlin",
        ]
        for (name, value) in changes { payload[name] = value }
        let text = try CalendarFile.task(.object(payload))["ics"]?.stringValue ?? ""
        return text.split(separator: "\r\n").map(String.init)
    }

    @Test func `a zone is written with its two rules`() throws {
        let lines = try Self.lines([:])
        #expect(lines.contains("DTSTART;TZID=Europe/Berlin:20261201T090000"))
        #expect(lines.contains("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"))
        #expect(lines.contains("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"))
        #expect(lines.contains("DTSTART:20250330T020000"))
    }

    @Test(
        arguments: [
            (
                "America/New_York",
                ["FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"]
            ),
            (
                "Australia/Sydney",
                ["FREQ=YEARLY;BYMONTH=4;BYDAY=1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=1SU"]
            ),
            ("Asia/Tokyo", []), ("Africa/Casablanca", []),
        ]
    )
    func `rules are those of the zone`(zone: String, rules: [String]) throws {
        let found = try Self.lines(["timeZone": .string(zone)]).filter { $0.hasPrefix("RRULE") }
        #expect(found == rules.map { "RRULE:\($0)" })
    }

    @Test func `UTC needs no zone`() throws {
        let lines = try Self.lines(["timeZone": "UTC"])
        #expect(lines.contains("DTSTART:20261201T090000Z"))
        #expect(!lines.contains("BEGIN:VTIMEZONE"))
    }

    @Test func `a rule is written in its plain form`() throws {
        let lines = try Self.lines(["timeZone": "UTC", "recurrence": "rrule:freq=daily;;count=2;"])
        #expect(lines.contains("RRULE:FREQ=DAILY;COUNT=2"))
    }

    @Test func `text is escaped and lines are folded at 75 octets`() throws {
        let title = "a,b;c\\d\ne\r\nf\u{7}" + String(repeating: "é😀", count: 60)
        let result = try CalendarFile.task([
            "title": .string(title), "start": "2026-12-01", "end": "2026-12-02",
            "timeZone": "UTC",
        ])
        let text = result["ics"]?.stringValue ?? ""
        #expect(text.contains("SUMMARY:a\\,b\\;c\\\\d\\ne\\nfé"))
        #expect(text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 75 })
        let unfolded = text.split(separator: "\r\n ").joined()
        #expect(unfolded.contains(String(repeating: "é😀", count: 60)))
    }

    @Test(
        arguments: [
            (["end": "2026-12-01T09:00"], "/end"), (["end": "2026-12-02"], "/end"),
            (["attendees": ["a@b"]], "/attendees/0"),
            (["attendees": [["email": "a@b.org\r\nX:1"]]], "/attendees/0/email"),
            (["recurrence": "FREQ=X"], "/recurrence"), (["organizer": "me"], "/organizer"),
            (["start": "tomorrow"], "/start"),
        ] as [([String: JSONValue], String)]
    )
    func `impossible events are refused`(changes: [String: JSONValue], path: String) {
        var payload: JSONObject = [
            "title": "T", "start": "2026-12-01T09:00", "end": "2026-12-01T10:00",
            "timeZone": "UTC",
        ]
        for (name, value) in changes { payload[name] = value }
        #expect(CalendarFile.task.refusedPaths(.object(payload)) == [path])
    }
}
