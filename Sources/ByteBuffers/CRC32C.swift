/// CRC-32C (Castagnoli; RFC 3720 appendix B.4), the checksum of journal records.
///
/// Eight bytes a step with eight tables ("slicing-by-8", Kounavis and Berry 2005), because the
/// journal of a large hub is checked whole at every start.
package struct CRC32C: Sendable {
    private var register: UInt32 = 0xFFFF_FFFF

    package init() {}

    package mutating func update(_ bytes: Span<UInt8>) {
        var crc = register
        var index = 0
        // Every index into the tables is below their 2048 entries: a byte, and at most 7 * 256.
        unsafe Self.tables.withUnsafeBufferPointer { tables in
            while bytes.count - index >= 8 {
                // Checked against the bounds of the span; UInt64 has no invalid bit patterns.
                let word = UInt64(
                    littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(
                        fromByteOffset: index,
                        as: UInt64.self
                    )
                )
                let mixed = word ^ UInt64(crc)
                let low =
                    unsafe tables[1792 + Int(mixed & 0xFF)]
                    ^ tables[1536 + Int(mixed >> 8 & 0xFF)]
                    ^ tables[1280 + Int(mixed >> 16 & 0xFF)]
                    ^ tables[1024 + Int(mixed >> 24 & 0xFF)]
                let high =
                    unsafe tables[768 + Int(mixed >> 32 & 0xFF)]
                    ^ tables[512 + Int(mixed >> 40 & 0xFF)]
                    ^ tables[256 + Int(mixed >> 48 & 0xFF)]
                    ^ tables[Int(mixed >> 56)]
                crc = low ^ high
                index += 8
            }
            while index < bytes.count {
                crc = unsafe crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[index])) & 0xFF)]
                index += 1
            }
        }
        register = crc
    }

    package var value: UInt32 { ~register }

    package static func checksum(of bytes: Span<UInt8>) -> UInt32 {
        var crc = CRC32C()
        crc.update(bytes)
        return crc.value
    }

    /// Eight tables of 256 entries one after the other: entry `256 * k + b` is the remainder of
    /// byte `b` followed by `k` zero bytes.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = (0..<256).map { index in
            (0..<8).reduce(UInt32(index)) { crc, _ in
                crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78
            }
        }
        for index in 256..<2048 {
            let previous = tables[index - 256]
            tables.append(previous >> 8 ^ tables[Int(previous & 0xFF)])
        }
        return tables
    }()
}
