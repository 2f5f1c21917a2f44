/// Validates JSON in one pass over its bytes, without building anything.
///
/// Every other reader of this module relies on a text that went through here: the slices of
/// ``MessageScanner`` and the tree of ``JSONValue`` accept the same language because neither
/// has a grammar of its own. The scratch memory is kept between texts, so that scanning
/// allocates nothing in steady state. Time is linear in the length of the text.
package struct JSONScanner: Sendable {
    static let maximumDepth = 64

    private var names = NameTable()

    package init() {}

    /// Checks that `bytes` are exactly one value and returns the value's place.
    package mutating func scanDocument(_ bytes: Span<UInt8>) throws(JSONError) -> Range<Int> {
        let start = try begin(bytes)
        let end = try scanValue(bytes, at: start, depth: 0)
        try finish(bytes, at: end)
        return start..<end
    }

    /// Starts a text and returns the offset of its first byte that is not white space.
    mutating func begin(_ bytes: Span<UInt8>) throws(JSONError) -> Int {
        names.reset()
        let isMarked =
            bytes.byte(at: 0) == 0xEF && bytes.byte(at: 1) == 0xBB && bytes.byte(at: 2) == 0xBF
        guard !isMarked else { throw JSONError(.byteOrderMark, at: 0) }
        return bytes.skippingWhitespace(from: 0)
    }

    /// Checks that nothing but white space follows the value that ends at `offset`.
    func finish(_ bytes: Span<UInt8>, at offset: Int) throws(JSONError) {
        let rest = bytes.skippingWhitespace(from: offset)
        guard rest == bytes.count else { throw JSONError(.trailingBytes, at: rest) }
    }

    /// Validates the value that begins at `start`, inside of `outer` open containers, and
    /// returns the offset after it.
    mutating func scanValue(
        _ bytes: Span<UInt8>,
        at start: Int,
        depth outer: Int
    ) throws(JSONError) -> Int {
        var offset = start
        var depth = outer
        // One bit for each open container, the innermost lowest: 1 for an object.
        var kinds: UInt64 = 0

        values: while true {
            let first = bytes.byte(at: offset)
            switch first {
            case ASCII.quote:
                offset = try bytes.scanString(at: offset).end
            case ASCII.leftBrace:
                try openObject(at: offset, depth: depth)
                depth += 1
                kinds = kinds << 1 | 1
                offset = bytes.skippingWhitespace(from: offset + 1)
                if bytes.byte(at: offset) != ASCII.rightBrace {
                    offset = try scanName(bytes, at: offset).valueOffset
                    continue values
                }
            case ASCII.leftBracket:
                guard depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: offset) }
                depth += 1
                kinds <<= 1
                offset = bytes.skippingWhitespace(from: offset + 1)
                if bytes.byte(at: offset) != ASCII.rightBracket { continue values }
            case ASCII.minus, ASCII.digits:
                offset = try bytes.scanNumber(at: offset)
            default:
                offset = try bytes.scanLiteral(at: offset)
            }

            while depth > outer {
                offset = bytes.skippingWhitespace(from: offset)
                let isObject = kinds & 1 == 1
                let next = bytes.byte(at: offset)
                if next == ASCII.comma {
                    offset = bytes.skippingWhitespace(from: offset + 1)
                    if isObject { offset = try scanName(bytes, at: offset).valueOffset }
                    continue values
                }
                if isObject {
                    guard next == ASCII.rightBrace else {
                        throw bytes.error(.expectedCommaOrBrace, at: offset)
                    }
                    try closeObject(bytes)
                } else {
                    guard next == ASCII.rightBracket else {
                        throw bytes.error(.expectedCommaOrBracket, at: offset)
                    }
                }
                offset += 1
                depth -= 1
                kinds >>= 1
            }
            return offset
        }
    }

    mutating func openObject(at offset: Int, depth: Int) throws(JSONError) {
        guard depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: offset) }
        names.open()
    }

    mutating func closeObject(_ bytes: Span<UInt8>) throws(JSONError) {
        if let offset = names.close(in: bytes) { throw JSONError(.duplicateName, at: offset) }
    }

    /// A member's name, and where its value begins.
    struct ScannedName {
        var name: NameTable.Name
        var valueOffset: Int
    }

    /// Validates a member up to its value: name, colon and the white space around them.
    mutating func scanName(
        _ bytes: Span<UInt8>,
        at start: Int
    ) throws(JSONError) -> ScannedName {
        guard bytes.byte(at: start) == ASCII.quote else {
            throw bytes.error(.expectedName, at: start)
        }
        let string = try bytes.scanString(at: start)
        let contents = start + 1..<string.end - 1
        guard let name = names.insert(contents, hasEscapes: string.hasEscapes, in: bytes) else {
            throw JSONError(.duplicateName, at: start)
        }
        let colon = bytes.skippingWhitespace(from: string.end)
        guard bytes.byte(at: colon) == ASCII.colon else {
            throw bytes.error(.expectedColon, at: colon)
        }
        return ScannedName(name: name, valueOffset: bytes.skippingWhitespace(from: colon + 1))
    }
}

extension Span<UInt8> {
    /// The error for a missing token: a text that ends too early is told as such.
    func error(_ reason: JSONError.Reason, at offset: Int) -> JSONError {
        JSONError(offset < count ? reason : .unexpectedEnd, at: offset)
    }

    /// Validates `true`, `false` or `null` and returns the offset after it.
    func scanLiteral(at start: Int) throws(JSONError) -> Int {
        let length =
            switch byte(at: start) {
            case UInt8(ascii: "t") where matches("true", at: start): 4
            case UInt8(ascii: "f") where matches("false", at: start): 5
            case UInt8(ascii: "n") where matches("null", at: start): 4
            default: 0
            }
        guard length > 0 else { throw error(.expectedValue, at: start) }
        return start + length
    }

    /// Whether the bytes from `offset` on begin with `text`.
    @inline(__always)
    func matches(_ text: StaticString, at offset: Int) -> Bool {
        guard offset <= count - text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount
        where unsafe self[offset + index] != text.utf8Start[index] {
            return false
        }
        return true
    }
}
