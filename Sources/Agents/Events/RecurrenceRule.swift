/// A recurrence rule (RFC 5545, section 3.3.10).
struct RecurrenceRule: Equatable {
    enum Frequency: String, CaseIterable {
        case secondly = "SECONDLY"
        case minutely = "MINUTELY"
        case hourly = "HOURLY"
        case daily = "DAILY"
        case weekly = "WEEKLY"
        case monthly = "MONTHLY"
        case yearly = "YEARLY"

        /// Seconds of a period, of those shorter than a day.
        var seconds: Int? {
            switch self {
            case .secondly: 1
            case .minutely: 60
            case .hourly: 3_600
            case .daily, .weekly, .monthly, .yearly: nil
            }
        }
    }

    struct Day: Equatable {
        /// From the end when negative; 0 is each.
        var ordinal: Int
        /// 1 for Monday to 7 for Sunday.
        var weekday: Int
    }

    struct Malformed: Error {
        var reason: String
    }

    /// The parts as they were given, in capitals.
    let text: String
    var frequency: Frequency
    var interval = 1
    var count: Int?
    var until: WallTime?
    var weekStart = 1
    var seconds: [Int] = []
    var minutes: [Int] = []
    var hours: [Int] = []
    var days: [Day] = []
    var monthDays: [Int] = []
    var yearDays: [Int] = []
    var weeks: [Int] = []
    var months: [Int] = []
    var positions: [Int] = []

    static let weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    init(_ text: String) throws(Malformed) {
        var text = text.uppercased()[...]
        if text.hasPrefix("RRULE:") { text = text.dropFirst(6) }
        var parts: [(name: String, value: String)] = []
        for part in text.split(separator: ";", omittingEmptySubsequences: true) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, !pair[1].isEmpty else {
                throw Malformed(reason: "have parts NAME=VALUE, not '\(part.prefix(40))'")
            }
            let name = String(pair[0])
            guard !parts.contains(where: { $0.name == name }) else {
                throw Malformed(reason: "have \(name.prefix(20)) only once")
            }
            parts.append((name, String(pair[1])))
        }
        guard let value = parts.first(where: { $0.name == "FREQ" })?.value,
            let frequency = Frequency(rawValue: value)
        else {
            let names = Frequency.allCases.map(\.rawValue).joined(separator: ", ")
            throw Malformed(reason: "have FREQ as one of \(names)")
        }
        self.frequency = frequency
        self.text = parts.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
        for part in parts where part.name != "FREQ" { try set(part.name, part.value) }
        try checkCombination()
    }

    private mutating func set(_ name: String, _ value: String) throws(Malformed) {
        switch name {
        case "INTERVAL": interval = try Self.number(name, value, 1...1_000_000)
        case "COUNT": count = try Self.number(name, value, 1...1_000_000)
        case "UNTIL":
            guard let time = Self.time(value) else {
                throw Malformed(reason: "have UNTIL as 20261231 or 20261231T235959Z")
            }
            until = time
        case "WKST":
            guard let day = Self.weekdays.firstIndex(of: value) else {
                throw Malformed(reason: "have WKST as one of \(Self.weekdays)")
            }
            weekStart = day + 1
        case "BYSECOND": seconds = try Self.list(name, value, 0...60)
        case "BYMINUTE": minutes = try Self.list(name, value, 0...59)
        case "BYHOUR": hours = try Self.list(name, value, 0...23)
        case "BYMONTHDAY": monthDays = try Self.list(name, value, -31...31, isSigned: true)
        case "BYYEARDAY": yearDays = try Self.list(name, value, -366...366, isSigned: true)
        case "BYWEEKNO": weeks = try Self.list(name, value, -53...53, isSigned: true)
        case "BYMONTH": months = try Self.list(name, value, 1...12)
        case "BYSETPOS": positions = try Self.list(name, value, -366...366, isSigned: true)
        case "BYDAY": days = try Self.days(value)
        default: throw Malformed(reason: "have no part '\(name.prefix(20))'")
        }
    }

    private static func number(
        _ name: String,
        _ text: some StringProtocol,
        _ range: ClosedRange<Int>
    ) throws(Malformed) -> Int {
        guard text.utf8.count <= 8, let number = Int(text), range.contains(number) else {
            throw Malformed(
                reason: "have \(name) from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    private static func list(
        _ name: String,
        _ value: String,
        _ range: ClosedRange<Int>,
        isSigned: Bool = false
    ) throws(Malformed) -> [Int] {
        var numbers: [Int] = []
        for text in value.split(separator: ",", omittingEmptySubsequences: false) {
            let number = try number(name, text, range)
            guard !isSigned || number != 0 else { throw Malformed(reason: "have no 0 in \(name)") }
            numbers.append(number)
        }
        guard numbers.count <= 400 else { throw Malformed(reason: "have less in \(name)") }
        return Set(numbers).sorted()
    }

    private static func days(_ value: String) throws(Malformed) -> [Day] {
        var days: [Day] = []
        for text in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let weekday = weekdays.firstIndex(of: String(text.suffix(2))) else {
                throw Malformed(reason: "have BYDAY as in MO, 2TU or -1FR")
            }
            var ordinal = 0
            if text.utf8.count > 2 {
                ordinal = try number("the ordinals of BYDAY", text.dropLast(2), -53...53)
                guard ordinal != 0 else { throw Malformed(reason: "have no 0 in BYDAY") }
            }
            days.append(Day(ordinal: ordinal, weekday: weekday + 1))
        }
        guard days.count <= 400 else { throw Malformed(reason: "have less in BYDAY") }
        return days
    }

    /// `20261231`, `20261231T235959` or `20261231T235959Z`.
    private static func time(_ value: String) -> WallTime? {
        let bytes = Array(value.utf8)
        guard bytes.count == 8 || bytes.count == 15 || bytes.count == 16,
            bytes.allSatisfy({ $0 < 128 })
        else { return nil }
        let text = Array(value)
        var written = "\(String(text[0..<4]))-\(String(text[4..<6]))-\(String(text[6..<8]))"
        if bytes.count > 8 {
            let clock = "\(String(text[9..<11])):\(String(text[11..<13])):\(String(text[13..<15]))"
            written += "\(text[8])\(clock)\(String(text[15...]))"
        }
        return WallTime(written)
    }

    private func checkCombination() throws(Malformed) {
        guard count == nil || until == nil else {
            throw Malformed(reason: "have COUNT or UNTIL, not both")
        }
        if days.contains(where: { $0.ordinal != 0 }) {
            guard frequency == .monthly || frequency == .yearly && weeks.isEmpty else {
                throw Malformed(
                    reason: "have numbers in BYDAY only if MONTHLY, or YEARLY without BYWEEKNO"
                )
            }
        }
        guard weeks.isEmpty || frequency == .yearly else {
            throw Malformed(reason: "have BYWEEKNO only if YEARLY")
        }
        guard yearDays.isEmpty || ![.daily, .weekly, .monthly].contains(frequency) else {
            throw Malformed(reason: "have no BYYEARDAY if DAILY, WEEKLY or MONTHLY")
        }
        guard monthDays.isEmpty || frequency != .weekly else {
            throw Malformed(reason: "have no BYMONTHDAY if WEEKLY")
        }
        let others = [
            seconds, minutes, hours, monthDays, yearDays, weeks, months, days.map(\.weekday),
        ]
        guard positions.isEmpty || others.contains(where: { !$0.isEmpty }) else {
            throw Malformed(reason: "have BYSETPOS only beside another BY part")
        }
    }
}
