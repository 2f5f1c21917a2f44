/// Cuts HTML into tags and text, tolerantly and in linear time.
///
/// After the HTML Standard's tokenization (section 13.2.5) as far as an audit needs it: comments,
/// doctypes and processing instructions are passed over, the content of `script`, `style`,
/// `textarea` and `title` is raw text, names are lower-cased ASCII, and a tag that the input
/// leaves open is dropped. Character references stay as they are.
struct HTMLTokenizer {
    enum Token: Equatable {
        case startTag(name: String, attributes: [String: String])
        case endTag(name: String)
        case text(Range<Int>)
        /// The whole content of a raw text element, whose end tag follows.
        case rawText(Range<Int>)
    }

    let bytes: [UInt8]
    private var position = 0
    /// The raw text element whose content comes next.
    private var rawElement: String?

    /// Attributes that are kept; the others are only skipped.
    private static let attributes: Set<String> = [
        "id", "class", "style", "hidden", "href", "rel", "media", "type", "lang", "alt", "title",
        "for", "name", "content", "value", "role", "aria-label", "aria-labelledby", "aria-hidden",
    ]
    private static let rawElements: Set<String> = ["script", "style", "textarea", "title"]

    init(_ html: String) {
        bytes = Array(html.utf8)
    }

    /// The next token, `nil` at the end of the input.
    mutating func next() -> Token? {
        if let element = rawElement {
            rawElement = nil
            return .rawText(rawText(of: element))
        }
        while position < bytes.count {
            guard byte(0) == UInt8(ascii: "<") else { return text() }
            switch byte(1) {
            case UInt8(ascii: "!")?:
                skipMarkupDeclaration()
            case UInt8(ascii: "?")?:
                skip(past: UInt8(ascii: ">"))
            case UInt8(ascii: "/")?:
                if byte(2).map(Self.isLetter) == true {
                    position += 2
                    if let tag = tag() { return .endTag(name: tag.name) }
                } else {
                    skip(past: UInt8(ascii: ">"))
                }
            case let next? where Self.isLetter(next):
                position += 1
                guard let tag = tag() else { continue }
                if Self.rawElements.contains(tag.name) { rawElement = tag.name }
                return .startTag(name: tag.name, attributes: tag.attributes)
            default:
                return text()
            }
        }
        return nil
    }

    /// Whether text is more than white space and no-break spaces.
    func isVisible(_ range: Range<Int>) -> Bool {
        var rest = bytes[range]
        while let first = rest.first {
            if Self.isWhitespace(first) {
                rest.removeFirst()
            } else if let blank = Self.blanks.first(where: { rest.starts(with: $0) }) {
                rest.removeFirst(blank.count)
            } else {
                return true
            }
        }
        return false
    }

    private static let blanks: [[UInt8]] = [
        [0xC2, 0xA0], Array("&nbsp;".utf8), Array("&#160;".utf8), Array("&#xa0;".utf8),
    ]

    private func byte(_ offset: Int) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private mutating func text() -> Token {
        let start = position
        // The first byte is text even when it is a `<` that opens no tag.
        position += 1
        skip(upTo: UInt8(ascii: "<"))
        return .text(start..<position)
    }

    private mutating func skip(upTo end: UInt8) {
        while let next = byte(0), next != end { position += 1 }
    }

    private mutating func skip(past end: UInt8) {
        skip(upTo: end)
        position = min(position + 1, bytes.count)
    }

    private mutating func skipMarkupDeclaration() {
        guard byte(2) == UInt8(ascii: "-"), byte(3) == UInt8(ascii: "-") else {
            return skip(past: UInt8(ascii: ">"))
        }
        // `<!-->` and `<!--->` are whole comments: the opening hyphens may be the closing ones.
        position += 2
        while position < bytes.count {
            if byte(0) == UInt8(ascii: "-"), byte(1) == UInt8(ascii: "-"),
                byte(2) == UInt8(ascii: ">")
            {
                position += 3
                return
            }
            position += 1
        }
    }

    private mutating func rawText(of element: String) -> Range<Int> {
        let start = position
        let name = Array(element.utf8)
        while position < bytes.count {
            let after = position + 2 + name.count
            if byte(0) == UInt8(ascii: "<"), byte(1) == UInt8(ascii: "/"),
                after <= bytes.count,
                bytes[position + 2..<after].elementsEqual(name, by: { Self.lowercase($0) == $1 })
            {
                break
            }
            position += 1
        }
        return start..<position
    }

    /// Name and attributes from after `<` or `</` up to the `>`; `nil` when there is none.
    private mutating func tag() -> (name: String, attributes: [String: String])? {
        let name = word { Self.isWhitespace($0) || $0 == UInt8(ascii: "/") }
        var attributes: [String: String] = [:]
        while let next = byte(0) {
            if next == UInt8(ascii: ">") {
                position += 1
                return (name, attributes)
            }
            if Self.isWhitespace(next) || next == UInt8(ascii: "/") {
                position += 1
                continue
            }
            let (attribute, value) = attribute()
            if Self.attributes.contains(attribute), attributes[attribute] == nil {
                attributes[attribute] = value
            }
        }
        return nil
    }

    private mutating func attribute() -> (name: String, value: String) {
        let start = position
        // A leading `=` is part of the name (13.2.5.32), so that every call makes progress.
        position += 1
        skip(until: {
            Self.isWhitespace($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "=")
        })
        let name = lowercased(start..<position)
        skipWhitespace()
        guard byte(0) == UInt8(ascii: "=") else { return (name, "") }
        position += 1
        skipWhitespace()
        guard let quote = byte(0), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let start = position
            skip(until: Self.isWhitespace)
            return (name, String(decoding: bytes[start..<position], as: UTF8.self))
        }
        position += 1
        let valueStart = position
        skip(upTo: quote)
        let value = String(decoding: bytes[valueStart..<position], as: UTF8.self)
        position = min(position + 1, bytes.count)
        return (name, value)
    }

    private mutating func word(until ends: (UInt8) -> Bool) -> String {
        let start = position
        skip(until: ends)
        return lowercased(start..<position)
    }

    /// Goes on to the next byte for which `ends` holds, or to a `>`.
    private mutating func skip(until ends: (UInt8) -> Bool) {
        while let next = byte(0), next != UInt8(ascii: ">"), !ends(next) { position += 1 }
    }

    private mutating func skipWhitespace() {
        while let next = byte(0), Self.isWhitespace(next) { position += 1 }
    }

    private func lowercased(_ range: Range<Int>) -> String {
        String(decoding: bytes[range].map(Self.lowercase), as: UTF8.self)
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercase(byte))
    }

    private static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B
    }
}
