/// The `VTIMEZONE` of a zone for events from a moment on (RFC 5545, section 3.6.5).
///
/// Where the clocks change in the same two ways in each of the next years, both are written as
/// rules without end; else each change of those years is written by itself.
struct ZoneObservances {
    private(set) var lines: [String]

    /// The ordinal of a weekday that is not the last.
    private static let none = 0

    /// Years that are looked at, beginning with the one before the event.
    private static let years = 12

    /// One way in which the clocks change each year.
    private struct Pattern: Hashable {
        var month: Int
        var weekday: Int
        /// Which of the month's weekdays, or -1 for the last.
        var ordinal: Int
        /// Seconds of the day on the clock before the change.
        var ofDay: Int
        var before: Int
        var after: Int
    }

    init(_ zone: ZoneRules, from instant: Int) {
        lines = ["BEGIN:VTIMEZONE", "TZID:\(zone.name)"]
        let date = CalendarDate(days: WallTime.split(instant).days)
        let year = max(1, min(date.components.year - 1, 9_999 - Self.years))
        let opening = CalendarDate(year: year, month: 1, day: 1)?.days ?? 0
        let first = opening * WallTime.day
        let changes = zone.changes(in: first..<first + Self.years * 366 * WallTime.day)
        let usual = zone.offset(at: first)
        if let patterns = Self.patterns(changes) {
            for (pattern, change) in patterns {
                let day = RecurrenceRule.weekdays[pattern.weekday - 1]
                add(
                    change,
                    isDaylight: change.after > change.before,
                    rule: "FREQ=YEARLY;BYMONTH=\(pattern.month);BYDAY=\(pattern.ordinal)\(day)"
                )
            }
        } else {
            // What was before the first change is valid from the beginning of that year.
            add((first, usual, usual), isDaylight: false, rule: nil)
            for change in changes {
                add(change, isDaylight: change.after > change.before, rule: nil)
            }
        }
        lines.append("END:VTIMEZONE")
    }

    private mutating func add(
        _ change: (instant: Int, before: Int, after: Int),
        isDaylight: Bool,
        rule: String?
    ) {
        let kind = isDaylight ? "DAYLIGHT" : "STANDARD"
        lines.append("BEGIN:\(kind)")
        lines.append("DTSTART:\(CalendarLines.stamp(change.instant + change.before))")
        lines.append("TZOFFSETFROM:\(CalendarLines.offset(change.before))")
        lines.append("TZOFFSETTO:\(CalendarLines.offset(change.after))")
        if let rule { lines.append("RRULE:\(rule)") }
        lines.append("END:\(kind)")
    }

    /// The two patterns that all changes have, with the first change of each; `nil` when the
    /// clocks do not change or otherwise.
    private static func patterns(
        _ changes: [(instant: Int, before: Int, after: Int)]
    ) -> [(pattern: Pattern, first: (instant: Int, before: Int, after: Int))]? {
        guard changes.count >= 2 * (years - 1) else { return nil }
        for useLast in [[true, true], [true, false], [false, true], [false, false]] {
            let found = changes.enumerated().map { index, change in
                pattern(change, isLast: useLast[index % 2])
            }
            guard found[0] != found[1], found.allSatisfy({ $0.ordinal != Self.none }),
                found.indices.allSatisfy({ found[$0] == found[$0 % 2] })
            else { continue }
            return [(found[0], changes[0]), (found[1], changes[1])]
        }
        return nil
    }

    private static func pattern(
        _ change: (instant: Int, before: Int, after: Int),
        isLast: Bool
    ) -> Pattern {
        let (days, ofDay) = WallTime.split(change.instant + change.before)
        let date = CalendarDate(days: days)
        let parts = date.components
        let length = CalendarDate.length(ofMonth: parts.month, year: parts.year)
        let last = length - parts.day < 7 ? -1 : none
        return Pattern(
            month: parts.month,
            weekday: date.weekday,
            ordinal: isLast ? last : (parts.day - 1) / 7 + 1,
            ofDay: ofDay,
            before: change.before,
            after: change.after
        )
    }
}
