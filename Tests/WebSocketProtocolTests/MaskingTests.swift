import Testing
import WebSocketProtocol

@Suite("Masking, RFC 6455 §5.3")
struct MaskingTests {
    @Test(arguments: 0..<16)
    func `masks like a loop over bytes at every alignment and length`(alignment: Int) {
        var random = SeededGenerator(seed: UInt64(alignment))
        let keyBytes: [UInt8] = [0x37, 0xFA, 0x21, 0xBD]
        for length in 0...200 {
            let original = random.bytes(alignment + length + 9)
            var expected = original
            for index in 0..<length { expected[alignment + index] ^= keyBytes[index % 4] }
            var masked = original
            let key = MaskingKey(bigEndian: 0x37FA_21BD)
            Self.mask(&masked, alignment..<alignment + length, key)
            #expect(masked == expected, "length \(length)")
        }
    }

    @Test(arguments: 0..<40)
    func `finds the one byte that is not ASCII`(position: Int) {
        for length in position + 1...48 {
            var text = [UInt8](repeating: 0x7F, count: length)
            #expect(Self.mask(&text, 0..<length))
            text[position] = 0x80
            #expect(!Self.mask(&text, 0..<length))
            #expect(Self.mask(&text, 0..<position))
        }
    }

    @Test(arguments: 0..<9)
    func `a payload in two pieces is unmasked like one`(cut: Int) {
        let key = MaskingKey(bigEndian: 0x0102_0304)
        var whole: [UInt8] = Array(0..<9)
        var pieces = whole
        Self.mask(&whole, 0..<9, key)
        Self.mask(&pieces, 0..<cut, key)
        Self.mask(&pieces, cut..<9, key.advanced(by: cut))
        #expect(pieces == whole)
    }

    @discardableResult
    private static func mask(
        _ bytes: inout [UInt8],
        _ range: Range<Int>,
        _ key: MaskingKey = MaskingKey(bigEndian: 0)
    ) -> Bool {
        var span = bytes.mutableSpan
        return span.applyMask(key, to: range)
    }
}
