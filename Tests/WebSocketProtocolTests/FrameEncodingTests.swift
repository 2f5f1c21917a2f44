import Testing
import WebSocketProtocol

@Suite("Frame encoding, RFC 6455 §5.2")
struct FrameEncodingTests {
    @Test(
        arguments: [
            (0, [0x82, 0]), (1, [0x82, 1]), (125, [0x82, 125]), (126, [0x82, 126, 0, 126]),
            (65_535, [0x82, 126, 0xFF, 0xFF]), (65_536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
            (1 << 40, [0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0]),
        ] as [(Int, [UInt8])]
    )
    func `the length has its shortest form`(length: Int, bytes: [UInt8]) {
        let header = FrameHeader(opcode: .binary, payloadLength: length)
        var encoded: [UInt8] = []
        encoded.append(header)
        #expect(encoded == bytes)
        #expect(header.encodedLength == bytes.count)

        let masked = FrameHeader(
            opcode: .binary,
            payloadLength: length,
            maskingKey: MaskingKey(bigEndian: 0x0102_0304)
        )
        encoded = []
        encoded.append(masked)
        #expect(encoded == [0x82, bytes[1] | 0x80] + bytes.dropFirst(2) + [1, 2, 3, 4])
        #expect(FrameHeader.encodedLength(payloadLength: length, isMasked: true) == encoded.count)
        #expect(encoded.count <= FrameHeader.maximumEncodedLength)
    }

    @Test(
        arguments: [
            (.text, true, false, 0x81), (.text, false, false, 0x01), (.text, true, true, 0xC1),
            (.continuation, false, false, 0x00), (.continuation, true, false, 0x80),
            (.close, true, false, 0x88), (.ping, true, false, 0x89), (.pong, true, false, 0x8A),
        ] as [(Opcode, Bool, Bool, UInt8)]
    )
    func `the first byte holds the flags`(
        opcode: Opcode,
        isFinal: Bool,
        isCompressed: Bool,
        byte: UInt8
    ) {
        var bytes: [UInt8] = []
        let payload: [UInt8] = []
        bytes.appendFrame(
            opcode,
            payload: payload.span,
            isFinal: isFinal,
            isCompressed: isCompressed
        )
        #expect(bytes == [byte, 0])
    }

    @Test func `a client's frame is the masked example of RFC 6455 §5.7`() {
        var bytes: [UInt8] = [0xFF]
        let payload = utf8("Hello")
        bytes.appendFrame(
            .text,
            payload: payload.span,
            maskingKey: MaskingKey(bigEndian: 0x37FA_213D)
        )
        #expect(
            bytes.dropFirst() == [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        )
    }

    @Test func `a Close frame holds its code and reason`() {
        var bytes: [UInt8] = []
        bytes.appendFrame(CloseFrame(code: .slowConsumer, reason: "slow"))
        #expect(bytes == [0x88, 0x06, 0x0F, 0xA1] + utf8("slow"))
    }
}
