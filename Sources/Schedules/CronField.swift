/// One field of a cron expression: which values it may have and what they are called.
enum CronField: String, CaseIterable, Sendable {
    case second
    case minute
    case hour
    case dayOfMonth = "day of month"
    case month
    case dayOfWeek = "day of week"

    /// What may be written; 7 is Sunday as 0 is.
    var values: ClosedRange<Int> {
        switch self {
        case .second, .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    /// Names of values, the first one for the first of `values`.
    var names: [String] {
        switch self {
        case .second, .minute, .hour, .dayOfMonth: []
        case .month:
            [
                "jan", "feb", "mar", "apr", "may", "jun",
                "jul", "aug", "sep", "oct", "nov", "dec",
            ]
        case .dayOfWeek: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        }
    }
}

/// The values that a field allows, a bit for each.
struct CronSet: Hashable, Sendable {
    var bits: UInt64 = 0

    func contains(_ value: Int) -> Bool {
        bits >> UInt64(value) & 1 == 1
    }

    mutating func insert(_ value: Int) {
        bits |= 1 << UInt64(value)
    }

    /// The smallest value that is not below `value`.
    func first(from value: Int) -> Int? {
        let rest = bits >> UInt64(value)
        return rest == 0 ? nil : value + rest.trailingZeroBitCount
    }
}

/// Why a text is no cron expression, in words for who wrote it.
package struct CronProblem: Error, Equatable, CustomStringConvertible {
    package let description: String
}

extension CronSet {
    /// Reads `*`, `?`, `5`, `mon`, `1-5`, `*/10`, `3/20`, `1-30/2` and lists of these.
    init(_ text: Substring, _ field: CronField) throws(CronProblem) {
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            try insert(item, field)
        }
        if field == .dayOfWeek, contains(7) {
            insert(0)
            bits &= ~(1 << 7)
        }
    }

    private mutating func insert(_ item: Substring, _ field: CronField) throws(CronProblem) {
        let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = parts.first, !base.isEmpty else {
            throw CronProblem(description: "the \(field.rawValue) has an empty item")
        }
        var range = try Self.range(base, field)
        var step = 1
        if parts.count == 2 {
            step = try Self.step(parts[1], field)
            // From a single value on: to the end of the field, but not to the second Sunday.
            if range.count == 1, !base.contains("-") {
                let last = field == .dayOfWeek ? 6 : field.values.upperBound
                range = range.lowerBound...max(range.lowerBound, last)
            }
        }
        for value in stride(from: range.lowerBound, through: range.upperBound, by: step) {
            insert(value)
        }
    }

    private static func range(
        _ text: Substring,
        _ field: CronField
    ) throws(CronProblem) -> ClosedRange<Int> {
        if text == "*" || text == "?" {
            return field == .dayOfWeek ? 0...6 : field.values
        }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try value(ends[0], field)
        guard ends.count == 2 else { return first...first }
        let last = try value(ends[1], field)
        guard first <= last else {
            throw CronProblem(
                description: "the \(field.rawValue) \(text) runs backwards; list both parts"
            )
        }
        return first...last
    }

    private static func step(_ text: Substring, _ field: CronField) throws(CronProblem) -> Int {
        let most = field.values.upperBound
        guard let step = number(text), (1...most).contains(step) else {
            throw CronProblem(
                description: "the step of the \(field.rawValue) must be a number from 1 to \(most)"
            )
        }
        return step
    }

    private static func value(_ text: Substring, _ field: CronField) throws(CronProblem) -> Int {
        if let index = field.names.firstIndex(of: text.lowercased()) {
            return index + field.values.lowerBound
        }
        guard let value = number(text), field.values.contains(value) else {
            let values = field.values
            let names = field.names.isEmpty ? "" : " or a name such as \(field.names[1])"
            throw CronProblem(
                description: "the \(field.rawValue) must be a number from \(values.lowerBound) "
                    + "to \(values.upperBound)\(names)"
            )
        }
        return value
    }

    /// ASCII digits alone: `Int` would take a sign.
    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
