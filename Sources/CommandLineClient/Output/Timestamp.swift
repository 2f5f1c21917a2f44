/// A moment as the hub writes it: RFC 3339.
struct Timestamp: Equatable, Sendable {
    var millisecondsSince1970: Int64

    init(millisecondsSince1970: Int64) {
        self.millisecondsSince1970 = millisecondsSince1970
    }

    /// Reads `2026-01-31T12:00:00.123Z`; `nil` for anything but a UTC time.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            return value
        }
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"),
            bytes[10] == UInt8(ascii: "T"),
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            (1...12).contains(month), (1...31).contains(day),
            let hour = number(11..<13), let minute = number(14..<16),
            let second = number(17..<19)
        else { return nil }
        var milliseconds: Int64 = 0
        if bytes[19] == UInt8(ascii: ".") {
            let digits = Array(bytes[20..<(bytes.count - 1)].prefix(3))
            guard let fraction = number(20..<(20 + digits.count)) else { return nil }
            milliseconds = [1, 100, 10, 1][digits.count] * fraction
        }
        let seconds = ((Self.day(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
        millisecondsSince1970 = seconds * 1000 + milliseconds
    }

    /// Days since 1970-01-01 in the Gregorian calendar (Hinnant, "days_from_civil").
    private static func day(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// How long ago it was.
    func age(at now: Timestamp) -> Duration {
        .milliseconds(max(0, now.millisecondsSince1970 - millisecondsSince1970))
    }
}

extension Duration {
    /// The duration in its largest fitting unit: `12 ms`, `3.4 s`, `2m 05s`, `3h 07m`, `4d 06h`.
    var brief: String {
        let seconds = components.seconds
        if self < .milliseconds(1000) {
            return "\(Int64((self / .milliseconds(1)).rounded(.down))) ms"
        }
        switch seconds {
        case ..<60: return "\(seconds).\(Int(components.attoseconds / 100_000_000_000_000_000)) s"
        case ..<3600: return "\(seconds / 60)m \(Self.twoDigits(seconds % 60))s"
        case ..<86_400: return "\(seconds / 3600)h \(Self.twoDigits(seconds / 60 % 60))m"
        default: return "\(seconds / 86_400)d \(Self.twoDigits(seconds / 3600 % 24))h"
        }
    }

    private static func twoDigits(_ number: Int64) -> String {
        (number < 10 ? "0" : "") + String(number)
    }
}
