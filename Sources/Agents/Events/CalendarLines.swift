/// The content lines of an iCalendar file (RFC 5545, section 3.1).
struct CalendarLines {
    private(set) var text = ""

    /// Octets of a line without its break.
    private static let width = 75

    /// Adds a line, folded between characters.
    mutating func add(_ line: String) {
        var used = 0
        for scalar in line.unicodeScalars {
            let size = UTF8.width(scalar)
            if used + size > Self.width {
                text += "\r\n "
                used = 1
            }
            text.unicodeScalars.append(scalar)
            used += size
        }
        text += "\r\n"
    }

    /// A value of type TEXT (section 3.3.11); control characters are left out.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": result.append(contentsOf: ["\\", scalar])
            case "\n":
                if previous != "\r" { result.append(contentsOf: ["\\", "n"]) }
            case "\r": result.append(contentsOf: ["\\", "n"])
            case "\t": result.append(scalar)
            default: if !isControl(scalar) { result.append(scalar) }
            }
            previous = scalar
        }
        return String(result)
    }

    /// A quoted parameter value, which can have neither quotes nor control characters.
    static func parameter(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isControl(scalar) {
            result.append(scalar == "\"" ? "'" : scalar)
        }
        return "\"\(String(result))\""
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    /// `20261231`, of seconds since 1970 on any clock.
    static func date(_ seconds: Int) -> String {
        CalendarDate(days: WallTime.split(seconds).days).text.filter { $0 != "-" }
    }

    /// `20261231T093000`.
    static func stamp(_ seconds: Int) -> String {
        let ofDay = WallTime.split(seconds).ofDay
        let clock = [ofDay / 3_600, ofDay / 60 % 60, ofDay % 60]
            .map { CalendarDate.padded($0, 2) }
        return "\(date(seconds))T\(clock.joined())"
    }

    /// `+0100`, with seconds only if there are some.
    static func offset(_ seconds: Int) -> String {
        let size = abs(seconds)
        let parts = [size / 3_600, size / 60 % 60].map { CalendarDate.padded($0, 2) }
        let rest = size % 60 == 0 ? "" : CalendarDate.padded(size % 60, 2)
        return (seconds < 0 ? "-" : "+") + parts.joined() + rest
    }
}
