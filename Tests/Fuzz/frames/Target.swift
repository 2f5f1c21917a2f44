import WebSocketProtocol

// Input: flags, the lengths of the pieces in which the bytes of a peer arrive, then those bytes.
//
// However the bytes are cut, the receiver says the same; what it accepted our encoder writes so
// that it is received again, plain and compressed.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let setting = Setting(input.byte())
    let lengths = input.lengths()
    let bytes = Array(input.rest)
    let whole = Transcript([bytes], setting)
    expectEqual(Transcript(bytes.cut(lengths), setting), whole, "cut into \(lengths)")
    expectEqual(Transcript(bytes.bytewise, setting), whole, "byte by byte")
    let control = whole.events.filter(\.isControl)
    let messages = whole.events.filter { !$0.isControl }
    expectEqual(reencoded(control + messages, setting), control + messages, "encoded again")
    expectEqual(deflated(messages, setting), messages, "compressed again")
    return 0
}

private struct Setting {
    var role: Role
    var deflate: DeflateParameters?
    var limits: ReceiveLimits

    init(_ flags: UInt8) {
        role = flags & 1 == 0 ? .server : .client
        if flags & 2 != 0 {
            deflate = DeflateParameters(
                serverNoContextTakeover: flags & 4 != 0,
                clientNoContextTakeover: flags & 4 != 0,
                serverMaxWindowBits: 8 + Int(flags >> 5),
                clientMaxWindowBits: 8 + Int(flags >> 5)
            )
        }
        limits = ReceiveLimits(maximumMessageLength: flags & 8 == 0 ? 1 << 16 : 100)
    }

    var maskingKey: MaskingKey? {
        role == .server ? MaskingKey(bigEndian: 0x37FA_213D) : nil
    }
}

private struct Transcript: Equatable {
    enum Event: Equatable {
        case message(MessageKind, [UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(CloseFrame)

        var isControl: Bool {
            if case .message = self { false } else { true }
        }
    }

    var events: [Event] = []
    var violation: ProtocolViolation?
    var isMidMessage = false

    init(_ pieces: [[UInt8]], _ setting: Setting) {
        var receiver = FrameReceiver(role: setting.role, limits: setting.limits)
        var inflater = setting.deflate?.makeInflater(for: setting.role)
        do throws(ProtocolViolation) {
            for piece in pieces {
                try read(piece, &receiver, &inflater, setting)
            }
        } catch {
            violation = error
            expect(error.closeFrame.payload.count <= 125, "the reason is too long")
        }
        isMidMessage = receiver.isMidMessage
        if violation != nil { expect(!isMidMessage, "unfinished after a violation") }
    }

    private mutating func read(
        _ piece: [UInt8],
        _ receiver: inout FrameReceiver,
        _ inflater: inout Inflater?,
        _ setting: Setting
    ) throws(ProtocolViolation) {
        var piece = piece
        var position = 0
        while true {
            var bytes = piece.mutableSpan
            switch try receiver.next(&bytes, &position, inflater: &inflater) {
            case .needsMore:
                expect(position == piece.count, "\(piece.count - position) bytes were left")
                return
            case .message(let kind, let range): add(kind, Array(piece[range]), setting)
            case .assembled(let kind, let payload): add(kind, payload, setting)
            case .ping(let payload): events.append(.ping(payload))
            case .pong(let payload): events.append(.pong(payload))
            case .close(let frame): events.append(.close(frame))
            }
        }
    }

    private mutating func add(_ kind: MessageKind, _ payload: [UInt8], _ setting: Setting) {
        expect(payload.count <= setting.limits.maximumMessageLength, "\(payload.count) bytes")
        if kind == .text {
            expect(String(validating: payload, as: UTF8.self) != nil, "not UTF-8: \(payload)")
        }
        events.append(.message(kind, payload))
    }
}

private func reencoded(_ events: [Transcript.Event], _ setting: Setting) -> [Transcript.Event] {
    var result: [Transcript.Event] = []
    for event in events {
        var bytes: [UInt8] = []
        let key = setting.maskingKey
        switch event {
        case .message(let kind, let payload):
            let cut = payload.count / 2
            let (head, tail) = (Array(payload[..<cut]), Array(payload[cut...]))
            bytes.appendFrame(kind.opcode, payload: head.span, isFinal: false, maskingKey: key)
            bytes.appendFrame(.continuation, payload: tail.span, maskingKey: key)
        case .ping(let payload): bytes.appendFrame(.ping, payload: payload.span, maskingKey: key)
        case .pong(let payload): bytes.appendFrame(.pong, payload: payload.span, maskingKey: key)
        case .close(let frame): bytes.appendFrame(frame, maskingKey: key)
        }
        result += Transcript([bytes], setting).events
    }
    return result
}

/// What comes out when the messages went through a compressor, all in one connection.
private func deflated(_ events: [Transcript.Event], _ setting: Setting) -> [Transcript.Event] {
    guard let deflate = setting.deflate else { return events }
    var deflater = deflate.makeDeflater(for: setting.role == .server ? .client : .server)
    var bytes: [UInt8] = []
    for case .message(let kind, let payload) in events {
        var compressed: [UInt8] = []
        deflater.deflate(payload.span, into: &compressed)
        bytes.appendFrame(
            kind.opcode,
            payload: compressed.span,
            isCompressed: true,
            maskingKey: setting.maskingKey
        )
    }
    return Transcript([bytes], setting).events
}
