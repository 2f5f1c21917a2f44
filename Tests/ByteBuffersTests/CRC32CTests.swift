import ByteBuffers
import Testing

@Suite("CRC-32C")
struct CRC32CTests {
    struct Vector: Sendable {
        var bytes: [UInt8]
        var checksum: UInt32
    }

    /// RFC 3720 appendix B.4, and the check value by which CRCs are catalogued.
    static let vectors = [
        Vector(bytes: [], checksum: 0),
        Vector(bytes: Array("123456789".utf8), checksum: 0xE306_9283),
        Vector(bytes: Array(repeating: 0, count: 32), checksum: 0x8A91_36AA),
        Vector(bytes: Array(repeating: 0xFF, count: 32), checksum: 0x62A8_AB43),
        Vector(bytes: Array(0..<32), checksum: 0x46DD_794E),
        Vector(bytes: Array((0..<32).reversed()), checksum: 0x113F_DB5C),
        Vector(
            bytes: [
                0x01, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00,
                0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18, 0x28, 0x00, 0x00, 0x00,
                0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
            ],
            checksum: 0xD996_3A56
        ),
    ]

    @Test(arguments: vectors)
    func `published vectors have their checksum`(vector: Vector) {
        #expect(CRC32C.checksum(of: vector.bytes.span) == vector.checksum)
    }

    @Test(arguments: 0...48)
    func `bytes may come in two pieces`(split: Int) {
        let bytes = Self.vectors[6].bytes
        var crc = CRC32C()
        crc.update(bytes.span.extracting(0..<split))
        crc.update(bytes.span.extracting(split..<48))
        #expect(crc.value == 0xD996_3A56)
    }

    @Test(arguments: 0...40)
    func `every length agrees with the definition bit by bit`(length: Int) {
        let bytes = (0..<length).map { UInt8($0 &* 37 & 0xFF) }
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78 }
        }
        #expect(CRC32C.checksum(of: bytes.span) == ~crc)
    }
}
