import AgentRuntime
import JSONRPC

/// Expands a recurrence rule (RFC 5545, section 3.3.10) in a time zone.
///
/// Times are computed on the wall clock (``RecurrenceSet``). One that the clocks jump over is
/// ignored and not counted; of one that comes twice the first is meant. The occurrences are those
/// from `from` up to, and without, `to`.
struct Recurrence: TaskInput {
    /// Occurrences that a result lists.
    static let listed = 10_000
    /// The longest time between `from` and `to`, in seconds: a hundred years.
    static let longest = 36_525 * WallTime.day

    var rule: RecurrenceRule
    var start: WallTime
    var zone: ZoneRules
    /// Moments.
    var from: Int
    var to: Int

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        rule = try fields.rule("rrule")
        zone = try fields.zone("timeZone")
        start = try fields.wallTime("start")
        from = try fields.wallTime("from").instant(in: zone)
        to = try fields.wallTime("to").instant(in: zone)
        guard from <= to else { throw fields.wrong("to", "after from") }
        guard to - from <= Self.longest else {
            throw fields.wrong("to", "at most 100 years after from")
        }
        if start.kind == .date, rule.frequency.seconds != nil {
            throw fields.wrong("start", "a date and time with a rule shorter than DAILY")
        }
    }

    private var isAllDay: Bool { start.kind == .date }

    func result() throws -> JSONValue {
        let (found, isTruncated) = try occurrences(limit: Self.listed)
        return [
            "occurrences": .array(found.map { .string(text($0)) }),
            "count": .integer(found.count),
            "truncated": .bool(isTruncated),
        ]
    }

    /// The occurrences on the wall clock, and whether there are more than `limit`.
    func occurrences(limit: Int) throws -> (times: [Int], isTruncated: Bool) {
        let beginning = start.local(in: zone)
        var set = RecurrenceSet(rule, start: beginning)
        var found: [Int] = []
        var counted = 0
        var isTruncated = false
        // Clocks differ from UTC by less than a day.
        let last = min(to + WallTime.day, CalendarDate.range.upperBound.days * WallTime.day)
        do {
            try set.visit(
                from: rule.count == nil ? from - 2 * WallTime.day : nil,
                through: last
            ) { local in
                guard let instant = instant(local) else { return true }
                guard !isOver(local, instant) else { return false }
                counted += 1
                if let count = rule.count, counted > count { return false }
                guard instant >= from else { return true }
                guard instant < to else { return false }
                guard found.count < limit else {
                    isTruncated = true
                    return false
                }
                found.append(local)
                return true
            }
        } catch is RecurrenceSet.TooExpensive {
            throw InvalidPayload(
                "/rrule",
                "must be cheaper to expand: begin nearer to from, or end nearer to it"
            )
        }
        return (found, isTruncated)
    }

    /// The moment of a time on the wall clock; dates are compared as midnight of the zone.
    private func instant(_ local: Int) -> Int? {
        isAllDay ? zone.instantOrShifted(of: local) : zone.instant(of: local)
    }

    private func isOver(_ local: Int, _ instant: Int) -> Bool {
        guard let until = rule.until else { return false }
        switch until.kind {
        case .instant: return instant > until.seconds
        case .local: return local > until.seconds
        // The whole day counts.
        case .date: return local >= until.seconds + WallTime.day
        }
    }

    private func text(_ local: Int) -> String {
        let (days, ofDay) = WallTime.split(local)
        let date = CalendarDate(days: days).text
        guard !isAllDay, let instant = zone.instant(of: local) else { return date }
        let clock = [ofDay / 3_600, ofDay / 60 % 60, ofDay % 60]
            .map { CalendarDate.padded($0, 2) }
        // RFC 3339 knows no seconds in offsets; those of local mean times are cut off.
        let offset = (local - instant) / 60
        let sign = local < instant ? "-" : "+"
        let parts = [abs(offset) / 60, abs(offset) % 60].map { CalendarDate.padded($0, 2) }
        return "\(date)T\(clock.joined(separator: ":"))\(sign)\(parts.joined(separator: ":"))"
    }
}

extension PayloadFields {
    func wallTime(_ name: String) throws(InvalidPayload) -> WallTime {
        guard let time = WallTime(try string(name)) else {
            throw wrong(name, "as 2026-12-31, 2026-12-31T09:30:00 or with an offset")
        }
        return time
    }

    func zone(_ name: String) throws(InvalidPayload) -> ZoneRules {
        guard let zone = ZoneRules(try string(name)) else {
            throw wrong(name, "a time zone of the IANA database, such as Europe/Berlin")
        }
        return zone
    }

    func rule(_ name: String) throws(InvalidPayload) -> RecurrenceRule {
        let text = try string(name)
        do throws(RecurrenceRule.Malformed) {
            return try RecurrenceRule(text)
        } catch {
            throw InvalidPayload("\(path)/\(name)", "must \(error.reason)")
        }
    }
}

extension Recurrence {
    static let timeSchema = Schema.string(
        10...40,
        description: "2026-12-31, 2026-12-31T09:30:00 in the time zone, or with an offset"
    )

    static let task = TaskFunction(
        "event.expand",
        summary: "Lists the occurrences of a recurrence rule (RFC 5545) in a time zone.",
        definition: """
            RFC 5545, section 3.3.10, on the wall clock, from `from` up to and without `to`; \
            times that do not come are dropped and not counted, of those that come twice the \
            first is meant; BYWEEKNO alone means all days of the week; a `start` that the rule \
            does not generate is none
            """,
        payload: Schema.object([
            "rrule": Schema.string(1...2_000, description: "As in FREQ=WEEKLY;BYDAY=MO,WE"),
            "start": timeSchema,
            "timeZone": Schema.string(1...64),
            "from": timeSchema,
            "to": timeSchema,
        ]),
        result: Schema.object([
            "occurrences": Schema.array(
                Schema.string(),
                0...listed,
                description: "RFC 3339 with the offset of the zone, or dates"
            ),
            "count": Schema.integer(),
            "truncated": Schema.boolean(description: "Whether there are more"),
        ]),
        example: [
            "rrule": "FREQ=MONTHLY;BYDAY=-1FR", "start": "2026-01-30T17:00:00",
            "timeZone": "Europe/Berlin", "from": "2026-03-01", "to": "2026-06-01",
        ],
        perform: { (input: Recurrence, _) in try input.result() }
    )
}
