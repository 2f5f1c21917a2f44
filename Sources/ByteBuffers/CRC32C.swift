/// CRC-32C (Castagnoli; RFC 3720 appendix B.4), the checksum of journal records.
package struct CRC32C: Sendable {
    private var register: UInt32 = 0xFFFF_FFFF

    package init() {}

    package mutating func update(_ bytes: Span<UInt8>) {
        var crc = register
        for index in bytes.indices {
            crc = crc >> 8 ^ Self.table[Int((crc ^ UInt32(bytes[index])) & 0xFF)]
        }
        register = crc
    }

    package var value: UInt32 { ~register }

    package static func checksum(of bytes: Span<UInt8>) -> UInt32 {
        var crc = CRC32C()
        crc.update(bytes)
        return crc.value
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { crc, _ in
            crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78
        }
    }
}
