// Finds the ends of values in a text that was validated, and decodes its strings.
extension Span<UInt8> {
    /// The offset of the next byte that is neither white space, comma nor colon.
    package func skippingSeparators(from start: Int) -> Int {
        var offset = skippingWhitespace(from: start)
        while byte(at: offset) == ASCII.comma || byte(at: offset) == ASCII.colon {
            offset = skippingWhitespace(from: offset + 1)
        }
        return offset
    }

    /// The offset after the value that begins at `start`.
    package func skippingValue(from start: Int) -> Int {
        switch self[start] {
        case ASCII.quote:
            return skippingString(from: start)
        case ASCII.leftBrace, ASCII.leftBracket:
            break
        default:
            return skippingScalar(from: start)
        }
        var depth = 0
        var offset = start
        while offset < count {
            switch self[offset] {
            case ASCII.quote:
                offset = skippingString(from: offset)
                continue
            case ASCII.leftBrace, ASCII.leftBracket:
                depth += 1
            case ASCII.rightBrace, ASCII.rightBracket:
                depth -= 1
                if depth == 0 { return offset + 1 }
            default:
                break
            }
            offset += 1
        }
        return count
    }

    /// The offset after the closing quote of the string that begins at `start`.
    package func skippingString(from start: Int) -> Int {
        var offset = start + 1
        while offset < count {
            if offset <= count - 8 {
                let word = word(at: offset)
                let stops = word.marks(of: ASCII.quote) | word.marks(of: ASCII.backslash)
                offset += stops.trailingZeroBitCount >> 3
                if stops == 0 { continue }
            }
            switch self[offset] {
            case ASCII.quote: return offset + 1
            case ASCII.backslash: offset += 2
            default: offset += 1
            }
        }
        return count
    }

    /// The offset after the number or literal that begins at `start`.
    func skippingScalar(from start: Int) -> Int {
        var offset = start
        while offset < count {
            switch self[offset] {
            case ASCII.comma, ASCII.rightBrace, ASCII.rightBracket, 0x20, 0x09, 0x0A, 0x0D:
                return offset
            default:
                offset += 1
            }
        }
        return offset
    }

    func hasEscapes(_ contents: Range<Int>) -> Bool {
        var offset = contents.lowerBound
        while offset <= contents.upperBound - 8 {
            if word(at: offset).marks(of: ASCII.backslash) != 0 { return true }
            offset += 8
        }
        for offset in offset..<contents.upperBound where self[offset] == ASCII.backslash {
            return true
        }
        return false
    }

    func isEqual(_ range: Range<Int>, _ other: Span<UInt8>) -> Bool {
        guard range.count == other.count else { return false }
        for index in 0..<other.count where self[range.lowerBound + index] != other[index] {
            return false
        }
        return true
    }

    /// The text of a string whose contents, without the quotes, are in `contents`.
    func decodedContents(_ contents: Range<Int>) -> String {
        guard hasEscapes(contents) else { return text(contents) }
        var unescaped: [UInt8] = []
        unescaped.reserveCapacity(contents.count)
        unescaped.appendUnescaped(contents, of: self)
        return String(decoding: unescaped, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends the UTF-8 text that the contents of a validated string stand for.
    mutating func appendUnescaped(_ contents: Range<Int>, of bytes: Span<UInt8>) {
        var offset = contents.lowerBound
        while offset < contents.upperBound {
            guard bytes[offset] == ASCII.backslash else {
                append(bytes[offset])
                offset += 1
                continue
            }
            switch bytes[offset + 1] {
            case UInt8(ascii: "b"): append(0x08)
            case UInt8(ascii: "f"): append(0x0C)
            case UInt8(ascii: "n"): append(0x0A)
            case UInt8(ascii: "r"): append(0x0D)
            case UInt8(ascii: "t"): append(0x09)
            case UInt8(ascii: "u"):
                offset = appendUnicodeEscape(at: offset, of: bytes)
                continue
            case let byte: append(byte)
            }
            offset += 2
        }
    }

    /// Appends the scalar of one `\u` escape or of a surrogate pair; returns the offset after it.
    private mutating func appendUnicodeEscape(at start: Int, of bytes: Span<UInt8>) -> Int {
        guard let unit = bytes.hexUnit(at: start + 2) else { return start + 2 }
        var scalar = Unicode.Scalar(unit)
        var end = start + 6
        if scalar == nil, let low = bytes.hexUnit(at: start + 8), low >= 0xDC00 {
            scalar = Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF))
            end = start + 12
        }
        append(contentsOf: String(Character(scalar ?? "\u{FFFD}")).utf8)
        return end
    }
}
