/// Ids that sort by the time of their making (RFC 9562 §5.7).
enum UUIDv7 {
    /// 36 characters in lower case: 48 bits of Unix milliseconds, 74 random bits.
    static func make(
        at moment: Timestamp,
        using random: inout some RandomNumberGenerator
    ) -> String {
        let milliseconds = UInt64(max(moment.millisecondsSince1970, 0)) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | random.next() & 0x0FFF
        let low = 0x8000_0000_0000_0000 | random.next() >> 2
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 36) { buffer in
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
