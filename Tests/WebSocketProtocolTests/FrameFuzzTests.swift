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

    @Test(arguments: [Role.server, .client], 0..<40 as Range<UInt64>)
    func `compressed messages may be fragmented like any others`(role: Role, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let parameters = Self.parameters(using: &random)
        var stream: [UInt8] = []
        var expected: [Transcript.Entry] = []
        var deflater = parameters.makeDeflater(for: role == .server ? .client : .server, level: 6)
        for _ in 0..<20 {
            Self.appendMessage(
                to: &stream,
                &expected,
                receiver: role,
                deflater: &deflater,
                using: &random
            )
        }
        let transcript = Transcript(reads: random.cut(stream), role: role, deflate: parameters)
        #expect(transcript == Transcript(expected))
    }

    @Test(arguments: [Role.server, .client])
    func `a compressed message may be cut at every byte`(role: Role) {
        var random = SeededGenerator(seed: 7692)
        let parameters = DeflateParameters()
        var stream: [UInt8] = []
        var expected: [Transcript.Entry] = []
        var deflater = parameters.makeDeflater(for: role == .server ? .client : .server)
        while stream.count < 300 || expected.count < 8 {
            Self.appendMessage(
                to: &stream,
                &expected,
                receiver: role,
                deflater: &deflater,
                lengths: [0, 1, 40],
                using: &random
            )
        }
        let agree = stream.allSplits.allSatisfy {
            Transcript(reads: $0, role: role, deflate: parameters) == Transcript(expected)
        }
        #expect(agree)
    }

    @Test(arguments: [Role.server, .client], 0..<100 as Range<UInt64>)
    func `damaged compressed frames are judged the same however they are cut`(
        role: Role,
        seed: UInt64
    ) {
        var random = SeededGenerator(seed: seed)
        let parameters = Self.parameters(using: &random)
        var stream: [UInt8] = []
        var ignored: [Transcript.Entry] = []
        var deflater = parameters.makeDeflater(for: role == .server ? .client : .server)
        for _ in 0..<4 {
            Self.appendMessage(
                to: &stream,
                &ignored,
                receiver: role,
                deflater: &deflater,
                lengths: [1, 100, 2_000],
                using: &random
            )
        }
        for _ in 0..<2 {
            let index = Int.random(in: 0..<stream.count, using: &random)
            stream[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
        }
        let whole = Transcript(reads: [stream], role: role, deflate: parameters)
        let pieces = Transcript(reads: random.cut(stream), role: role, deflate: parameters)
        let bytes = Transcript(reads: stream.map { [$0] }, role: role, deflate: parameters)
        #expect(pieces == whole)
        #expect(bytes == whole)
    }

    private static func parameters(using random: inout SeededGenerator) -> DeflateParameters {
        DeflateParameters(
            serverNoContextTakeover: Bool.random(using: &random),
            clientNoContextTakeover: Bool.random(using: &random),
            serverMaxWindowBits: Int.random(in: 8...15, using: &random),
            clientMaxWindowBits: Int.random(in: 8...15, using: &random)
        )
    }

    /// Appends a message that is compressed every other time.
    private static func appendMessage(
        to stream: inout [UInt8],
        _ expected: inout [Transcript.Entry],
        receiver: Role,
        deflater: inout Deflater,
        lengths: [Int] = [0, 1, 100, 30_000],
        using random: inout SeededGenerator
    ) {
        let isCompressed = Bool.random(using: &random)
        let message = Message(lengths: lengths, using: &random)
        var payload = message.payload
        if isCompressed {
            payload = []
            deflater.deflate(message.payload.span, into: &payload)
        }
        append(
            message,
            as: payload,
            isCompressed: isCompressed,
            to: &stream,
            &expected,
            receiver: receiver,
            using: &random
        )
    }

    private static func appendMessage(
        to stream: inout [UInt8],
        _ expected: inout [Transcript.Entry],
        receiver: Role,
        using random: inout SeededGenerator
    ) {
        let message = Message(lengths: [0, 1, 7, 125, 126, 300, 70_000], using: &random)
        append(
            message,
            as: message.payload,
            isCompressed: false,
            to: &stream,
            &expected,
            receiver: receiver,
            using: &random
        )
    }

    private struct Message {
        let isText: Bool
        let payload: [UInt8]

        init(lengths: [Int], using random: inout SeededGenerator) {
            isText = Bool.random(using: &random)
            let length = lengths.randomElement(using: &random) ?? 0
            let text = String(decoding: random.almostText(length), as: UTF8.self)
            payload = isText ? utf8(text) : random.bytes(length)
        }

        var opcode: Opcode { isText ? .text : .binary }

        var entry: Transcript.Entry {
            isText ? .text(String(decoding: payload, as: UTF8.self)) : .binary(payload)
        }
    }

    /// Appends a message in one to six fragments, with control frames in between.
    private static func append(
        _ message: Message,
        as payload: [UInt8],
        isCompressed: Bool,
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
                isCompressed: isCompressed && opcode == message.opcode,
                maskingKey: receiver == .server ? key : nil
            )
        }

        var rest = payload[...]
        var opcode = message.opcode
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
        expected.append(message.entry)
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
