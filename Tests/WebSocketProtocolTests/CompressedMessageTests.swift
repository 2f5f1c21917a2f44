import Testing
import WebSocketProtocol

@Suite("Compressed messages, RFC 7692 §6 and §7.2")
struct CompressedMessageTests {
    static let alone = DeflateParameters(
        serverNoContextTakeover: true,
        clientNoContextTakeover: true
    )
    static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    @Test(
        "reads the examples of RFC 7692 §7.2.3",
        arguments: [
            ([0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], ["Hello"]),
            (
                [0x41, 0x03, 0xF2, 0x48, 0xCD, 0x80, 0x04, 0xC9, 0xC9, 0x07, 0x00],
                ["Hello"]
            ),
            (
                [
                    0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00,
                    0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00,
                ], ["Hello", "Hello"]
            ),
            (
                [0xC1, 0x0B, 0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
                ["Hello"]
            ),
            ([0xC1, 0x08, 0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], ["Hello"]),
            (
                [
                    0xC1, 0x0D, 0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9,
                    0x07, 0x00,
                ], ["Hello"]
            ),
            ([0xC1, 0x01, 0x00], [""]),
            // A last block in the first message does not empty the window for the second.
            (
                [
                    0xC1, 0x08, 0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00,
                    0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00,
                ], ["Hello", "Hello"]
            ),
            // The empty block whose end is cut off may be marked as the last one, too.
            (
                [
                    0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x04,
                    0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00,
                ], ["Hello", "Hello"]
            ),
        ] as [([UInt8], [String])]
    )
    func examples(bytes: [UInt8], texts: [String]) {
        let expected = Transcript(texts.map { .text($0) })
        let parameters = DeflateParameters()
        #expect(Transcript(reads: [bytes], role: .client, deflate: parameters) == expected)
        for reads in bytes.allSplits {
            #expect(Transcript(reads: reads, role: .client, deflate: parameters) == expected)
        }
    }

    @Test func `a repeated message is shorter when the context is kept`() {
        let payload = utf8("Hello")
        var output: [UInt8] = []
        var deflater = DeflateParameters().makeDeflater(for: .server)
        deflater.deflate(payload.span, into: &output)
        #expect(output == Self.hello)
        output = []
        deflater.deflate(payload.span, into: &output)
        #expect(output == [0xF2, 0x00, 0x11, 0x00, 0x00])

        var forgetful = Self.alone.makeDeflater(for: .server)
        output = []
        forgetful.deflate(payload.span, into: &output)
        forgetful.deflate(payload.span, into: &output)
        #expect(output == Self.hello + Self.hello)
    }

    @Test func `an empty message is one byte, whatever came before`() {
        var deflater = DeflateParameters().makeDeflater(for: .client)
        let text = utf8("Hello")
        var output: [UInt8] = []
        deflater.deflate([UInt8]().span, into: &output)
        deflater.deflate(text.span, into: &output)
        deflater.deflate([UInt8]().span, into: &output)
        deflater.deflate([UInt8]().span, into: &output)
        #expect(output == [0x00] + Self.hello + [0x00, 0x00])
    }

    @Test(
        arguments: [
            ([0xC1, 0x80], nil, .reservedBitSet),
            ([0xE1, 0x80], DeflateParameters(), .reservedBitSet),
            ([0xD1, 0x80], DeflateParameters(), .reservedBitSet),
            ([0xC9, 0x80], DeflateParameters(), .reservedBitSet),
            ([0x41, 0x80, 0, 0, 0, 0, 0xC0], DeflateParameters(), .reservedBitSet),
            // Garbage, a message that ends inside a block, and one of no bytes at all.
            ([0xC1, 0x82, 0, 0, 0, 0, 0xFF, 0xFF], DeflateParameters(), .corruptCompressedData),
            (
                [0xC2, 0x83, 0, 0, 0, 0, 0xF2, 0x48, 0xCD], DeflateParameters(),
                .corruptCompressedData
            ),
            ([0xC1, 0x80, 0, 0, 0, 0], DeflateParameters(), .corruptCompressedData),
            // "Hello" from a window that has no such text in it.
            (
                [0xC1, 0x85, 0, 0, 0, 0, 0xF2, 0, 0x11, 0, 0], DeflateParameters(),
                .corruptCompressedData
            ),
        ] as [([UInt8], DeflateParameters?, ProtocolViolation)]
    )
    func `refuses`(bytes: [UInt8], parameters: DeflateParameters?, violation: ProtocolViolation) {
        #expect(Transcript(reads: [bytes], deflate: parameters).violation == violation)
        for reads in bytes.allSplits {
            #expect(Transcript(reads: reads, deflate: parameters).violation == violation)
        }
    }

    @Test(arguments: [[0xC3], [0xED, 0xA0, 0x80], [0x41, 0xFF, 0x41]] as [[UInt8]])
    func `text is validated after it was inflated`(payload: [UInt8]) {
        let text = Self.compressed(payload)
        #expect(Transcript(reads: [text], deflate: Self.alone).violation == .invalidUTF8)
        let binary = [text[0] ^ 0x03] + text.dropFirst()
        #expect(
            Transcript(reads: [binary], deflate: Self.alone) == Transcript([.binary(payload)])
        )
    }

    @Test func `a bomb is stopped at the limit while it inflates`() {
        let bomb = Self.compressed([UInt8](repeating: 0x41, count: 64 << 20))
        #expect(bomb.count < 1 << 19)
        let limits = ReceiveLimits(maximumMessageLength: 1 << 20)
        let transcript = Transcript(reads: [bomb], limits: limits, deflate: Self.alone)
        #expect(transcript == Transcript([], violation: .messageTooBig(limit: 1 << 20)))
    }

    @Test(arguments: [0, 1, 9_999, 10_000, 10_001])
    func `the limit is that of the message, not of its compressed form`(length: Int) {
        var random = SeededGenerator(seed: 1)
        let incompressible = random.bytes(length)
        let limits = ReceiveLimits(maximumMessageLength: 10_000)
        let bytes = Self.compressed(incompressible, kind: .binary)
        let transcript = Transcript(reads: [bytes], limits: limits, deflate: Self.alone)
        #expect(
            transcript
                == (length <= 10_000
                    ? Transcript([.binary(incompressible)])
                    : Transcript([], violation: .messageTooBig(limit: 10_000)))
        )
    }

    @Test func `a compressed frame far over the limit is refused from its header`() {
        let header: [UInt8] = [0xC2, 0xFF, 0, 0, 0, 0, 0, 0x20, 0, 0]
        let transcript = Transcript(reads: [header], deflate: Self.alone)
        #expect(transcript.violation == .messageTooBig(limit: 1 << 20))
    }

    @Test(arguments: 8...15, [true, false])
    func `every window carries any message`(bits: Int, resets: Bool) throws {
        var random = SeededGenerator(seed: UInt64(bits))
        let parameters = DeflateParameters(
            serverNoContextTakeover: resets,
            serverMaxWindowBits: bits
        )
        var deflater = parameters.makeDeflater(for: .server)
        var inflater = parameters.makeInflater(for: .client)
        for length in [0, 1, 255, 256, 257, 600, 5_000, 40_000, 3] {
            let words = (0..<length).map { _ in
                UInt8.random(in: 0x61...0x64, using: &random)
            }
            var compressed: [UInt8] = []
            deflater.deflate(words.span, into: &compressed)
            let result = try inflater.inflate(compressed.span, as: .text, limit: length)
            #expect(result == words)
        }
    }

    @Test func `a compressor for 8 bits never looks back further than one byte`() throws {
        var random = SeededGenerator(seed: 8)
        let noise = random.bytes(100)
        var compressed: [UInt8] = []
        var deflater = Deflater(level: 9, windowBits: 8, resetsContext: true)
        deflater.deflate((noise + noise).span, into: &compressed)
        #expect(compressed.count > 190)
        compressed = []
        deflater.deflate([UInt8](repeating: 0x20, count: 600).span, into: &compressed)
        #expect(compressed.count < 20)
    }

    @Test func `one inflater serves two peers that reset, even between fragments`() throws {
        var inflater: Inflater? = Self.alone.makeInflater(for: .server)
        var first = FrameReceiver(role: .server)
        var second = FrameReceiver(role: .server)
        var position = 0
        var start: [UInt8] = [0x41, 0x83, 0, 0, 0, 0, 0xF2, 0x48, 0xCD]
        var other = Self.compressed(utf8("another text"))
        var end: [UInt8] = [0x80, 0x84, 0, 0, 0, 0, 0xC9, 0xC9, 0x07, 0x00]

        var bytes = start.mutableSpan
        var received = try first.next(&bytes, &position, inflater: &inflater)
        #expect(received == .needsMore)
        position = 0
        bytes = other.mutableSpan
        received = try second.next(&bytes, &position, inflater: &inflater)
        #expect(received == .assembled(.text, utf8("another text")))
        position = 0
        bytes = end.mutableSpan
        received = try first.next(&bytes, &position, inflater: &inflater)
        #expect(received == .assembled(.text, utf8("Hello")))
    }

    @Test func `a message cannot refer to one of another connection`() throws {
        var inflater = Self.alone.makeInflater(for: .server)
        let hello = Self.hello
        let reference: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]
        #expect(try inflater.inflate(hello.span, as: .text, limit: 99) == utf8("Hello"))
        var violation: ProtocolViolation?
        do throws(ProtocolViolation) {
            _ = try inflater.inflate(reference.span, as: .text, limit: 99)
        } catch {
            violation = error
        }
        #expect(violation == .corruptCompressedData)
        #expect(try inflater.inflate(hello.span, as: .text, limit: 99) == utf8("Hello"))
    }

    /// A whole compressed frame as a client sends it.
    private static func compressed(_ payload: [UInt8], kind: MessageKind = .text) -> [UInt8] {
        var compressed: [UInt8] = []
        var deflater = Deflater(level: 9, resetsContext: true)
        deflater.deflate(payload.span, into: &compressed)
        var bytes: [UInt8] = []
        bytes.appendFrame(
            kind.opcode,
            payload: compressed.span,
            isCompressed: true,
            maskingKey: MaskingKey(bigEndian: 0x37FA_213D)
        )
        return bytes
    }
}
