/// Checks UTF-8 that arrives in pieces (RFC 3629, the well-formed sequences of Unicode's table 3-7).
///
/// A piece may end anywhere. A sequence is refused at the first byte that no valid text could
/// have there, so overlong forms, surrogates and scalars past U+10FFFF fail at their second byte.
package struct UTF8Validator: Equatable, Sendable {
    /// Continuation bytes the unfinished sequence still lacks.
    private var missing: UInt8 = 0
    /// The values the next continuation byte may have.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    package init() {}

    /// Whether the text may end here: no sequence is unfinished.
    package var isComplete: Bool { missing == 0 }

    /// Checks the next piece of the text.
    ///
    /// O(n), and 32 bytes at a time over ASCII.
    ///
    /// - Returns: Whether all bytes so far can begin a valid text. After `false` the validator
    ///   must not be used again.
    package mutating func append(_ bytes: RawSpan) -> Bool {
        let count = bytes.byteCount
        var offset = 0
        while offset < count {
            if missing == 0 {
                offset = Self.endOfASCII(in: bytes, from: offset)
                // Four bytes are compared with `count` before they are loaded.
                while count - offset >= 4 {
                    let word = unsafe UInt32(
                        littleEndian: bytes.unsafeLoadUnaligned(
                            fromUncheckedByteOffset: offset,
                            as: UInt32.self
                        )
                    )
                    if word & 0x8080_8080 == 0 {
                        offset += 4
                        continue
                    }
                    let length = Self.lengthOfSequence(startingWith: word)
                    if length == 0 { break }
                    offset += length
                }
                if offset == count { break }
            }
            let byte = unsafe bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: offset,
                as: UInt8.self
            )
            guard append(byte) else { return false }
            offset += 1
        }
        return true
    }

    /// An offset before which, from `start` on, all bytes are ASCII; fewer than 8 of them follow.
    @inline(__always)
    private static func endOfASCII(in bytes: RawSpan, from start: Int) -> Int {
        // Nothing is loaded that was not compared with the number of bytes just before.
        func word(at offset: Int) -> UInt64 {
            unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
        }
        let highBits: UInt64 = 0x8080_8080_8080_8080
        var offset = start
        while bytes.byteCount - offset >= 32 {
            let first = word(at: offset) | word(at: offset + 8)
            let second = word(at: offset + 16) | word(at: offset + 24)
            guard (first | second) & highBits == 0 else { break }
            offset += 32
        }
        while bytes.byteCount - offset >= 8, word(at: offset) & highBits == 0 { offset += 8 }
        return offset
    }

    /// The length of the valid sequence at the low end of `word`, or 0 when it is invalid.
    ///
    /// The masks test the fixed bits of all bytes of a form at once; then the bits that are left
    /// must not spell an overlong form, a surrogate or a scalar past U+10FFFF.
    @inline(__always)
    private static func lengthOfSequence(startingWith word: UInt32) -> Int {
        if word & 0x80 == 0 { return 1 }
        if word & 0xC0E0 == 0x80C0 {
            return word & 0x001E != 0 ? 2 : 0
        }
        if word & 0xC0_C0F0 == 0x80_80E0 {
            let bits = word & 0x200F
            return bits != 0 && bits != 0x200D ? 3 : 0
        }
        if word & 0xC0C0_C0F8 == 0x8080_80F0 {
            let isOverlong = word & 0x3007 == 0
            let isTooLarge = word & 0x04 != 0 && word & 0x3003 != 0
            return isOverlong || isTooLarge ? 0 : 4
        }
        return 0
    }

    /// Checks one byte.
    @inline(__always)
    private mutating func append(_ byte: UInt8) -> Bool {
        guard missing == 0 else {
            guard byte >= lowest, byte <= highest else { return false }
            (missing, lowest, highest) = (missing - 1, 0x80, 0xBF)
            return true
        }
        switch byte {
        case 0x00...0x7F: break
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, lowest) = (2, 0xA0)
        case 0xED: (missing, highest) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, lowest) = (3, 0x90)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, highest) = (3, 0x8F)
        default: return false
        }
        return true
    }
}
