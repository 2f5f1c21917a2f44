/// When something is due by the wall clock, as crontab(5) writes it.
///
/// Five fields: minute, hour, day of month, month, day of week; with six the first is the second.
/// Or one of `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly`, `@annually`.
/// When neither the day of month nor the day of week is `*`, one of them is enough (POSIX
/// crontab).
package struct CronExpression: Hashable, Sendable {
    /// As it was written, without spaces around it.
    package let text: String
    /// Whether the minute or the hour is written with an asterisk.
    ///
    /// Such a thing is due by intervals, anything else at times of the day; what a change of the
    /// clocks does to it depends on that.
    let isByInterval: Bool

    let seconds: CronSet
    let minutes: CronSet
    let hours: CronSet
    private let days: CronSet
    private let months: CronSet
    private let weekdays: CronSet
    private let daysAreRestricted: Bool
    private let weekdaysAreRestricted: Bool

    /// The longest text that is looked at, in bytes.
    package static let longestText = 256

    /// - Throws: When the text is no cron expression, or one that is never due.
    package init(_ text: String) throws(CronProblem) {
        guard text.utf8.count <= Self.longestText else {
            throw CronProblem(description: "has more than \(Self.longestText) bytes")
        }
        let words = text.split { $0 == " " || $0 == "\t" }
        self.text = words.joined(separator: " ")
        var fields = words
        if let word = words.first, word.hasPrefix("@") {
            guard words.count == 1, let meaning = Self.shorthands[word.lowercased()] else {
                let known = Self.shorthands.keys.sorted().joined(separator: ", ")
                throw CronProblem(description: "must be one of \(known) when it begins with @")
            }
            fields = meaning.split(separator: " ")
        }
        if fields.count == 5 { fields.insert("0", at: 0) }
        guard fields.count == 6 else {
            throw CronProblem(
                description: "must have 5 fields (minute, hour, day of month, month, day of week) "
                    + "or 6 (the second before them), not \(words.count)"
            )
        }
        seconds = try CronSet(fields[0], .second)
        minutes = try CronSet(fields[1], .minute)
        hours = try CronSet(fields[2], .hour)
        days = try CronSet(fields[3], .dayOfMonth)
        months = try CronSet(fields[4], .month)
        weekdays = try CronSet(fields[5], .dayOfWeek)
        daysAreRestricted = !["*", "?"].contains(fields[3])
        weekdaysAreRestricted = !["*", "?"].contains(fields[5])
        isByInterval = fields[1].hasPrefix("*") || fields[2].hasPrefix("*")
        guard next(from: CivilTime(year: 2000, month: 1, day: 1)) != nil else {
            throw CronProblem(description: "is never due: no such month has such a day")
        }
    }

    private static let shorthands = [
        "@hourly": "0 * * * *",
        "@daily": "0 0 * * *",
        "@midnight": "0 0 * * *",
        "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *",
        "@yearly": "0 0 1 1 *",
        "@annually": "0 0 1 1 *",
    ]

    /// The first time that matches and is not before `start`.
    func next(from start: CivilTime) -> CivilTime? {
        if matches(start.date), let time = time(from: start) { return time }
        var day = start.dayNumber
        // A 29 February is at most eight years away.
        for _ in 0..<(9 * 366) {
            day += 1
            let date = CivilTime(dayNumber: day)
            if matches(date) { return time(from: date) }
        }
        return nil
    }

    private func matches(_ date: CivilTime) -> Bool {
        guard months.contains(date.month) else { return false }
        let day = days.contains(date.day)
        let weekday = weekdays.contains(date.weekday)
        return daysAreRestricted && weekdaysAreRestricted ? day || weekday : day && weekday
    }

    /// The first matching time of that day, not before `start`.
    private func time(from start: CivilTime) -> CivilTime? {
        var (hour, minute, second) = (start.hour, start.minute, start.second)
        while let found = hours.first(from: hour) {
            if found > hour { (minute, second) = (0, 0) }
            hour = found
            while let found = minutes.first(from: minute) {
                if found > minute { second = 0 }
                minute = found
                if let found = seconds.first(from: second) {
                    var time = start
                    (time.hour, time.minute, time.second) = (hour, minute, found)
                    return time
                }
                (minute, second) = (minute + 1, 0)
            }
            (hour, minute, second) = (hour + 1, 0, 0)
        }
        return nil
    }
}
