/// The four bytes that hide a client's payload from transparent proxies (RFC 6455 §5.3).
package struct MaskingKey: Equatable, Sendable {
    /// The bytes as they are on the wire, the first one least significant.
    var word: UInt32

    /// The key whose bytes on the wire are those of `word` from the most significant one.
    ///
    /// A client must choose it from a strong random source for each frame.
    package init(bigEndian word: UInt32) {
        self.word = word.byteSwapped
    }

    init(littleEndian word: UInt32) {
        self.word = word
    }

    /// The key that applies `count` bytes further into the payload.
    package func advanced(by count: Int) -> MaskingKey {
        let shift = UInt32(truncatingIfNeeded: count & 3) * 8
        return MaskingKey(littleEndian: word >> shift | word << ((32 - shift) & 31))
    }
}

extension MutableSpan<UInt8> {
    /// Applies `key` to the bytes of `range`, which masks or unmasks them, and tests them.
    ///
    /// O(n), a word at a time: the test costs next to nothing while the words are at hand.
    ///
    /// - Returns: Whether all resulting bytes are ASCII.
    @inline(__always)
    package mutating func applyMask(_ key: MaskingKey, to range: Range<Int>) -> Bool {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        var bytes = unsafe mutableBytes
        let start = range.lowerBound
        let length = range.upperBound &- start
        let key64 = (UInt64(key.word) << 32 | UInt64(key.word)).littleEndian

        // Every load and store below is inside `range`, which was checked above; wrapping
        // arithmetic lets the compiler turn the loop into vector instructions.
        if length >= 8 {
            // What is left behind the last whole word is done as part of the range's last eight
            // bytes, which are taken before the loop changes some of them.
            let last = start &+ length &- 8
            let shift = UInt64(truncatingIfNeeded: length & 3) &* 8
            let lastKey = (key64.littleEndian &>> shift | key64.littleEndian &<< (64 &- shift))
                .littleEndian
            let lastValue =
                unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: last, as: UInt64.self)
                ^ lastKey
            var seen = lastValue
            for word in 0..<length &>> 3 {
                let place = start &+ word &* 8
                let value =
                    unsafe bytes.unsafeLoadUnaligned(
                        fromUncheckedByteOffset: place,
                        as: UInt64.self
                    ) ^ key64
                unsafe bytes.storeBytes(of: value, toUncheckedByteOffset: place, as: UInt64.self)
                seen |= value
            }
            unsafe bytes.storeBytes(of: lastValue, toUncheckedByteOffset: last, as: UInt64.self)
            return seen & 0x8080_8080_8080_8080 == 0
        }
        var seen: UInt8 = 0
        var rest = key64.littleEndian
        for offset in start..<start &+ length {
            let value =
                unsafe bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: offset,
                    as: UInt8.self
                ) ^ UInt8(truncatingIfNeeded: rest)
            unsafe bytes.storeBytes(of: value, toUncheckedByteOffset: offset, as: UInt8.self)
            seen |= value
            rest >>= 8
        }
        return seen & 0x80 == 0
    }
}
