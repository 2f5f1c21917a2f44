import AgentRuntime
import JSONRPC

/// Computes a deadline in business days: Monday to Friday but for holidays.
///
/// The day from which a period runs does not count (Acts Interpretation Act 1901 (Cth), section
/// 36 (1), as in most laws): one business day after a Friday or Saturday is Monday. Zero days end
/// on the start if it is a business day, else on the next one (section 36 (2)). Negative days
/// count back.
struct Deadline: TaskInput {
    static let longest = 10_000

    var start: CalendarDate
    var businessDays: Int
    var region: PublicHolidays?
    var given: Set<CalendarDate> = []

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        start = try fields.date("start")
        businessDays = try fields.integer("businessDays")
        guard (-Self.longest...Self.longest).contains(businessDays) else {
            throw fields.wrong("businessDays", "from -\(Self.longest) to \(Self.longest)")
        }
        if fields.has("region") {
            region = PublicHolidays(rawValue: try fields.string("region"))
            guard region != nil else {
                let names = PublicHolidays.allCases.map(\.rawValue).joined(separator: ", ")
                throw fields.wrong("region", "one of \(names); else give holidays")
            }
        }
        if fields.has("holidays") {
            for (index, text) in try fields.strings("holidays").enumerated() {
                guard let date = CalendarDate(text) else {
                    throw fields.wrong("holidays/\(index)", "a date as in 2026-12-31")
                }
                given.insert(date)
            }
        }
        try checkRange(fields)
    }

    /// Weeks have five business days, and holidays take less than every other.
    private func checkRange(_ fields: PayloadFields) throws(InvalidPayload) {
        let reach = 14 + businessDays.magnitude * 3 + UInt(given.count) * 2
        let end = start.days + (businessDays < 0 ? -1 : 1) * Int(reach)
        let lowest = min(start.days, end)
        let highest = max(start.days, end)
        if region != nil {
            let years = PublicHolidays.years
            guard years.contains(start.components.year) else {
                throw fields.wrong(
                    "start",
                    "from \(years.lowerBound) to \(years.upperBound) with a region"
                )
            }
        }
        guard lowest >= CalendarDate.range.lowerBound.days,
            highest <= CalendarDate.range.upperBound.days
        else {
            throw fields.wrong("start", "such that the deadline is in the years 1 to 9999")
        }
    }

    func result() throws -> JSONValue {
        var known: [Int: [CalendarDate: String]] = [:]
        func holiday(_ date: CalendarDate) throws -> String? {
            if given.contains(date) { return "Holiday" }
            guard let region else { return nil }
            let year = date.components.year
            guard PublicHolidays.years.contains(year) else {
                throw InvalidPayload(
                    "/businessDays",
                    "must end by \(PublicHolidays.years.upperBound) and not before "
                        + "\(PublicHolidays.years.lowerBound) with a region"
                )
            }
            if known[year] == nil { known[year] = region.holidays(of: year) }
            return known[year]?[date]
        }
        var date = start
        var skipped: [JSONValue] = []
        func isBusinessDay() throws -> Bool {
            guard date.weekday < 6 else { return false }
            guard let name = try holiday(date) else { return true }
            skipped.append(["date": .string(date.text), "name": .string(name)])
            return false
        }
        var left = businessDays.magnitude
        let step = businessDays < 0 ? -1 : 1
        if left == 0 {
            while try !isBusinessDay() { date.days += 1 }
        }
        while left > 0 {
            date.days += step
            if try isBusinessDay() { left -= 1 }
            if left.isMultiple(of: 256) { try Task.checkCancellation() }
        }
        return [
            "deadline": .string(date.text),
            "weekday": .string(Self.weekdays[date.weekday - 1]),
            "calendarDays": .integer(date.days - start.days),
            "skippedHolidays": .array(Array(skipped.prefix(Self.listed))),
            "skipped": .integer(skipped.count),
        ]
    }

    /// Holidays that a result lists.
    static let listed = 500

    private static let weekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
}

extension Deadline {
    static let task = TaskFunction(
        "deadline.compute",
        summary: """
            Computes a deadline in business days: the start does not count, weekends and holidays \
            are passed over.
            """,
        definition: """
            the start does not count (Acts Interpretation Act 1901 (Cth), section 36); public \
            holidays by the acts in force, 2018–2099
            """,
        payload: Schema.object(
            [
                "start": Schema.date(),
                "businessDays": Schema.integer(
                    -longest...longest,
                    description: "Negative ones count back"
                ),
                "holidays": Schema.array(Schema.date(), 0...5_000),
                "region": Schema.choice(
                    PublicHolidays.allCases.map(\.rawValue),
                    description: "Whose public holidays are passed over, 2018 to 2099"
                ),
            ],
            required: ["start", "businessDays"]
        ),
        result: Schema.object([
            "deadline": Schema.string(),
            "weekday": Schema.choice(weekdays),
            "calendarDays": Schema.integer(),
            "skippedHolidays": Schema.array(
                Schema.object(["date": Schema.string(), "name": Schema.string()]),
                0...listed,
                description: "On weekdays, in the order of counting"
            ),
            "skipped": Schema.integer(description: "Also those beyond the listed"),
        ]),
        example: ["start": "2026-12-18", "businessDays": 10, "region": "AU-NSW"],
        perform: { (input: Deadline, _) in try input.result() }
    )
}
