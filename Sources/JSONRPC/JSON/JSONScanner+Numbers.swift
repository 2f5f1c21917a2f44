extension Span<UInt8> {
    /// Validates the number at `start` (RFC 8259 §6) and returns the offset after it.
    ///
    /// A number that no `Double` can hold is refused, because most peers would read infinity.
    func scanNumber(at start: Int) throws(JSONError) -> Int {
        let integer = byte(at: start) == ASCII.minus ? start + 1 : start
        let point = skippingDigits(from: integer)
        guard point > integer else { throw error(.invalidNumber, at: integer) }
        guard self[integer] != ASCII.zero || point == integer + 1 else {
            throw JSONError(.invalidNumber, at: integer)
        }
        var end = point
        if byte(at: end) == ASCII.point {
            end = skippingDigits(from: point + 1)
            guard end > point + 1 else { throw error(.invalidNumber, at: end) }
        }
        let hasExponent = byte(at: end) | 0x20 == UInt8(ascii: "e")
        if hasExponent {
            let sign = byte(at: end + 1)
            let digits = sign == ASCII.minus || sign == ASCII.plus ? end + 2 : end + 1
            end = skippingDigits(from: digits)
            guard end > digits else { throw error(.invalidNumber, at: end) }
        }
        // 10^308 is within the range: without an exponent it takes 309 digits to leave it.
        if hasExponent || point - integer > 308 {
            guard isFiniteDouble(start..<end) else {
                throw JSONError(.numberOutOfRange, at: start)
            }
        }
        return end
    }

    @inline(__always)
    private func skippingDigits(from start: Int) -> Int {
        var offset = start
        while offset < count, self[offset].isDigit { offset += 1 }
        return offset
    }

    /// Whether the well-formed number in `range` rounds to a finite `Double`.
    private func isFiniteDouble(_ range: Range<Int>) -> Bool {
        // The order of magnitude decides all but the numbers next to the limit.
        var isZero = true
        let exponent = extracting(range).decimalMagnitude { _ in isZero = false }
        if isZero || exponent < 309 { return true }
        return exponent == 309 && Double(text(range))?.isFinite ?? false
    }
}
