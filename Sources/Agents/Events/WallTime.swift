/// A date, or a date and time of the day, as it is written in a payload.
struct WallTime: Equatable {
    enum Kind: Equatable {
        case date
        /// In the time zone that goes with it.
        case local
        /// With an offset of its own: `Z`, `+02:00`.
        case instant
    }

    var kind: Kind
    /// Since 1970 began on the clock that is meant; of an instant in UTC.
    var seconds: Int

    /// Reads `2026-03-01`, `2026-03-01T09:00`, `2026-03-01T09:00:00` and RFC 3339.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 40, let date = CalendarDate(text) else { return nil }
        if bytes.count == 10 {
            self.init(kind: .date, seconds: date.days * Self.day)
            return
        }
        if let moment = Moment(text) {
            let days = Moment.split(moment.milliseconds)
            self.init(kind: .instant, seconds: days.days * Self.day + days.ofDay / 1_000)
            return
        }
        guard bytes.count == 16 || bytes.count == 19, bytes[13] == UInt8(ascii: ":"),
            let hour = CalendarDate.number(bytes[11..<13]), hour < 24,
            let minute = CalendarDate.number(bytes[14..<16]), minute < 60
        else { return nil }
        var second = 0
        if bytes.count == 19 {
            guard bytes[16] == UInt8(ascii: ":"), let given = CalendarDate.number(bytes[17..<19]),
                given < 60
            else { return nil }
            second = given
        }
        let ofDay = (hour * 60 + minute) * 60 + second
        self.init(kind: .local, seconds: date.days * Self.day + ofDay)
    }

    init(kind: Kind, seconds: Int) {
        self.kind = kind
        self.seconds = seconds
    }

    static let day = 86_400

    /// Whole days, rounded down, and the seconds of the day.
    static func split(_ seconds: Int) -> (days: Int, ofDay: Int) {
        let days = seconds >= 0 ? seconds / day : (seconds + 1) / day - 1
        return (days, seconds - days * day)
    }

    /// The time on the wall of a zone.
    func local(in zone: ZoneRules) -> Int {
        kind == .instant ? zone.local(of: seconds) : seconds
    }

    /// The moment, in seconds since 1970 in UTC; a time that does not come counts by the offset
    /// before the gap (RFC 5545, section 3.3.5).
    func instant(in zone: ZoneRules) -> Int {
        kind == .instant ? seconds : zone.instantOrShifted(of: seconds)
    }
}
