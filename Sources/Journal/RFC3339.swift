/// Times as the journal writes them: RFC 3339, UTC, milliseconds, `2025-11-23T09:12:00.123Z`.
///
/// Integer arithmetic on the proleptic Gregorian calendar, without leap seconds
/// (days and dates after H. Hinnant, "chrono-compatible low-level date algorithms").
package enum RFC3339 {
    package static let length = 24
    /// The last millisecond of the year 9999: the format has four digits for the year.
    package static let latest: Int64 = 253_402_300_799_999

    /// Appends `milliseconds` since 1970, brought into the years 1970 to 9999 where it is not.
    package static func append(_ milliseconds: Int64, to bytes: inout [UInt8]) {
        let time = min(max(milliseconds, 0), latest)
        let (days, ofDay) = time.quotientAndRemainder(dividingBy: 86_400_000)
        let (year, month, day) = date(days: Int(days))
        let (seconds, fraction) = Int(ofDay).quotientAndRemainder(dividingBy: 1000)
        append(year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(day, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        append(seconds / 3600, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(seconds / 60 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(seconds % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        append(fraction, digits: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    package static func string(_ milliseconds: Int64) -> String {
        var bytes: [UInt8] = []
        append(milliseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Milliseconds since 1970; `nil` unless `text` is exactly what `append` writes for them.
    package static func milliseconds(of text: Span<UInt8>) -> Int64? {
        guard text.count == length,
            text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            text[10] == UInt8(ascii: "T"), text[13] == UInt8(ascii: ":"),
            text[16] == UInt8(ascii: ":"), text[19] == UInt8(ascii: "."),
            text[23] == UInt8(ascii: "Z"),
            let year = number(in: text, at: 0, digits: 4), year >= 1970,
            let month = number(in: text, at: 5, digits: 2), 1...12 ~= month,
            let day = number(in: text, at: 8, digits: 2),
            let hour = number(in: text, at: 11, digits: 2), hour < 24,
            let minute = number(in: text, at: 14, digits: 2), minute < 60,
            let second = number(in: text, at: 17, digits: 2), second < 60,
            let fraction = number(in: text, at: 20, digits: 3)
        else { return nil }
        let days = days(year: year, month: month, day: day)
        guard date(days: days) == (year, month, day) else { return nil }
        return Int64(days) * 86_400_000 + Int64((hour * 60 + minute) * 60 + second) * 1000
            + Int64(fraction)
    }

    /// The date that is `days` after 1 January 1970.
    private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        // Years begin in March, so that the leap day is the last of them.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func append(_ value: Int, digits: Int, to bytes: inout [UInt8]) {
        let ones = UInt8(ascii: "0") + UInt8(value % 10)
        if digits == 4 { bytes.append(UInt8(ascii: "0") + UInt8(value / 1000 % 10)) }
        if digits >= 3 { bytes.append(UInt8(ascii: "0") + UInt8(value / 100 % 10)) }
        bytes.append(UInt8(ascii: "0") + UInt8(value / 10 % 10))
        bytes.append(ones)
    }

    private static func number(in text: Span<UInt8>, at start: Int, digits: Int) -> Int? {
        var value = 0
        for index in start..<start + digits {
            let byte = text[index]
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}
