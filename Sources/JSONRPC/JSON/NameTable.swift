/// The member names of all objects that are open during a scan, to find names given twice.
///
/// Names are compared after unescaping (RFC 8259 §8.3). A small object is searched name by name;
/// a large one is checked as a whole when it closes, with an open-addressing table hashed by
/// `Hasher`, whose seed is random for each process: no peer can aim for collisions.
struct NameTable: Sendable {
    struct Name: Sendable {
        /// The first eight unescaped bytes, the first one lowest, NUL-filled.
        var prefix: UInt64
        /// Unescaped bytes.
        var count: Int
        /// Where the unescaped bytes begin: in the text, or in `unescaped`.
        var start: Int
        /// Where the name's contents begin in the text.
        var offset: Int
        var hasEscapes: Bool
    }

    /// Up to this many members, comparing prefixes one by one is faster than a table.
    private static let smallObjectLimit = 16

    /// Only the first `count` are alive: shrinking an array costs more than counting.
    private var names: [Name] = []
    private var count = 0
    /// For each open object, where its names begin.
    private var bases = [Int](repeating: 0, count: JSONScanner.maximumDepth)
    private var depth = 0
    private var unescaped: [UInt8] = []
    private var slots: [Int] = []

    mutating func reset() {
        count = 0
        depth = 0
        if !unescaped.isEmpty { unescaped.removeAll(keepingCapacity: true) }
    }

    mutating func open() {
        bases[depth] = count
        depth += 1
    }

    /// Adds a name to the innermost object; `nil` when the object is small and has it already.
    mutating func insert(
        _ contents: Range<Int>,
        hasEscapes: Bool,
        in bytes: Span<UInt8>
    ) -> Name? {
        let name =
            hasEscapes ? unescapedName(contents, in: bytes) : plainName(contents, in: bytes)
        let base = bases[depth - 1]
        if count - base < Self.smallObjectLimit {
            for index in base..<count where names[index].prefix == name.prefix {
                if isEqual(names[index], name, in: bytes) { return nil }
            }
        }
        if count < names.count { names[count] = name } else { names.append(name) }
        count += 1
        return name
    }

    /// Leaves the innermost object; returns the offset of a name it has twice.
    mutating func close(in bytes: Span<UInt8>) -> Int? {
        depth -= 1
        let base = bases[depth]
        let isLarge = count - base > Self.smallObjectLimit
        let duplicate = isLarge ? duplicate(in: base..<count, of: bytes) : nil
        count = base
        return duplicate
    }

    private func plainName(_ contents: Range<Int>, in bytes: Span<UInt8>) -> Name {
        let start = contents.lowerBound
        return Name(
            prefix: bytes.prefixWord(contents),
            count: contents.count,
            start: start,
            offset: start,
            hasEscapes: false
        )
    }

    private mutating func unescapedName(_ contents: Range<Int>, in bytes: Span<UInt8>) -> Name {
        let start = unescaped.count
        unescaped.appendUnescaped(contents, of: bytes)
        return Name(
            prefix: unescaped.span.prefixWord(start..<unescaped.count),
            count: unescaped.count - start,
            start: start,
            offset: contents.lowerBound,
            hasEscapes: true
        )
    }

    private func byte(_ index: Int, of name: Name, in bytes: Span<UInt8>) -> UInt8 {
        name.hasEscapes ? unescaped[name.start + index] : bytes[name.start + index]
    }

    /// Whether two names of equal prefix are equal.
    private func isEqual(_ name: Name, _ other: Name, in bytes: Span<UInt8>) -> Bool {
        guard name.count == other.count else { return false }
        guard name.count > 8 else { return true }
        for index in 8..<name.count
        where byte(index, of: name, in: bytes) != byte(index, of: other, in: bytes) {
            return false
        }
        return true
    }

    private func hash(_ name: Name, in bytes: Span<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(name.prefix)
        hasher.combine(name.count)
        var index = 8
        while index < name.count {
            let rest = name.start + index..<name.start + name.count
            hasher.combine(
                name.hasEscapes ? unescaped.span.prefixWord(rest) : bytes.prefixWord(rest)
            )
            index += 8
        }
        return hasher.finalize()
    }

    /// The offset of a name that occurs earlier in `range`.
    private mutating func duplicate(in range: Range<Int>, of bytes: Span<UInt8>) -> Int? {
        // Twice as many slots as names keeps the probe sequences short.
        var size = 64
        while size < range.count * 2 { size *= 2 }
        slots.removeAll(keepingCapacity: true)
        slots.append(contentsOf: repeatElement(-1, count: size))
        for index in range {
            let name = names[index]
            var slot = hash(name, in: bytes) & (size - 1)
            while slots[slot] >= 0 {
                let other = names[slots[slot]]
                if other.prefix == name.prefix, isEqual(other, name, in: bytes) {
                    return name.offset
                }
                slot = (slot + 1) & (size - 1)
            }
            slots[slot] = index
        }
        return nil
    }
}

extension Span<UInt8> {
    /// The first eight bytes of `range`, the first one lowest, NUL-filled.
    @inline(__always)
    func prefixWord(_ range: Range<Int>) -> UInt64 {
        let start = range.lowerBound
        let length = Swift.min(range.count, 8)
        guard length > 0 else { return 0 }
        if start <= count - 8 { return word(at: start) & (.max >> UInt64(64 - 8 * length)) }
        var word: UInt64 = 0
        for index in 0..<length { word |= UInt64(self[start + index]) << UInt64(8 * index) }
        return word
    }
}
