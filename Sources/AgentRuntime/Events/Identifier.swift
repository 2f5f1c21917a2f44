import JSONRPC

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
        let text = characters(of: high, low)
        return text.span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    fileprivate static func characters(
        of high: UInt64,
        _ low: UInt64
    ) -> InlineArray<36, UInt8> {
        var text = InlineArray<36, UInt8>(repeating: UInt8(ascii: "-"))
        var index = 0
        for nibble in 0..<32 {
            // These places are for the hyphens.
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 { index += 1 }
            let word = nibble < 16 ? high : low
            let value = UInt8(truncatingIfNeeded: word >> UInt64((15 - nibble % 16) * 4)) & 0xF
            text[index] = value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
            index += 1
        }
        return text
    }
}

extension JSONWriter {
    /// Writes ``Identifier/text``, without making it.
    mutating func identifier(_ id: Identifier) {
        switch id {
        case .text(let text): string(text)
        case .uuid(let high, let low):
            let text = Identifier.characters(of: high, low)
            plainString { bytes in
                text.span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
            }
        }
    }

    mutating func member(_ name: StaticString, _ id: Identifier) {
        self.name(name)
        identifier(id)
    }

    mutating func member(_ name: StaticString, _ moment: Timestamp) {
        self.name(name)
        plainString { moment.append(to: &$0) }
    }

    mutating func member(_ name: StaticString, ifPresent moment: Timestamp?) {
        if let moment { member(name, moment) }
    }
}
