/// A moment of the wall clock in milliseconds, on the wire RFC 3339 in UTC.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var millisecondsSince1970: Int64

    package init(millisecondsSince1970: Int64) {
        self.millisecondsSince1970 = millisecondsSince1970
    }

    package static func < (earlier: Timestamp, later: Timestamp) -> Bool {
        earlier.millisecondsSince1970 < later.millisecondsSince1970
    }

    /// Saturates instead of overflowing.
    package func advanced(byMilliseconds milliseconds: Int64) -> Timestamp {
        let (sum, overflow) = millisecondsSince1970.addingReportingOverflow(milliseconds)
        return Timestamp(
            millisecondsSince1970: overflow ? (milliseconds < 0 ? .min : .max) : sum
        )
    }
}

extension Timestamp: CustomStringConvertible {
    /// The first and the last millisecond that RFC 3339 can write: the years 0 to 9999.
    private static let writable: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    /// `2026-01-31T23:59:59.999Z`; moments outside of the years 0–9999 are written as the nearest.
    package var description: String {
        let text = text
        return text.span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// Appends ``description``.
    package func append(to bytes: inout [UInt8]) {
        let text = text
        text.span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    private var text: InlineArray<24, UInt8> {
        let range = Self.writable
        let moment = min(max(millisecondsSince1970, range.lowerBound), range.upperBound)
        let (days, inDay) = moment.flooredDivision(by: 86_400_000)
        let (year, month, day) = Self.civil(fromDays: days)
        var text = InlineArray<24, UInt8>(repeating: 0)
        var end = 0
        func put(_ value: Int64, digits: Int, _ suffix: UInt8) {
            var rest = value
            for place in stride(from: end + digits - 1, through: end, by: -1) {
                text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            text[end + digits] = suffix
            end += digits + 1
        }
        put(year, digits: 4, UInt8(ascii: "-"))
        put(month, digits: 2, UInt8(ascii: "-"))
        put(day, digits: 2, UInt8(ascii: "T"))
        put(inDay / 3_600_000, digits: 2, UInt8(ascii: ":"))
        put(inDay / 60_000 % 60, digits: 2, UInt8(ascii: ":"))
        put(inDay / 1000 % 60, digits: 2, UInt8(ascii: "."))
        put(inDay % 1000, digits: 3, UInt8(ascii: "Z"))
        return text
    }

    /// Reads RFC 3339 §5.6 `date-time` with any offset; digits beyond milliseconds are cut off, and
    /// a leap second counts as the second after it.
    package init?(_ text: String) {
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let year = reader.number(digits: 4), reader.take("-"),
            let month = reader.number(digits: 2), reader.take("-"),
            let day = reader.number(digits: 2), reader.take("T") || reader.take("t"),
            let hour = reader.number(digits: 2), reader.take(":"),
            let minute = reader.number(digits: 2), reader.take(":"),
            let second = reader.number(digits: 2),
            (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, ofYear: year),
            hour <= 23, minute <= 59, second <= 60
        else { return nil }
        var milliseconds: Int64 = 0
        if reader.take(".") {
            guard let fraction = reader.fraction() else { return nil }
            milliseconds = fraction
        }
        guard let offset = reader.zoneOffsetMinutes(), reader.isAtEnd else { return nil }
        let days = Self.days(fromYear: year, month: month, day: day)
        let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
        self.init(millisecondsSince1970: seconds * 1000 + milliseconds)
    }

    /// Days since 1970-01-01 of a Gregorian date (Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms", days_from_civil).
    private static func days(fromYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shifted.flooredDivision(by: 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    /// The inverse, civil_from_days.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func days(inMonth month: Int64, ofYear year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Walks over the digits of a timestamp.
private struct DigitReader {
    let bytes: [UInt8]
    var index = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index == bytes.count }

    mutating func digit() -> Int64? {
        guard index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index])
        else { return nil }
        defer { index += 1 }
        return Int64(bytes[index] - UInt8(ascii: "0"))
    }

    mutating func number(digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    /// One or more digits after the point, as milliseconds.
    mutating func fraction() -> Int64? {
        guard let first = digit() else { return nil }
        var value = first * 100
        var weight: Int64 = 10
        while let digit = digit() {
            value += digit * weight
            weight /= 10
        }
        return value
    }

    mutating func zoneOffsetMinutes() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = number(digits: 2), take(":"), let minutes = number(digits: 2),
            hours <= 23, minutes <= 59
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

extension Int64 {
    /// Quotient rounded down and the remainder that is never negative, of a positive divisor.
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let remainder = self % divisor
        return remainder < 0
            ? (self / divisor - 1, remainder + divisor) : (self / divisor, remainder)
    }
}
