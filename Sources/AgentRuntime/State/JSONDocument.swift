import JSONRPC

/// Finds the members of our own JSON in one pass, without building a tree.
///
/// Used for one text after the other it allocates nothing but once, as long as the reader of one
/// text is gone before the next.
struct JSONDocument {
    /// A member of an object, or an element of an array, which has no name.
    struct Entry {
        /// The first eight bytes of the name, the first one lowest, NUL-filled.
        var prefix: UInt64 = 0
        /// Without the quotes; as it is written, because our own names have no escapes.
        var name = 0..<0
        var value: Range<Int>
        /// Index behind the entries of what is within the value.
        var end = 0
    }

    private var scanner = JSONScanner()
    private var entries: [Entry] = []

    /// Takes up `bytes`, which must be one JSON value.
    mutating func read(_ bytes: [UInt8]) throws(StateDecodingError) -> JSONReader {
        entries.removeAll(keepingCapacity: true)
        let root: Range<Int>
        do {
            root = try scanner.scanDocument(bytes.span)
        } catch {
            throw StateDecodingError(path: "", problem: "is not JSON: \(error)")
        }
        _ = index(bytes.span, at: root.lowerBound)
        return JSONReader(bytes, entries, root, within: 0..<entries.count)
    }

    /// Notes what is within the value at `start` and returns the offset behind the value.
    ///
    /// The scanner bounds the depth.
    private mutating func index(_ bytes: Span<UInt8>, at start: Int) -> Int {
        switch bytes[start] {
        case UInt8(ascii: "{"):
            var offset = bytes.skippingSeparators(from: start + 1)
            while bytes[offset] != UInt8(ascii: "}") {
                let nameEnd = bytes.skippingString(from: offset)
                let name = offset + 1..<nameEnd - 1
                let prefix = Self.prefix(of: bytes, name)
                offset = append(bytes, at: nameEnd, name: name, prefix: prefix)
            }
            return offset + 1
        case UInt8(ascii: "["):
            var offset = bytes.skippingSeparators(from: start + 1)
            while bytes[offset] != UInt8(ascii: "]") {
                offset = append(bytes, at: offset, name: 0..<0, prefix: 0)
            }
            return offset + 1
        default:
            return bytes.skippingValue(from: start)
        }
    }

    /// Notes the value behind `offset`; returns where the next entry of its container begins.
    private mutating func append(
        _ bytes: Span<UInt8>,
        at offset: Int,
        name: Range<Int>,
        prefix: UInt64
    ) -> Int {
        let start = bytes.skippingSeparators(from: offset)
        let place = entries.count
        entries.append(Entry(prefix: prefix, name: name, value: start..<start))
        let end = index(bytes, at: start)
        entries[place].value = start..<end
        entries[place].end = entries.count
        return bytes.skippingSeparators(from: end)
    }

    private static func prefix(of bytes: Span<UInt8>, _ name: Range<Int>) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<min(name.count, 8) {
            word |= UInt64(bytes[name.lowerBound + index]) << UInt64(8 * index)
        }
        return word
    }
}

extension [JSONDocument.Entry] {
    /// Index of the entry called `name` among `range` and not deeper.
    func find(_ name: StaticString, in bytes: [UInt8], among range: Range<Int>) -> Int? {
        name.withUTF8Buffer { utf8 in
            var prefix: UInt64 = 0
            for index in 0..<Swift.min(utf8.count, 8) {
                prefix |= UInt64(utf8[index]) << UInt64(8 * index)
            }
            var index = range.lowerBound
            while index < range.upperBound {
                if self[index].prefix == prefix, self[index].name.count == utf8.count {
                    let start = self[index].name.lowerBound
                    let isEqual =
                        utf8.count <= 8
                        || (8..<utf8.count).allSatisfy { bytes[start + $0] == utf8[$0] }
                    if isEqual { return index }
                }
                index = self[index].end
            }
            return nil
        }
    }
}
