/// The exact value of a JSON number, whatever way it was written: `100`, `1e2` and `100.0` are
/// equal.
///
/// The value is `0.d₁d₂d₃… × 10^exponent`, with `d₁` and the last digit not zero.
package struct DecimalNumber: Hashable, Sendable {
    package private(set) var isNegative: Bool
    /// The digits as values from 0 to 9, none for zero.
    package private(set) var digits: [UInt8]
    /// The power of ten; `Int.min` for zero.
    ///
    /// Written exponents are cut off at ±10⁹, where no other number comes near.
    package private(set) var exponent: Int

    package init(_ number: JSONNumber) {
        var text =
            switch number {
            case .integer(let value): String(value)
            case .unsigned(let value): String(value)
            case .literal(let text): text
            }
        self = text.withUTF8 { utf8 in unsafe DecimalNumber(utf8.span) }
    }

    /// Reads a number that is valid by RFC 8259.
    init(_ text: Span<UInt8>) {
        var digits: [UInt8] = []
        let magnitude = text.decimalMagnitude { digits.append($0) }
        while digits.last == 0 { digits.removeLast() }
        self.digits = digits
        isNegative = !digits.isEmpty && text.byte(at: 0) == ASCII.minus
        exponent = digits.isEmpty ? .min : magnitude
    }

    package var isInteger: Bool { digits.count <= max(exponent, 0) }

    /// The number as an `Int`; `nil` when it is none or out of range.
    package var intValue: Int? {
        guard isInteger else { return nil }
        guard !digits.isEmpty else { return 0 }
        guard exponent <= 19 else { return nil }
        var magnitude: UInt64 = 0
        for index in 0..<exponent {
            let digit = index < digits.count ? UInt64(digits[index]) : 0
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            guard !overflow, product <= .max - digit else { return nil }
            magnitude = product + digit
        }
        if isNegative, magnitude == Int.min.magnitude { return .min }
        return Int(exactly: magnitude).map { isNegative ? -$0 : $0 }
    }

    /// Whether the quotient of both is an integer; no number is a multiple of zero.
    ///
    /// `divisor` may have 17 significant digits; with more the answer may be `false` wrongly.
    /// O(digits + difference of the exponents).
    package func isMultiple(of divisor: DecimalNumber) -> Bool {
        guard !divisor.digits.isEmpty else { return false }
        guard !digits.isEmpty else { return true }
        var modulus: UInt64 = 0
        for digit in divisor.digits {
            guard modulus < UInt64.max / 100 else { return false }
            modulus = modulus * 10 + UInt64(digit)
        }
        // As integers without trailing zeros: self = a × 10^shift × divisor's unit. With a
        // negative shift a would have to end in zeros, and it does not.
        let shift = (exponent - digits.count) - (divisor.exponent - divisor.digits.count)
        guard shift >= 0 else { return false }
        var remainder: UInt64 = 0
        for digit in digits {
            remainder = (remainder * 10 + UInt64(digit)) % modulus
        }
        for _ in 0..<shift where remainder != 0 {
            remainder = remainder * 10 % modulus
        }
        return remainder == 0
    }
}

extension DecimalNumber: Comparable {
    package static func < (lhs: DecimalNumber, rhs: DecimalNumber) -> Bool {
        guard lhs.isNegative == rhs.isNegative else { return lhs.isNegative }
        return lhs.isNegative
            ? rhs.hasSmallerMagnitude(than: lhs) : lhs.hasSmallerMagnitude(than: rhs)
    }

    private func hasSmallerMagnitude(than other: DecimalNumber) -> Bool {
        guard exponent == other.exponent else { return exponent < other.exponent }
        return digits.lexicographicallyPrecedes(other.digits)
    }
}

extension Span<UInt8> {
    /// Walks over a valid number: hands out its significant digits, first to last, and returns
    /// the exponent that goes with `0.d₁d₂d₃…`.
    func decimalMagnitude(_ body: (UInt8) -> Void) -> Int {
        var exponent = 0
        var hasStarted = false
        var isFraction = false
        for offset in 0..<count {
            let byte = self[offset]
            switch byte {
            case ASCII.digits:
                hasStarted = hasStarted || byte != ASCII.zero
                if hasStarted {
                    body(byte - ASCII.zero)
                    if !isFraction { exponent += 1 }
                } else if isFraction {
                    exponent -= 1
                }
            case ASCII.point:
                isFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                return exponent + writtenExponent(at: offset + 1)
            default:
                break
            }
        }
        return exponent
    }

    /// The exponent after the `e` of a valid number, cut off at ±10⁹.
    private func writtenExponent(at start: Int) -> Int {
        var value = 0
        for offset in start..<count where self[offset].isDigit {
            value = Swift.min(value * 10 + Int(self[offset] - ASCII.zero), 1_000_000_000)
        }
        return byte(at: start) == ASCII.minus ? -value : value
    }
}
