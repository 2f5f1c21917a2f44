/// A moment, as milliseconds since 1970 in UTC, without leap seconds.
struct Moment: Hashable, Comparable, Sendable {
    static let millisecondsPerDay = 86_400_000

    var milliseconds: Int

    init(milliseconds: Int) {
        self.milliseconds = milliseconds
    }

    /// RFC 3339 `date-time`, of the years 1 to 9999; a fraction is cut to milliseconds, a leap
    /// second is the second after it.
    init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard (20...64).contains(bytes.count), let date = CalendarDate(text),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = CalendarDate.number(bytes[11..<13]), hour < 24,
            let minute = CalendarDate.number(bytes[14..<16]), minute < 60,
            let second = CalendarDate.number(bytes[17..<19]), second <= 60
        else { return nil }
        var index = 19
        var fraction = 0
        if bytes[index] == UInt8(ascii: ".") {
            let digits = bytes[(index + 1)...].prefix {
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
            }
            guard !digits.isEmpty else { return nil }
            let padded = Array(digits.prefix(3)) + [48, 48, 48]
            fraction = CalendarDate.number(padded[0..<3]) ?? 0
            index = digits.endIndex
        }
        guard let offset = Self.offset(bytes[index...]) else { return nil }
        milliseconds =
            date.days * Self.millisecondsPerDay
            + ((hour * 60 + minute - offset) * 60 + second) * 1_000 + fraction
    }

    /// Minutes east of Greenwich of `Z` or `+HH:MM`.
    static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let sign = bytes.first else { return nil }
        if bytes.count == 1 { return sign | 0x20 == UInt8(ascii: "z") ? 0 : nil }
        let start = bytes.startIndex
        guard bytes.count == 6, bytes[start + 3] == UInt8(ascii: ":"),
            sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            let hours = CalendarDate.number(bytes[start + 1..<start + 3]), hours < 24,
            let minutes = CalendarDate.number(bytes[start + 4..<start + 6]), minutes < 60
        else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }

    /// RFC 3339 in UTC with milliseconds: `2025-11-23T09:12:00.123Z`.
    var text: String {
        let (days, ofDay) = Self.split(milliseconds)
        let seconds = ofDay / 1_000
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60]
            .map { CalendarDate.padded($0, 2) }
        return "\(CalendarDate(days: days).text)T\(clock.joined(separator: ":"))."
            + "\(CalendarDate.padded(ofDay % 1_000, 3))Z"
    }

    /// Whole days, rounded down, and the milliseconds of the day.
    static func split(_ milliseconds: Int) -> (days: Int, ofDay: Int) {
        var (days, rest) = milliseconds.quotientAndRemainder(dividingBy: millisecondsPerDay)
        if rest < 0 {
            days -= 1
            rest += millisecondsPerDay
        }
        return (days, rest)
    }

    static func < (lhs: Moment, rhs: Moment) -> Bool { lhs.milliseconds < rhs.milliseconds }
}
