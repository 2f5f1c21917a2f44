import JSONRPC

/// How often attempts may begin: `count` in each `period`, and `burst` at once.
struct StartRate: Equatable, Sendable {
    static let counts = 1...1_000_000

    var count: Int
    /// One second or one minute.
    var period: Period
    var burst: Int

    enum Period: String, CaseIterable, Sendable {
        case perSecond, perMinute

        var nanoseconds: Int64 {
            switch self {
            case .perSecond: 1_000_000_000
            case .perMinute: 60_000_000_000
            }
        }
    }

    /// Reads `{perSecond | perMinute, burst?}`; without a `burst`, it is what comes in a second, and
    /// at least 1.
    ///
    /// Tells what is wrong with it by `report`, with a JSON pointer into the value.
    init?(_ value: JSONValue, report: (_ path: String, _ reason: String) -> Void = { _, _ in }) {
        guard let object = value.objectValue else {
            report("", "must be an object")
            return nil
        }
        var isValid = true
        func problem(_ path: String, _ reason: String) {
            isValid = false
            report(path, reason)
        }
        func number(_ name: String) -> Int? {
            guard let member = object[name] else { return nil }
            if let number = member.intValue, Self.counts.contains(number) { return number }
            problem("/\(name)", "must be an integer from 1 to \(Self.counts.upperBound)")
            return nil
        }
        for member in object.members
        where member.name != "burst" && Period(rawValue: member.name) == nil {
            problem("/\(member.name)", "is not known: there are perSecond, perMinute and burst")
        }
        let periods = Period.allCases.filter { object[$0.rawValue] != nil }
        if periods.count != 1 { problem("", "must have one of perSecond and perMinute") }
        let count = periods.map { number($0.rawValue) }.first ?? nil
        let burst = number("burst")
        guard isValid, let period = periods.first, let count else { return nil }
        self.count = count
        self.period = period
        self.burst = burst ?? (period == .perSecond ? count : max(1, count / 60))
    }
}
