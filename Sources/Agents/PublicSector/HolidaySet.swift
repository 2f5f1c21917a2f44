/// The holidays of one year as they are gathered by rules.
struct HolidaySet {
    enum Weekday: Int {
        case monday = 1
        case tuesday
        case wednesday
        case thursday
        case friday
        case saturday
        case sunday
    }

    let year: Int
    private(set) var names: [CalendarDate: String] = [:]

    init(year: Int) { self.year = year }

    mutating func add(_ month: Int, _ day: Int, _ name: String) {
        insert(CalendarDate(year: year, month: month, day: day), name)
    }

    /// A weekday of a month, counted from 1.
    mutating func add(_ weekday: Weekday, _ count: Int, _ month: Int, _ name: String) {
        guard let first = CalendarDate(year: year, month: month, day: 1) else { return }
        let ahead = (weekday.rawValue - first.weekday + 7) % 7
        insert(CalendarDate(days: first.days + ahead + 7 * (count - 1)), name)
    }

    mutating func addMonday(_ count: Int, _ month: Int, _ name: String) {
        add(.monday, count, month, name)
    }

    /// The first Monday from a day on.
    mutating func addMondayFrom(_ month: Int, _ day: Int, _ name: String) {
        guard let date = CalendarDate(year: year, month: month, day: day) else { return }
        insert(CalendarDate(days: date.days + (8 - date.weekday) % 7), name)
    }

    /// The last such weekday of a month, moved by `shift` days.
    mutating func addLast(_ weekday: Weekday, _ month: Int, _ name: String, shift: Int = 0) {
        let length = CalendarDate.length(ofMonth: month, year: year)
        guard let last = CalendarDate(year: year, month: month, day: length) else { return }
        let back = (last.weekday - weekday.rawValue + 7) % 7
        insert(CalendarDate(days: last.days - back + shift), name)
    }

    /// A day, or the Monday after when it falls on a weekend.
    mutating func addOrMonday(
        _ month: Int,
        _ day: Int,
        _ name: String,
        fromSaturday: Bool = true
    ) {
        guard let date = CalendarDate(year: year, month: month, day: day) else { return }
        let delay =
            switch date.weekday {
            case 6: fromSaturday ? 2 : 0
            case 7: 1
            default: 0
            }
        insert(CalendarDate(days: date.days + delay), name)
    }

    /// A day, or the Friday before a Saturday, or the Monday after a Sunday; only when the day it
    /// comes to is in this year.
    mutating func addNearest(
        _ month: Int,
        _ day: Int,
        _ name: String,
        ofNextYear: Bool = false
    ) {
        let own = ofNextYear ? year + 1 : year
        guard let date = CalendarDate(year: own, month: month, day: day) else { return }
        let shift = date.weekday == 6 ? -1 : date.weekday == 7 ? 1 : 0
        let moved = CalendarDate(days: date.days + shift)
        if moved.components.year == year { insert(moved, name) }
    }

    /// 25 and 26 December, and as many days after a weekend as they lose to it.
    mutating func addChristmas() {
        guard let christmas = CalendarDate(year: year, month: 12, day: 25) else { return }
        let days =
            switch christmas.weekday {
            case 5: [0, 3]
            case 6: [2, 3]
            case 7: [2, 1]
            default: [0, 1]
            }
        for (day, name) in zip(days, ["Christmas Day", "Boxing Day"]) {
            insert(CalendarDate(days: christmas.days + day), name)
        }
    }

    mutating func addEaster() {
        let sunday = Self.easterSunday(year)
        insert(CalendarDate(days: sunday.days - 2), "Good Friday")
        insert(CalendarDate(days: sunday.days + 1), "Easter Monday")
    }

    /// By the anonymous Gregorian algorithm of Meeus, “Astronomical Algorithms”, chapter 8.
    static func easterSunday(_ year: Int) -> CalendarDate {
        let (golden, century, ofCentury) = (year % 19, year / 100, year % 100)
        let correction = (century - (century + 8) / 25 + 1) / 3
        let epact = (19 * golden + century - century / 4 - correction + 15) % 30
        let weekday = (32 + 2 * (century % 4) + 2 * (ofCentury / 4) - epact - ofCentury % 4) % 7
        let shift = (golden + 11 * epact + 22 * weekday) / 451
        let marchDay = epact + weekday - 7 * shift + 22
        let first = CalendarDate(year: year, month: 3, day: 1)?.days ?? 0
        return CalendarDate(days: first + marchDay - 1)
    }

    /// What falls on a weekend keeps nobody from work.
    private mutating func insert(_ date: CalendarDate?, _ name: String) {
        guard let date, date.weekday < 6 else { return }
        names[date] = names[date].map { "\($0); \(name)" } ?? name
    }
}
