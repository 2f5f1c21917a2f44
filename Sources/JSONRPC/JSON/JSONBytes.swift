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
        if 0..<10 ~= value {
            append(ASCII.zero + UInt8(value))
        } else {
            append(utf8: String(value))
        }
    }

    /// Appends `text` in quotes, escaping what RFC 8259 §7 demands and nothing else.
    mutating func appendQuoted(_ text: String) {
        append(ASCII.quote)
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            for index in utf8.indices where unsafe utf8[index].needsEscape {
                unsafe append(contentsOf: utf8[start..<index])
                unsafe appendEscaped(utf8[index])
                start = index + 1
            }
            unsafe append(contentsOf: utf8[start...])
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

extension UInt8 {
    fileprivate var needsEscape: Bool {
        self < 0x20 || self == ASCII.quote || self == ASCII.backslash
    }
}
