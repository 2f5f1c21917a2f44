/// CRC-32C (Castagnoli; RFC 3720 appendix B.4), the checksum of journal records.
///
/// Eight bytes a step with eight tables ("slicing-by-8", Kounavis and Berry 2005), because the
/// journal of a large hub is checked whole at every start.
package struct CRC32C: Sendable {
    private var register: UInt32 = 0xFFFF_FFFF

    package init() {}

    package mutating func update(_ bytes: Span<UInt8>) {
        let tables = Self.tables.span
        var crc = register
        var index = 0
        while bytes.count - index >= 8 {
            let low =
                crc ^ UInt32(bytes[index]) ^ UInt32(bytes[index + 1]) << 8
                ^ UInt32(bytes[index + 2]) << 16 ^ UInt32(bytes[index + 3]) << 24
            let first = tables[1792 + Int(low & 0xFF)] ^ tables[1536 + Int(low >> 8 & 0xFF)]
            let second = tables[1280 + Int(low >> 16 & 0xFF)] ^ tables[1024 + Int(low >> 24)]
            let third = tables[768 + Int(bytes[index + 4])] ^ tables[512 + Int(bytes[index + 5])]
            let fourth = tables[256 + Int(bytes[index + 6])] ^ tables[Int(bytes[index + 7])]
            crc = first ^ second ^ third ^ fourth
            index += 8
        }
        while index < bytes.count {
            crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[index])) & 0xFF)]
            index += 1
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
