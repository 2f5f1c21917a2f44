/// An id as the state keeps it: a UUID in 16 bytes, anything else as its text.
///
/// Ids of ours are UUIDs; kept as text, the four of a task would take most of its record.
package enum Identifier: Hashable, Sendable {
    case uuid(high: UInt64, low: UInt64)
    case text(String)

    package init(_ text: String) {
        self = Self.parse(text) ?? .text(text)
    }

    /// - Parameter utf8: The id's text.
    init(utf8: Span<UInt8>) {
        if let uuid = Self.parse(utf8) {
            self = uuid
        } else {
            self = utf8.withUnsafeBufferPointer { .text(String(decoding: $0, as: UTF8.self)) }
        }
    }

    /// The id as it was given.
    package var text: String {
        switch self {
        case .text(let text): text
        case .uuid(let high, let low): Self.text(of: high, low)
        }
    }

    private static func parse(_ text: String) -> Identifier? {
        guard text.utf8.count == length else { return nil }
        var text = text
        return text.withUTF8 { parse($0.span) }
    }

    /// Reads the form that ``text`` gives back: 36 characters, lower case.
    private static func parse(_ utf8: Span<UInt8>) -> Identifier? {
        guard utf8.count == length else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        var index = 0
        var nibbles = 0
        while index < length {
            if nibbles == 8 || nibbles == 12 || nibbles == 16 || nibbles == 20 {
                guard utf8[index] == UInt8(ascii: "-") else { return nil }
                index += 1
            }
            // Groups have four digits or a multiple of them.
            for _ in 0..<4 {
                let byte = utf8[index]
                let digit: UInt8
                if byte &- UInt8(ascii: "0") < 10 {
                    digit = byte &- UInt8(ascii: "0")
                } else if byte &- UInt8(ascii: "a") < 6 {
                    digit = byte &- UInt8(ascii: "a") &+ 10
                } else {
                    return nil
                }
                if nibbles < 16 {
                    words.0 = words.0 << 4 | UInt64(digit)
                } else {
                    words.1 = words.1 << 4 | UInt64(digit)
                }
                nibbles += 1
                index += 1
            }
        }
        return .uuid(high: words.0, low: words.1)
    }

    private static let length = 36

    /// The 36 characters of RFC 9562 §4, in lower case.
    static func text(of high: UInt64, _ low: UInt64) -> String {
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: length) { buffer in
            var index = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    buffer[index] = UInt8(ascii: "-")
                    index += 1
                }
                let word = nibble < 16 ? high : low
                let value = Int(word >> UInt64((15 - nibble % 16) * 4) & 0xF)
                buffer[index] = digits.utf8Start[value]
                index += 1
            }
            return index
        }
    }
}
