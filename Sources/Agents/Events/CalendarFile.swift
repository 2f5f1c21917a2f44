import AgentRuntime
import JSONRPC

/// Writes an event as iCalendar (RFC 5545).
///
/// With a time zone other than UTC the file has its observances (``ZoneObservances``); all-day
/// events have dates. `DTSTAMP` is `stamp`, or the start; the `UID` is made from what the event
/// is, so that the same event is the same one to calendars.
struct CalendarFile: TaskInput {
    struct Attendee {
        var email: String
        var name: String?
        var isRequired: Bool
    }

    var title: String
    var start: WallTime
    var end: WallTime
    var zone: ZoneRules
    var location: String?
    var description: String?
    var recurrence: RecurrenceRule?
    var attendees: [Attendee] = []
    var organizer: String?
    var stamp: Int
    var uid: String?

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        title = try fields.string("title")
        zone = try fields.zone("timeZone")
        start = try fields.wallTime("start")
        end = try fields.wallTime("end")
        guard (start.kind == .date) == (end.kind == .date) else {
            throw fields.wrong("end", "a date if start is one, else a date and time")
        }
        guard start.instant(in: zone) < end.instant(in: zone) else {
            throw fields.wrong("end", "after start; an all-day event ends before the day end")
        }
        location = fields.has("location") ? try fields.string("location") : nil
        description = fields.has("description") ? try fields.string("description") : nil
        if fields.has("recurrence") {
            let rule = try fields.rule("recurrence")
            if start.kind == .date, rule.frequency.seconds != nil {
                throw fields.wrong("recurrence", "DAILY or longer for an all-day event")
            }
            recurrence = rule
        }
        organizer = fields.has("organizer") ? try Self.email(fields, "organizer") : nil
        stamp = start.instant(in: zone)
        if fields.has("stamp") { stamp = try fields.wallTime("stamp").instant(in: zone) }
        uid = fields.has("uid") ? try fields.string("uid") : nil
        if fields.has("attendees") { attendees = try Self.attendees(fields) }
    }

    private static func attendees(
        _ fields: PayloadFields
    ) throws(InvalidPayload) -> [Attendee] {
        var attendees: [Attendee] = []
        for (index, value) in try fields.array("attendees").enumerated() {
            let path = "\(fields.path)/attendees"
            if value.stringValue != nil {
                let one = try PayloadFields(["\(index)": value], path: path)
                attendees.append(
                    Attendee(email: try email(one, "\(index)"), name: nil, isRequired: true)
                )
            } else {
                let one = try PayloadFields(value, path: "\(path)/\(index)")
                attendees.append(
                    Attendee(
                        email: try email(one, "email"),
                        name: one.has("name") ? try one.string("name") : nil,
                        isRequired: try one.bool("required", default: true)
                    )
                )
            }
        }
        return attendees
    }

    private static func email(
        _ fields: PayloadFields,
        _ name: String
    ) throws(InvalidPayload) -> String {
        let text = try fields.string(name)
        let scan = TextScan(text)
        let sign = scan.scalars.lastIndex(of: "@") ?? 0
        guard EmailAddress.finding(scan, at: sign)?.range == 0..<scan.scalars.count else {
            throw fields.wrong(name, "an e-mail address")
        }
        return text
    }

    // MARK: Writing

    func result() throws -> JSONValue {
        let uid = uid ?? "\(fingerprint)@omnihub"
        var file = CalendarLines()
        file.add("BEGIN:VCALENDAR")
        file.add("VERSION:2.0")
        file.add("PRODID:-//OmniHub//Event Management//EN")
        file.add("CALSCALE:GREGORIAN")
        file.add("METHOD:PUBLISH")
        if start.kind != .date, !zone.isUTC {
            try Task.checkCancellation()
            for line in ZoneObservances(zone, from: start.instant(in: zone)).lines {
                file.add(line)
            }
        }
        file.add("BEGIN:VEVENT")
        file.add("UID:\(CalendarLines.escaped(uid))")
        file.add("DTSTAMP:\(CalendarLines.stamp(stamp))Z")
        file.add("DTSTART\(time(start))")
        file.add("DTEND\(time(end))")
        file.add("SUMMARY:\(CalendarLines.escaped(title))")
        if let location { file.add("LOCATION:\(CalendarLines.escaped(location))") }
        if let description { file.add("DESCRIPTION:\(CalendarLines.escaped(description))") }
        if let recurrence { file.add("RRULE:\(recurrence.text)") }
        if let organizer { file.add("ORGANIZER:mailto:\(organizer)") }
        for attendee in attendees { file.add(line(attendee)) }
        file.add("END:VEVENT")
        file.add("END:VCALENDAR")
        return ["ics": .string(file.text), "uid": .string(uid)]
    }

    private func time(_ time: WallTime) -> String {
        if time.kind == .date { return ";VALUE=DATE:\(CalendarLines.date(time.seconds))" }
        if zone.isUTC { return ":\(CalendarLines.stamp(time.instant(in: zone)))Z" }
        return ";TZID=\(zone.name):\(CalendarLines.stamp(time.local(in: zone)))"
    }

    private func line(_ attendee: Attendee) -> String {
        let name = attendee.name.map { ";CN=\(CalendarLines.parameter($0))" } ?? ""
        let role = attendee.isRequired ? "REQ-PARTICIPANT" : "OPT-PARTICIPANT"
        return "ATTENDEE\(name);ROLE=\(role);PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:"
            + attendee.email
    }

    /// 64 bits of FNV-1a (Fowler, Noll and Vo) over what tells events apart, in hexadecimal.
    private var fingerprint: String {
        let parts = [
            title, zone.name, time(start), time(end), location ?? "", recurrence?.text ?? "",
        ]
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in parts.joined(separator: "\u{1F}").utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension CalendarFile {
    static let task = TaskFunction(
        "event.ics",
        summary: "Writes an event as an iCalendar file (RFC 5545) that calendars read.",
        definition: """
            iCalendar (RFC 5545) with the observances of the zone; all-day events end before the \
            day `end`
            """,
        payload: Schema.object(
            [
                "title": Schema.string(1...1_000),
                "start": Recurrence.timeSchema,
                "end": Recurrence.timeSchema,
                "timeZone": Schema.string(1...64),
                "location": Schema.string(0...1_000),
                "description": Schema.string(0...100_000),
                "recurrence": Schema.string(1...2_000, description: "A rule of RFC 5545"),
                "attendees": Schema.array(
                    [
                        "anyOf": [
                            Schema.string(3...320),
                            Schema.object(
                                [
                                    "email": Schema.string(3...320),
                                    "name": Schema.string(0...200),
                                    "required": Schema.boolean(default: true),
                                ],
                                required: ["email"]
                            ),
                        ]
                    ],
                    0...500,
                    description: "E-mail addresses, or {email, name, required}"
                ),
                "organizer": Schema.string(3...320, description: "E-mail address"),
                "stamp": Recurrence.timeSchema,
                "uid": Schema.string(1...255),
            ],
            required: ["title", "start", "end", "timeZone"]
        ),
        result: Schema.object(["ics": Schema.string(), "uid": Schema.string()]),
        example: [
            "title": "Planning; all teams",
            "start": "2026-12-01T09:00:00",
            "end": "2026-12-01T10:30:00",
            "timeZone": "Europe/Berlin",
            "location": "Room 4",
            "recurrence": "FREQ=WEEKLY;BYDAY=TU;COUNT=10",
            "attendees": ["ada@example.org", ["email": "alan@example.org", "name": "Alan"]],
        ],
        perform: { (input: CalendarFile, _) in try input.result() }
    )
}
