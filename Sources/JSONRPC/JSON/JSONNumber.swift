/// A JSON number, kept exact: 64-bit integers as such, everything else as its literal text.
package enum JSONNumber: Hashable, Sendable {
    case integer(Int64)
    /// An integer above `Int64.max`.
    case unsigned(UInt64)
    /// The text of a number that no 64-bit integer holds; always valid RFC 8259 grammar and
    /// always within the range of a `Double`.
    case literal(String)

    /// The shortest text that reads back as `value`; `nil` when it is not finite.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self = .literal(value.description)
    }

    package var doubleValue: Double {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .literal(let text): Double(text) ?? .nan
        }
    }

    /// The number as an `Int` when it is one exactly, however it was written.
    package var intValue: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .unsigned(let value): Int(exactly: value)
        case .literal: DecimalNumber(self).intValue
        }
    }
}
