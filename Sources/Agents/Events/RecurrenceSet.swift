/// The times of a rule on the wall clock, in order, from the start on.
///
/// What a rule leaves open is taken from the start as in RFC 5545, but BYWEEKNO alone means all
/// days of the week. A start that the rule does not generate is not among the times.
struct RecurrenceSet {
    /// Days and periods that may be examined for one expansion.
    static let budget = 500_000

    struct TooExpensive: Error {}

    private var rule: RecurrenceRule
    private let start: Int
    private let startDate: CalendarDate
    private var spent = 0

    init(_ rule: RecurrenceRule, start: Int) {
        self.rule = rule
        self.start = start
        let (days, ofDay) = WallTime.split(start)
        startDate = CalendarDate(days: days)
        let date = startDate.components
        if rule.weeks.isEmpty, rule.yearDays.isEmpty, rule.monthDays.isEmpty, rule.days.isEmpty {
            switch rule.frequency {
            case .yearly:
                if rule.months.isEmpty { self.rule.months = [date.month] }
                self.rule.monthDays = [date.day]
            case .monthly: self.rule.monthDays = [date.day]
            case .weekly:
                self.rule.days = [.init(ordinal: 0, weekday: startDate.weekday)]
            case .daily, .hourly, .minutely, .secondly: break
            }
        }
        let unit = rule.frequency.seconds ?? WallTime.day
        if rule.hours.isEmpty, unit > 3_600 { self.rule.hours = [ofDay / 3_600] }
        if rule.minutes.isEmpty, unit > 60 { self.rule.minutes = [ofDay / 60 % 60] }
        if rule.seconds.isEmpty, unit > 1 { self.rule.seconds = [ofDay % 60] }
        // A leap second is the last second of its minute.
        self.rule.seconds = Set(self.rule.seconds.map { min($0, 59) }).sorted()
    }

    /// Calls `visit` with the times up to `last` until it says that it has enough.
    ///
    /// - Parameters:
    ///   - first: Periods that end before it may be passed over, when nothing is counted.
    ///   - last: The last second that matters, before the year 10000.
    ///   - visit: Whether to go on.
    /// - Throws: ``TooExpensive``, `CancellationError`, what `visit` throws.
    mutating func visit(
        from first: Int?,
        through last: Int,
        _ visit: (Int) throws -> Bool
    ) throws {
        if let unit = rule.frequency.seconds {
            try visitShort(unit, from: first, through: last, visit)
        } else {
            try visitLong(from: first, through: last, visit)
        }
    }

    private mutating func spend(_ cost: Int) throws {
        spent += cost
        guard spent <= Self.budget else { throw TooExpensive() }
        if spent % 1_024 < cost { try Task.checkCancellation() }
    }

    // MARK: Periods of days

    private mutating func visitLong(
        from first: Int?,
        through last: Int,
        _ visit: (Int) throws -> Bool
    ) throws {
        var index = first.map(skipped) ?? 0
        while true {
            let days = period(index)
            guard let opening = days?.first, opening * WallTime.day <= last else { return }
            let matching = (days ?? opening..<opening).filter { matches(CalendarDate(days: $0)) }
            let perDay = rule.hours.count * rule.minutes.count * rule.seconds.count
            try spend(2 + (days?.count ?? 0) + matching.count * perDay)
            let clock = clockTimes
            let times = matching.flatMap { day in clock.map { day * WallTime.day + $0 } }
            for time in positioned(times) where time >= start {
                guard time <= last, try visit(time) else { return }
            }
            index += rule.interval
        }
    }

    /// Hours, minutes and seconds of a day.
    private var clockTimes: [Int] {
        var times: [Int] = []
        for hour in rule.hours {
            for minute in rule.minutes {
                for second in rule.seconds { times.append((hour * 60 + minute) * 60 + second) }
            }
        }
        return times
    }

    /// A number of periods after the start after which `first` is still ahead.
    private func skipped(_ first: Int) -> Int {
        let ahead = max(0, WallTime.split(first).days - startDate.days)
        let periods =
            switch rule.frequency {
            case .yearly: ahead / 366
            case .monthly: ahead / 31
            case .weekly: ahead / 7
            default: ahead
            }
        return max(0, periods - 2) / rule.interval * rule.interval
    }

    /// The days of the period that is so many after the one of the start; `nil` after the year
    /// 9999.
    private func period(_ index: Int) -> Range<Int>? {
        let date = startDate.components
        switch rule.frequency {
        case .yearly:
            let year = date.year + index
            guard let opening = CalendarDate(year: year, month: 1, day: 1) else { return nil }
            return opening.days..<opening.days + (CalendarDate.isLeap(year) ? 366 : 365)
        case .monthly:
            let months = date.year * 12 + date.month - 1 + index
            let (year, month) = (months / 12, months % 12 + 1)
            guard let opening = CalendarDate(year: year, month: month, day: 1) else { return nil }
            return opening.days..<opening.days
                + CalendarDate.length(ofMonth: month, year: year)
        case .weekly:
            let intoWeek = (startDate.weekday - rule.weekStart + 7) % 7
            let opening = startDate.days - intoWeek + 7 * index
            return opening <= CalendarDate.range.upperBound.days ? opening..<opening + 7 : nil
        default:
            let day = startDate.days + index
            return day <= CalendarDate.range.upperBound.days ? day..<day + 1 : nil
        }
    }

    // MARK: Periods shorter than a day

    private mutating func visitShort(
        _ unit: Int,
        from first: Int?,
        through last: Int,
        _ visit: (Int) throws -> Bool
    ) throws {
        let step = unit * rule.interval
        // Periods are counted in whole hours, minutes or seconds.
        var time = start - WallTime.split(start).ofDay % unit
        if let first, first > time { time += max(0, (first - time) / step - 1) * step }
        while time <= last {
            try spend(1)
            let (days, ofDay) = WallTime.split(time)
            if let resume = resumption(days, ofDay) {
                time += max(1, (resume - time + step - 1) / step) * step
                continue
            }
            let times = shortTimes(unit, time, ofDay)
            try spend(times.count)
            for one in positioned(times) where one >= start {
                guard one <= last, try visit(one) else { return }
            }
            time += step
        }
    }

    /// When a time is passed over: the next at which it might be otherwise.
    private func resumption(_ days: Int, _ ofDay: Int) -> Int? {
        let day = days * WallTime.day
        if !matches(CalendarDate(days: days)) { return day + WallTime.day }
        if !rule.hours.isEmpty, !rule.hours.contains(ofDay / 3_600) {
            return day + (ofDay / 3_600 + 1) * 3_600
        }
        guard rule.frequency != .hourly else { return nil }
        if !rule.minutes.isEmpty, !rule.minutes.contains(ofDay / 60 % 60) {
            return day + (ofDay / 60 + 1) * 60
        }
        guard rule.frequency == .secondly, !rule.seconds.isEmpty else { return nil }
        return rule.seconds.contains(ofDay % 60) ? nil : day + ofDay + 1
    }

    /// The times within the hour, minute or second that begins at `time`.
    private func shortTimes(_ unit: Int, _ time: Int, _ ofDay: Int) -> [Int] {
        switch rule.frequency {
        case .hourly:
            return rule.minutes.flatMap { minute in
                rule.seconds.map { time + minute * 60 + $0 }
            }
        case .minutely: return rule.seconds.map { time + $0 }
        default: return [time]
        }
    }

    // MARK: Filters

    /// What BYSETPOS leaves of the times of a period, which are in order.
    private func positioned(_ times: [Int]) -> [Int] {
        guard !rule.positions.isEmpty else { return times }
        let indices = rule.positions.map { $0 > 0 ? $0 - 1 : times.count + $0 }
        return Set(indices).filter(times.indices.contains).sorted().map { times[$0] }
    }

    private func matches(_ date: CalendarDate) -> Bool {
        let parts = date.components
        if !rule.months.isEmpty, !rule.months.contains(parts.month) { return false }
        if !rule.monthDays.isEmpty {
            let length = CalendarDate.length(ofMonth: parts.month, year: parts.year)
            guard Self.contains(rule.monthDays, parts.day, of: length) else { return false }
        }
        if !rule.yearDays.isEmpty {
            guard Self.contains(rule.yearDays, Self.dayOfYear(date), of: Self.length(parts.year))
            else { return false }
        }
        if !rule.weeks.isEmpty {
            let (week, count) = weekNumber(date)
            guard Self.contains(rule.weeks, week, of: count) else { return false }
        }
        return rule.days.isEmpty || rule.days.contains { isDay($0, date, parts) }
    }

    /// Whether a list has a number that is counted from 1, or from the end of `length`.
    private static func contains(_ list: [Int], _ number: Int, of length: Int) -> Bool {
        list.contains(number) || list.contains(number - length - 1)
    }

    private static func length(_ year: Int) -> Int { CalendarDate.isLeap(year) ? 366 : 365 }

    private static func dayOfYear(_ date: CalendarDate) -> Int {
        let opening = CalendarDate(year: date.components.year, month: 1, day: 1)
        return date.days - (opening?.days ?? date.days) + 1
    }

    private func isDay(
        _ day: RecurrenceRule.Day,
        _ date: CalendarDate,
        _ parts: (year: Int, month: Int, day: Int)
    ) -> Bool {
        guard date.weekday == day.weekday else { return false }
        guard day.ordinal != 0 else { return true }
        let isOfYear = rule.frequency == .yearly && rule.months.isEmpty
        let number = isOfYear ? Self.dayOfYear(date) : parts.day
        let length =
            isOfYear
            ? Self.length(parts.year)
            : CalendarDate.length(ofMonth: parts.month, year: parts.year)
        let ordinal =
            day.ordinal > 0 ? (number - 1) / 7 + 1 : -((length - number) / 7 + 1)
        return ordinal == day.ordinal
    }

    /// The number of the week of a day, and how many weeks the year has to which that week
    /// belongs; the first week has four days in the year or more.
    private func weekNumber(_ date: CalendarDate) -> (week: Int, count: Int) {
        let year = date.components.year
        for candidate in [year + 1, year, year - 1] {
            let opening = firstWeek(of: candidate)
            if date.days >= opening {
                let next = firstWeek(of: candidate + 1)
                return ((date.days - opening) / 7 + 1, (next - opening) / 7)
            }
        }
        return (1, 52)
    }

    /// The day on which the first week of a year begins.
    private func firstWeek(of year: Int) -> Int {
        // The fourth of January is always in it; years beyond the calendar repeat those of 400
        // years before.
        let shift = year < 1 ? 146_097 : year > 9_999 ? -146_097 : 0
        let counted = year < 1 ? year + 400 : year > 9_999 ? year - 400 : year
        guard let fourth = CalendarDate(year: counted, month: 1, day: 4) else { return 0 }
        return fourth.days - (fourth.weekday - rule.weekStart + 7) % 7 - shift
    }
}
