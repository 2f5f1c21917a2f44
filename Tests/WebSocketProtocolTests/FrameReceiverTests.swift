import Testing
import WebSocketProtocol

@Suite("Frame receiver, RFC 6455 §5")
struct FrameReceiverTests {
    @Test(
        "reads the examples of RFC 6455 §5.7",
        arguments: [
            (.client, [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F], .text("Hello")),
            (
                .server, [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58],
                .text("Hello")
            ),
            (.client, [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F], .text("Hello")),
            (.client, [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F], .ping(utf8("Hello"))),
            (
                .server, [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58],
                .pong(utf8("Hello"))
            ),
        ] as [(Role, [UInt8], Transcript.Entry)]
    )
    func examples(role: Role, bytes: [UInt8], expected: Transcript.Entry) {
        #expect(Transcript(reads: [bytes], role: role) == Transcript([expected]))
    }

    @Test(
        "reads the long frames of RFC 6455 §5.7",
        arguments: [(256, [0x82, 0x7E, 1, 0]), (65_536, [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0])]
            as [(Int, [UInt8])]
    )
    func longExamples(length: Int, header: [UInt8]) {
        let payload = [UInt8](repeating: 7, count: length)
        let transcript = Transcript(reads: [header + payload], role: .client)
        #expect(transcript == Transcript([.binary(payload)]))
    }

    @Test func `a whole frame is handed over in place`() throws {
        var buffer = [UInt8].frame(.text, utf8("Hello")) + [UInt8].frame(.binary, [1, 2])
        var receiver = FrameReceiver(role: .server)
        var position = 0
        var bytes = buffer.mutableSpan
        #expect(try receiver.next(&bytes, &position) == .message(.text, 6..<11))
        #expect(try receiver.next(&bytes, &position) == .message(.binary, 17..<19))
        #expect(try receiver.next(&bytes, &position) == .needsMore)
        #expect(position == 19)
        #expect(buffer[6..<11] == utf8("Hello")[...])
    }

    @Test(
        arguments: [
            (.text, utf8("Hello"), .text), (.text, utf8("Grüße, 世界 😀"), .text),
            (.text, [], .text), (.binary, [0xFF], .binary),
            (.binary, Array(repeating: 0x80, count: 126), .binary),
            (.text, Array(repeating: 0x61, count: 1_000), .text),
        ] as [(Opcode, [UInt8], MessageKind)]
    )
    func `takes a message in one frame the short way`(
        opcode: Opcode,
        payload: [UInt8],
        kind: MessageKind
    ) {
        var buffer = [0x8A] + [UInt8].frame(opcode, payload)
        var receiver = FrameReceiver(
            role: .server,
            limits: ReceiveLimits(maximumMessageLength: 1_000)
        )
        var position = 1
        var bytes = buffer.mutableSpan
        let message = receiver.nextWhole(&bytes, &position)
        #expect(message?.kind == kind)
        #expect(message.map { Array(buffer[$0.payload]) } == payload)
        #expect(position == buffer.count)
    }

    @Test(
        arguments: [
            .frame(.ping), .frame(.close), .frame(.continuation), .frame(.text, isFinal: false),
            .frame(.text, to: .client), .frame(.text, [0xFF]), .frame(.text, [0xC3]),
            .frame(.binary, Array(repeating: 0, count: 1_001)),
            [0x81, 0xFE, 0, 3, 0, 0, 0, 0, 1, 1, 1],
            Array([UInt8].frame(.text, [1, 2]).dropLast()), [0x81], [0xC1, 0x80, 0, 0, 0, 0], [],
        ] as [[UInt8]]
    )
    func `leaves all other frames as they are`(frame: [UInt8]) {
        var buffer = frame
        var receiver = FrameReceiver(
            role: .server,
            limits: ReceiveLimits(maximumMessageLength: 1_000)
        )
        var position = 0
        var bytes = buffer.mutableSpan
        let message = receiver.nextWhole(&bytes, &position)
        #expect(message == nil)
        #expect(position == 0)
        #expect(buffer == frame)
    }

    @Test func `takes nothing the short way while a message or the connection is unfinished`() {
        for start in [[UInt8].frame(.text, [], isFinal: false), .frame(.close)] {
            var buffer = start + .frame(.binary, [1])
            var receiver = FrameReceiver(role: .server)
            var position = 0
            var bytes = buffer.mutableSpan
            while let received = try? receiver.next(&bytes, &position), received != .needsMore {}
            position = start.count
            let message = receiver.nextWhole(&bytes, &position)
            #expect(message == nil)
        }
    }

    /// Streams of frames, each good to its end.
    static let streams: [[[UInt8]]] = [
        [.frame(.text)],
        [.frame(.text, utf8("Grüße, 世界 😀"))],
        [.frame(.binary, Array(0..<200))],
        [
            .frame(.text, utf8("Gr"), isFinal: false), .frame(.ping, [1, 2, 3]),
            .frame(.continuation, [], isFinal: false), .frame(.pong),
            .frame(.continuation, utf8("üße")), .frame(.binary, [0xFF]),
        ],
        [.frame(.text, [0xF0, 0x9F], isFinal: false), .frame(.continuation, [0x98, 0x80])],
        [.frame(.close, [0x03, 0xE8, 0x62, 0x79, 0x65]), .frame(.text, [0xFF])],
        [.frame(.close), [0xFF, 0xFF]],
        [.frame(.ping, Array(0..<125)), .frame(.text, [0x61]), .frame(.pong, [0xED])],
    ]

    @Test(arguments: streams)
    func `every way to cut the bytes into reads gives the same events`(frames: [[UInt8]]) {
        let bytes = Array(frames.joined())
        let whole = Transcript(reads: [bytes])
        #expect(!whole.entries.isEmpty && whole.violation == nil)
        #expect(bytes.allSplits.allSatisfy { Transcript(reads: $0) == whole })
    }

    @Test(arguments: [1, 2, 9, 10, 13, 14, 15, 40_000, 65_549])
    func `a frame of 64 KiB may be cut at any byte`(cut: Int) {
        let payload = [UInt8](repeating: 0x5A, count: 65_536)
        let bytes = [UInt8].frame(.binary, payload)
        let reads = [Array(bytes[..<cut]), Array(bytes[cut...])]
        #expect(Transcript(reads: reads) == Transcript([.binary(payload)]))
    }

    @Test(
        arguments: [
            ([0xA1], .reservedBitSet),
            ([0x91], .reservedBitSet),
            ([0xC1], .reservedBitSet),
            ([0xC9], .reservedBitSet),
            ([0xC0], .reservedBitSet),
            ([0x83], .reservedOpcode(3)),
            ([0x87], .reservedOpcode(7)),
            ([0x8B], .reservedOpcode(11)),
            ([0x8F], .reservedOpcode(15)),
            ([0x08], .fragmentedControlFrame),
            ([0x09], .fragmentedControlFrame),
            ([0x0A], .fragmentedControlFrame),
            ([0x80], .unexpectedContinuation),
            ([0x00], .unexpectedContinuation),
            ([0x81, 0x00], .missingMask),
            ([0x89, 0xFE], .oversizedControlFrame),
            ([0x88, 0xFF], .oversizedControlFrame),
            ([0x82, 0xFE, 0x00, 0x7D], .nonMinimalLength),
            ([0x82, 0xFE, 0x00, 0x00], .nonMinimalLength),
            ([0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], .nonMinimalLength),
            ([0x82, 0xFF, 0x80], .lengthOverflow),
            ([0x82, 0xFF, 0xFF], .lengthOverflow),
            ([0x82, 0xFF, 0x40, 0, 0, 0, 0, 0, 0, 0], .messageTooBig(limit: 1 << 20)),
            ([0x82, 0xFF, 0, 0, 0, 0, 0x80, 0, 0, 0], .messageTooBig(limit: 1 << 20)),
            ([0x82, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 1], .messageTooBig(limit: 1 << 20)),
            ([0x01, 0x81, 0, 0, 0, 0, 65, 0x81], .interruptedMessage),
            ([0x02, 0x81, 0, 0, 0, 0, 65, 0x02], .interruptedMessage),
            (.frame(.close, [0x03]), .truncatedCloseCode),
            (.frame(.close, [0x03, 0xE8, 0xC3]), .invalidUTF8),
            (.frame(.close, [0x03, 0xE8, 0xC0, 0x80]), .invalidUTF8),
            (.frame(.text, [0xC3]), .invalidUTF8),
        ] as [([UInt8], ProtocolViolation)]
    )
    func `the last byte of these proves a violation`(bytes: [UInt8], violation: ProtocolViolation) {
        let expected = Transcript([], violation: violation)
        #expect(Transcript(reads: [bytes]) == expected)
        #expect(bytes.allSplits.allSatisfy { Transcript(reads: $0) == expected })
        #expect(Transcript(reads: [bytes.dropLast()]).violation == nil)
    }

    @Test func `a client refuses a masked frame`() {
        #expect(Transcript(reads: [[0x81, 0x80]], role: .client).violation == .unexpectedMask)
    }

    @Test(arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])
    func `a close code that must not be on the wire is refused`(code: UInt16) {
        let payload = [UInt8(code >> 8), UInt8(code & 0xFF)]
        #expect(
            Transcript(reads: [.frame(.close, payload)]).violation == .invalidCloseCode(code)
        )
    }

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1011, 1014, 3000, 3999, 4000, 4999])
    func `a close code of the registry or the private range is reported`(code: UInt16) {
        let frame = CloseFrame(code: CloseCode(rawValue: code), reason: "why")
        let bytes = [UInt8].frame(.close, frame.payload)
        #expect(Transcript(reads: [bytes]) == Transcript([.close(frame)]))
    }

    @Test(
        "invalid text is refused at its first bad byte, before the frame is complete",
        arguments: [
            // The prefix is good, the byte after it is not; the first is Autobahn 6.4.1.
            (utf8("κόσμε") + [0xF4], 0x90), ([], 0xC0), ([], 0xFF), ([0xE0], 0x9F),
            ([0xED], 0xA0), ([0xF0], 0x8F), ([0xE2, 0x82], 0x28), ([0xC3], 0x41),
        ] as [([UInt8], UInt8)]
    )
    func failsFast(prefix: [UInt8], bad: UInt8) {
        let payload = prefix + [bad] + [UInt8](repeating: 0x41, count: 20)
        let start = Array([UInt8].frame(.text, payload).prefix(6 + prefix.count + 1))
        #expect(Transcript(reads: [start]).violation == .invalidUTF8)
        #expect(Transcript(reads: start.map { [$0] }).violation == .invalidUTF8)
        #expect(Transcript(reads: [start.dropLast()]) == Transcript([], isMidMessage: true))

        let fragments =
            [UInt8].frame(.text, prefix, isFinal: false)
            + .frame(.continuation, [bad], isFinal: false)
        #expect(Transcript(reads: [fragments]).violation == .invalidUTF8)
    }

    @Test func `the limit counts all fragments and is judged from the header`() {
        let limits = ReceiveLimits(maximumMessageLength: 10)
        let ten = [UInt8](repeating: 0x41, count: 10)
        let whole = [UInt8].frame(.text, ten)
        #expect(
            Transcript(reads: [whole], limits: limits) == Transcript([.text("AAAAAAAAAA")])
        )
        let start = [UInt8].frame(.binary, Array(ten.prefix(6)), isFinal: false)
        let fits = start + [UInt8].frame(.continuation, Array(ten.prefix(4)))
        #expect(Transcript(reads: [fits], limits: limits) == Transcript([.binary(ten)]))
        let tooBig = Transcript([], violation: .messageTooBig(limit: 10))
        #expect(Transcript(reads: [start + [0x80, 0x85]], limits: limits) == tooBig)
        #expect(Transcript(reads: [[0x81, 0x8B]], limits: limits) == tooBig)
    }

    @Test func `a message of 131,000 fragments of one byte is put together`() {
        let fragment = [UInt8].frame(.continuation, [0x61], isFinal: false)
        var bytes = [UInt8].frame(.binary, [0x61], isFinal: false)
        for _ in 0..<131_000 { bytes += fragment }
        bytes += [UInt8].frame(.continuation)
        let expected = [UInt8](repeating: 0x61, count: 131_001)
        #expect(Transcript(reads: [bytes]) == Transcript([.binary(expected)]))
    }

    @Test func `a control frame between fragments leaves the message unfinished`() {
        let bytes = [UInt8].frame(.text, [65], isFinal: false) + [UInt8].frame(.ping)
        #expect(Transcript(reads: [bytes]) == Transcript([.ping([])], isMidMessage: true))
    }

    @Test(
        arguments: [
            ([], false), ([0x81], true), ([0x81, 0x85, 1, 2], true), (.frame(.ping), false),
            ([0x81, 0x81, 0, 0, 0, 0], true), (.frame(.text, [65]), false),
            ([0x88, 0x82, 0, 0, 0, 0, 3], true), ([0x88, 0x80, 0, 0, 0, 0, 0x81], false),
        ] as [([UInt8], Bool)]
    )
    func `it knows whether something is unfinished`(bytes: [UInt8], isMidMessage: Bool) {
        #expect(Transcript(reads: [bytes]).isMidMessage == isMidMessage)
    }

    @Test func `nothing is read after a violation`() throws {
        var receiver = FrameReceiver(role: .server)
        var buffer: [UInt8] = [0x83, 0x81] + [UInt8].frame(.text, [65])
        var position = 0
        var bytes = buffer.mutableSpan
        #expect(throws: ProtocolViolation.reservedOpcode(3)) {
            try receiver.next(&bytes, &position)
        }
        #expect(try receiver.next(&bytes, &position) == .needsMore)
        #expect(position == bytes.count)
    }

    @Test func `an idle receiver is small`() {
        #expect(MemoryLayout<FrameReceiver>.size <= 24)
    }
}
