/// Ids that sort by the time of their making (RFC 9562 §5.7).
package enum UUIDv7 {
    /// 36 characters in lower case: 48 bits of Unix milliseconds, 74 random bits.
    package static func make(
        at moment: Timestamp,
        using random: inout some RandomNumberGenerator
    ) -> String {
        let milliseconds = UInt64(max(moment.millisecondsSince1970, 0)) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | random.next() & 0x0FFF
        let low = 0x8000_0000_0000_0000 | random.next() >> 2
        return Identifier.text(of: high, low)
    }

    /// The time of the making of an id, in milliseconds since 1970; `nil` for another kind of id.
    static func milliseconds(of id: String) -> Int64? {
        guard case .uuid(let high, let low) = Identifier(id), high >> 12 & 0xF == 7,
            low >> 62 == 0b10
        else { return nil }
        return Int64(high >> 16)
    }
}
