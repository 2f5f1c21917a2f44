// The pieces of JSON text that writers append.
extension [UInt8] {
    mutating func append(span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    mutating func append(ascii text: StaticString) {
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }

    mutating func append(utf8 text: String) {
        var text = text
        text.withUTF8 { unsafe append(contentsOf: $0) }
    }

    mutating func appendDecimal(_ value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        appendDecimal(UInt64(value.magnitude))
    }

    mutating func appendDecimal(_ value: UInt64) {
        var digits = InlineArray<20, UInt8>(repeating: ASCII.zero)
        var start = 20
        var rest = value
        repeat {
            start -= 1
            digits[start] = ASCII.zero + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        append(span: digits.span.extracting(start..<20))
    }

    /// Appends `text` in quotes, escaping what RFC 8259 §7 demands and nothing else.
    mutating func appendQuoted(_ text: String) {
        append(ASCII.quote)
        var text = text
        text.withUTF8 { utf8 in
            let bytes = unsafe utf8.span
            var start = 0
            while let index = bytes.firstToEscape(from: start) {
                append(span: bytes.extracting(start..<index))
                appendEscaped(bytes[index])
                start = index + 1
            }
            append(span: bytes.extracting(start..<bytes.count))
        }
        append(ASCII.quote)
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case ASCII.quote, ASCII.backslash:
            append(ASCII.backslash)
            append(byte)
        case 0x08: append(ascii: "\\b")
        case 0x09: append(ascii: "\\t")
        case 0x0A: append(ascii: "\\n")
        case 0x0C: append(ascii: "\\f")
        case 0x0D: append(ascii: "\\r")
        default:
            append(ascii: "\\u00")
            append(ASCII.zero + byte >> 4)
            let low = byte & 0xF
            append(low < 10 ? ASCII.zero + low : UInt8(ascii: "a") + low - 10)
        }
    }
}

extension Span<UInt8> {
    /// Index of the first byte from `start` on that a string must not contain as it is.
    ///
    /// Looks at eight bytes at once (Warren, "Hacker's Delight", 2nd ed., 6-1).
    fileprivate func firstToEscape(from start: Int) -> Int? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quotes = ones &* UInt64(ASCII.quote)
        let backslashes = ones &* UInt64(ASCII.backslash)
        var index = start
        while count - index >= 8 {
            // Checked against the bounds of the span; UInt64 has no invalid bit patterns.
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let quote = word ^ quotes
            let backslash = word ^ backslashes
            let found =
                (word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote
                | (backslash &- ones) & ~backslash
            if found & highs != 0 { break }
            index += 8
        }
        while index < count {
            if self[index].needsEscape { return index }
            index += 1
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var needsEscape: Bool {
        self < 0x20 || self == ASCII.quote || self == ASCII.backslash
    }
}
