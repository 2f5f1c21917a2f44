import JSONRPC

/// When people work: a span of the day on some days of the week, but for holidays.
struct BusinessHours: Equatable {
    /// Minutes of the day.
    var start: Int
    var end: Int
    /// 1 for Monday to 7 for Sunday.
    var weekdays: Set<Int>
    var holidays: Set<CalendarDate>
    /// Minutes east of Greenwich.
    var offset: Int

    init(
        start: Int,
        end: Int,
        weekdays: Set<Int> = [1, 2, 3, 4, 5],
        holidays: Set<CalendarDate> = [],
        offset: Int = 0
    ) {
        self.start = start
        self.end = end
        self.weekdays = weekdays
        self.holidays = holidays
        self.offset = offset
    }

    init(_ fields: PayloadFields) throws(InvalidPayload) {
        let start = try Self.minute("start", fields)
        let end = try Self.minute("end", fields)
        guard end - start >= 60 else {
            throw fields.wrong("end", "at least an hour after start, on the same day")
        }
        var weekdays: Set<Int> = [1, 2, 3, 4, 5]
        if fields.has("days") {
            weekdays = []
            for (index, day) in try fields.array("days").enumerated() {
                guard let day = day.intValue, (1...7).contains(day) else {
                    throw fields.wrong("days/\(index)", "1 for Monday to 7 for Sunday")
                }
                weekdays.insert(day)
            }
            guard !weekdays.isEmpty else { throw fields.wrong("days", "at least one day") }
        }
        var holidays: Set<CalendarDate> = []
        let days = fields.has("holidays") ? try fields.array("holidays") : []
        for (index, day) in days.enumerated() {
            guard let date = day.stringValue.flatMap({ CalendarDate($0) }) else {
                throw fields.wrong("holidays/\(index)", "a date as in 2026-12-31")
            }
            holidays.insert(date)
        }
        var offset = 0
        if fields.has("utcOffset") {
            let text = Array(try fields.string("utcOffset").utf8)
            guard let minutes = Moment.offset(text[...]) else {
                throw fields.wrong("utcOffset", "Z or as in +01:00")
            }
            offset = minutes
        }
        self.init(
            start: start,
            end: end,
            weekdays: weekdays,
            holidays: holidays,
            offset: offset
        )
    }

    /// `HH:MM`, up to 24:00.
    private static func minute(
        _ name: String,
        _ fields: PayloadFields
    ) throws(InvalidPayload) -> Int {
        let bytes = Array(try fields.string(name).utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
            let hour = CalendarDate.number(bytes[0..<2]),
            let minute = CalendarDate.number(bytes[3..<5]), minute < 60,
            hour * 60 + minute <= 1_440
        else { throw fields.wrong(name, "a time of day as in 09:00") }
        return hour * 60 + minute
    }

    func isWorkday(_ date: CalendarDate) -> Bool {
        weekdays.contains(date.weekday) && !holidays.contains(date)
    }

    /// The moment at which `minutes` of working time have passed since `moment`: at the earliest
    /// possible one, so the end of a day rather than the start of the next.
    ///
    /// O(days between).
    func adding(minutes: Int, to moment: Moment) -> Moment {
        let millisecondsPerMinute = 60_000
        var left = minutes * millisecondsPerMinute
        let shift = offset * millisecondsPerMinute
        var (days, now) = Moment.split(moment.milliseconds + shift)
        let opens = start * millisecondsPerMinute
        let closes = end * millisecondsPerMinute
        while true {
            if isWorkday(CalendarDate(days: days)) {
                now = max(now, opens)
                if now < closes {
                    if left <= closes - now {
                        let local = days * Moment.millisecondsPerDay + now + left
                        return Moment(milliseconds: local - shift)
                    }
                    left -= closes - now
                }
            }
            days += 1
            now = 0
        }
    }
}

extension BusinessHours {
    static let schema = Schema.object(
        [
            "start": Schema.string(5...5, description: "Time of day as in 09:00"),
            "end": Schema.string(5...5, description: "At least an hour later, up to 24:00"),
            "days": Schema.array(
                Schema.integer(1...7),
                1...7,
                description: "1 for Monday to 7 for Sunday; Monday to Friday when not given"
            ),
            "holidays": Schema.array(Schema.date(), 0...1_000),
            "utcOffset": Schema.string(1...6, description: "Of the times; UTC when not given"),
        ],
        required: ["start", "end"],
        description: "Around the clock when not given"
    )
}
