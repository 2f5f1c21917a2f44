/// A validated string, quotes included.
struct ScannedString {
    /// The offset after the closing quote.
    var end: Int
    var hasEscapes: Bool
}

extension Span<UInt8> {
    /// Validates the string whose opening quote is at `start` (RFC 8259 §7, RFC 3629).
    func scanString(at start: Int) throws(JSONError) -> ScannedString {
        var offset = start + 1
        var hasEscapes = false
        while true {
            while offset <= count - 8 {
                let stops = word(at: offset).bytesThatEndPlainText
                if stops != 0 {
                    offset += stops.trailingZeroBitCount >> 3
                    break
                }
                offset += 8
            }
            guard offset < count else { throw JSONError(.unexpectedEnd, at: offset) }
            switch self[offset] {
            case ASCII.quote:
                return ScannedString(end: offset + 1, hasEscapes: hasEscapes)
            case ASCII.backslash:
                hasEscapes = true
                offset = try scanEscape(at: offset)
            case 0x80...:
                repeat {
                    let length = lengthOfScalar(at: offset)
                    guard length > 0 else { throw JSONError(.invalidUTF8, at: offset) }
                    offset += length
                } while byte(at: offset) >= 0x80
            case 0x20...:
                // Only the last eight bytes of a text are read one by one.
                offset += 1
            default:
                throw JSONError(.controlCharacter, at: offset)
            }
        }
    }

    /// Validates the escape whose backslash is at `start` and returns the offset after it.
    private func scanEscape(at start: Int) throws(JSONError) -> Int {
        switch byte(at: start + 1) {
        case ASCII.quote, ASCII.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            break
        default:
            throw JSONError(.invalidEscape, at: start)
        }
        guard let unit = hexUnit(at: start + 2) else { throw JSONError(.invalidEscape, at: start) }
        switch unit {
        case 0xDC00...0xDFFF:
            throw JSONError(.loneSurrogate, at: start)
        case 0xD800...0xDBFF:
            guard byte(at: start + 6) == ASCII.backslash,
                byte(at: start + 7) == UInt8(ascii: "u"),
                let low = hexUnit(at: start + 8),
                0xDC00...0xDFFF ~= low
            else { throw JSONError(.loneSurrogate, at: start) }
            return start + 12
        default:
            return start + 6
        }
    }

    /// The four hexadecimal digits at `offset` as a UTF-16 code unit.
    func hexUnit(at offset: Int) -> UInt32? {
        var unit: UInt32 = 0
        for index in offset..<offset + 4 {
            guard let digit = byte(at: index).hexValue else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    /// The length of the multi-byte scalar at `offset`, 0 when it is malformed.
    ///
    /// The ranges of the second byte keep out overlong forms, surrogates and what is above
    /// U+10FFFF (RFC 3629 §4).
    private func lengthOfScalar(at offset: Int) -> Int {
        let second = byte(at: offset + 1)
        switch self[offset] {
        case 0xC2...0xDF:
            return second.isContinuation ? 2 : 0
        case 0xE0:
            return 0xA0...0xBF ~= second && byte(at: offset + 2).isContinuation ? 3 : 0
        case 0xED:
            return 0x80...0x9F ~= second && byte(at: offset + 2).isContinuation ? 3 : 0
        case 0xE1...0xEF:
            return second.isContinuation && byte(at: offset + 2).isContinuation ? 3 : 0
        case 0xF0:
            return 0x90...0xBF ~= second && endsWithContinuations(offset + 2) ? 4 : 0
        case 0xF1...0xF3:
            return second.isContinuation && endsWithContinuations(offset + 2) ? 4 : 0
        case 0xF4:
            return 0x80...0x8F ~= second && endsWithContinuations(offset + 2) ? 4 : 0
        default:
            return 0
        }
    }

    private func endsWithContinuations(_ offset: Int) -> Bool {
        byte(at: offset).isContinuation && byte(at: offset + 1).isContinuation
    }
}

extension UInt8 {
    fileprivate var isContinuation: Bool { self & 0xC0 == 0x80 }
}

extension UInt64 {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    // In these marks the lowest bit set is exact; a borrow may mark bytes above it, so only the
    // lowest counts.

    /// The high bit of each byte that is a quote, a backslash, a control character or not ASCII.
    fileprivate var bytesThatEndPlainText: UInt64 {
        let controls = (self &- (Self.ones &* 0x20)) & ~self
        return marks(of: ASCII.quote) | marks(of: ASCII.backslash)
            | (controls | self) & Self.highBits
    }

    /// The high bit of each byte that is `byte`.
    @inline(__always)
    func marks(of byte: UInt8) -> UInt64 {
        let difference = self ^ (Self.ones &* UInt64(byte))
        return (difference &- Self.ones) & ~difference & Self.highBits
    }
}
