import Testing
import WebSocketProtocol

@Suite("Frames of any shape")
struct FrameFuzzTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `what one role encodes the other receives, however it is fragmented`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let role: Role = Bool.random(using: &random) ? .server : .client
        var stream: [UInt8] = []
        var expected: [Transcript.Entry] = []
        for _ in 0..<30 {
            Self.appendMessage(to: &stream, &expected, receiver: role, using: &random)
        }
        let transcript = Transcript(reads: random.cut(stream), role: role)
        #expect(transcript == Transcript(expected))
        let short = Transcript(reads: random.cut(stream), role: role, takesWhole: true)
        #expect(short == Transcript(expected))
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `damaged frames are judged the same however they are cut`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var stream: [UInt8] = []
        var ignored: [Transcript.Entry] = []
        for _ in 0..<4 {
            Self.appendMessage(to: &stream, &ignored, receiver: .server, using: &random)
        }
        for _ in 0..<3 {
            stream[Int.random(in: 0..<stream.count, using: &random)] = UInt8.random(
                in: 0...255,
                using: &random
            )
        }
        let whole = Transcript(reads: [stream])
        #expect(Transcript(reads: random.cut(stream)) == whole)
        #expect(Transcript(reads: stream.map { [$0] }) == whole)
        #expect(Transcript(reads: [stream], takesWhole: true) == whole)
        #expect(Transcript(reads: random.cut(stream), takesWhole: true) == whole)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `compressed messages may be fragmented like any others`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let parameters = DeflateParameters(
            serverNoContextTakeover: Bool.random(using: &random),
            serverMaxWindowBits: Int.random(in: 8...15, using: &random)
        )
        var deflater = parameters.makeDeflater(for: .server, level: 6)
        var stream: [UInt8] = []
        var expected: [Transcript.Entry] = []
        for _ in 0..<20 {
            let length = [0, 1, 100, 30_000].randomElement(using: &random) ?? 0
            let text = String(decoding: random.almostText(length), as: UTF8.self)
            let isCompressed = Bool.random(using: &random)
            var payload = utf8(text)
            if isCompressed {
                payload = []
                deflater.deflate(utf8(text).span, into: &payload)
            }
            let cut = Int.random(in: 0...payload.count, using: &random)
            let head = Array(payload[..<cut])
            let tail = Array(payload[cut...])
            stream.appendFrame(
                .text,
                payload: head.span,
                isFinal: false,
                isCompressed: isCompressed
            )
            stream += [UInt8].frame(.ping, to: .client)
            stream.appendFrame(.continuation, payload: tail.span)
            expected += [.ping([]), .text(text)]
        }
        let transcript = Transcript(reads: random.cut(stream), role: .client, deflate: parameters)
        #expect(transcript == Transcript(expected))
    }

    /// Appends a message in one to six fragments, with control frames in between.
    private static func appendMessage(
        to stream: inout [UInt8],
        _ expected: inout [Transcript.Entry],
        receiver: Role,
        using random: inout SeededGenerator
    ) {
        func append(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) {
            let key = MaskingKey(bigEndian: UInt32.random(in: 0...UInt32.max, using: &random))
            stream.appendFrame(
                opcode,
                payload: payload.span,
                isFinal: isFinal,
                maskingKey: receiver == .server ? key : nil
            )
        }

        let isText = Bool.random(using: &random)
        let length = [0, 1, 7, 125, 126, 300, 70_000].randomElement(using: &random) ?? 0
        let text = String(decoding: random.almostText(length), as: UTF8.self)
        let payload = isText ? utf8(text) : random.bytes(length)
        var rest = payload[...]
        var opcode: Opcode = isText ? .text : .binary
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            let piece = rest.prefix(Int.random(in: 0...rest.count, using: &random))
            append(opcode, Array(piece), isFinal: false)
            rest = rest.dropFirst(piece.count)
            opcode = .continuation
            if Bool.random(using: &random) {
                let control = random.bytes(Int.random(in: 0...125, using: &random))
                let isPing = Bool.random(using: &random)
                append(isPing ? .ping : .pong, control)
                expected.append(isPing ? .ping(control) : .pong(control))
            }
        }
        append(opcode, Array(rest))
        expected.append(isText ? .text(text) : .binary(payload))
    }
}

extension SeededGenerator {
    /// Cuts `bytes` into reads of random lengths.
    mutating func cut(_ bytes: [UInt8]) -> [[UInt8]] {
        var reads: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let longest = [1, 16, 4_096, 100_000].randomElement(using: &self) ?? 1
            reads.append(Array(rest.prefix(Int.random(in: 1...longest, using: &self))))
            rest = rest.dropFirst(reads.last?.count ?? 0)
        }
        return reads
    }
}
