/// Dates as HTTP writes them.
package enum HTTPDate {
    /// The IMF-fixdate (RFC 9110 §5.6.7) of a time, as in `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// `unixSeconds` counts from 1970 without leap seconds and is limited to the years 1970 to
    /// 9999, which the format can write.
    package static func imfFixdate(unixSeconds: Int) -> String {
        let seconds = min(max(unixSeconds, 0), 253_402_300_799)
        let (days, secondOfDay) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let date = civilDate(daysSince1970: days)
        let time = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60].map(twoDigits)
        // 1970-01-01 was a Thursday.
        return weekdays[(days + 4) % 7] + ", " + twoDigits(date.day) + " " + months[date.month - 1]
            + " \(date.year) " + time.joined(separator: ":") + " GMT"
    }

    /// The Gregorian date of a day, counted in eras of 400 years that begin on 1 March, so that
    /// the leap day is the last of its year (Howard Hinnant, "chrono-compatible low-level date
    /// algorithms").
    private static func civilDate(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let days = daysSince1970 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
