extension JSONNumber {
    /// Reads a number that is valid by RFC 8259.
    init(validated text: Span<UInt8>) {
        let isNegative = text.byte(at: 0) == ASCII.minus
        let first = isNegative ? 1 : 0
        // "-0" has no integer that would write it back.
        let isNegativeZero = isNegative && text.byte(at: 1) == ASCII.zero
        guard !isNegativeZero, let magnitude = text.unsignedInteger(from: first) else {
            self = .literal(text.text(0..<text.count))
            return
        }
        if !isNegative {
            self = Int64(exactly: magnitude).map(JSONNumber.integer) ?? .unsigned(magnitude)
        } else if magnitude <= Int64.min.magnitude {
            self = .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
        } else {
            self = .literal(text.text(0..<text.count))
        }
    }

    /// The text of the number in JSON.
    package var text: String {
        switch self {
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .literal(let text): text
        }
    }
}

extension Span<UInt8> {
    /// The decimal digits from `start` to the end as an integer; `nil` when there are other
    /// bytes or the integer does not fit.
    func unsignedInteger(from start: Int) -> UInt64? {
        guard start < count else { return nil }
        var value: UInt64 = 0
        for offset in start..<count {
            let byte = self[offset]
            guard byte.isDigit else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let digit = UInt64(byte - ASCII.zero)
            guard !overflow, product <= .max - digit else { return nil }
            value = product + digit
        }
        return value
    }

    /// The bytes of `range`, which are valid UTF-8, as a string.
    func text(_ range: Range<Int>) -> String {
        unsafe extracting(range).withUnsafeBufferPointer { utf8 in
            unsafe String(decoding: utf8, as: UTF8.self)
        }
    }
}
