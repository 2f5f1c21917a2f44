/// How much a peer may send in one message.
package struct ReceiveLimits: Equatable, Sendable {
    /// The payload bytes of one message over all its frames, and after inflating: at most 1 GiB.
    package var maximumMessageLength: Int

    package init(maximumMessageLength: Int = 1 << 20) {
        precondition((0...1 << 30).contains(maximumMessageLength))
        self.maximumMessageLength = maximumMessageLength
    }
}

/// What a ``FrameReceiver`` found in the bytes it was given.
package enum Received: Equatable, Sendable {
    /// All bytes were consumed; what they began is kept inside the receiver.
    case needsMore
    /// A message whose payload lies in the buffer as one piece, unmasked and valid.
    case message(MessageKind, Range<Int>)
    /// A message that was split over frames or reads, or was compressed.
    case assembled(MessageKind, [UInt8])
    case ping([UInt8])
    case pong([UInt8])
    /// The peer's Close frame: nothing after it is looked at.
    case close(CloseFrame)
}

/// Turns the bytes of a peer into messages and control frames (RFC 6455 §5, RFC 7692 §6).
///
/// The receiver owns no buffer. A message that lies in the caller's buffer as one frame is
/// unmasked and validated there; only what is unfinished when the bytes end is copied, into a
/// box that does not exist in normal life. So an idle connection costs the size of this struct.
package struct FrameReceiver: Sendable {
    /// At most one element, so that an unfinished message is one allocation and none is a word.
    private var unfinished: [UnfinishedMessage] = [] {
        didSet { isMidMessage = !unfinished.isEmpty }
    }
    private let maximumMessageLength: Int
    private let role: Role
    /// A Close frame or a violation was seen: what follows is not of the protocol any more.
    private var isFinished = false

    package init(role: Role, limits: ReceiveLimits = ReceiveLimits()) {
        self.role = role
        self.maximumMessageLength = limits.maximumMessageLength
    }

    /// Whether a message or a frame has begun and not ended.
    ///
    /// The caller should give that a time limit: a peer may announce bytes and never send them.
    package private(set) var isMidMessage = false

    /// Looks at the bytes of a connection on which compression was not negotiated.
    package mutating func next(
        _ bytes: inout MutableSpan<UInt8>,
        _ position: inout Int
    ) throws(ProtocolViolation) -> Received {
        var none: Inflater?
        return try next(&bytes, &position, inflater: &none)
    }

    /// Takes the message at `position` if it is there as one whole frame, as most messages are.
    ///
    /// The short way past ``next(_:_:inflater:)``, which must judge whatever this leaves: another
    /// kind of frame, one that is not all there, one that breaks a rule.
    ///
    /// - Returns: The message, unmasked and valid in `bytes`, with `position` behind it; `nil`
    ///   when nothing was consumed or changed.
    package mutating func nextWhole(
        _ bytes: inout MutableSpan<UInt8>,
        _ position: inout Int
    ) -> (kind: MessageKind, payload: Range<Int>)? {
        guard !isFinished, !isMidMessage, role == .server,
            let frame = unsafe WholeFrame(bytes.bytes, at: position, limit: maximumMessageLength)
        else { return nil }
        let isASCII = bytes.applyMask(frame.key, to: frame.payload)
        if frame.kind == .text, !isASCII, !isUTF8(bytes, frame.payload) {
            // Masked again, it is refused where all that breaks a rule is.
            _ = bytes.applyMask(frame.key, to: frame.payload)
            return nil
        }
        position = frame.payload.upperBound
        return (frame.kind, frame.payload)
    }

    private func isUTF8(_ bytes: borrowing MutableSpan<UInt8>, _ payload: Range<Int>) -> Bool {
        var utf8 = UTF8Validator()
        return unsafe utf8.append(bytes.bytes.extracting(payload)) && utf8.isComplete
    }

    /// Looks at `bytes` from `position` on and moves it past what was consumed.
    ///
    /// Call it until it answers `needsMore`. A range it returns is true until `bytes` change.
    /// After a violation, and after the peer's Close frame, all further bytes are discarded.
    ///
    /// - Parameters:
    ///   - bytes: What was read; frames are unmasked in it.
    ///   - position: Where to go on.
    ///   - inflater: Allows compressed messages if there is one. Nothing of a message is kept in
    ///     it while the message is unfinished, so connections whose peers reset their context
    ///     may share one.
    /// - Returns: The next message or control frame, or `needsMore`.
    /// - Throws: The first rule the bytes break; the connection must then be failed with the
    ///   violation's close code.
    package mutating func next(
        _ bytes: inout MutableSpan<UInt8>,
        _ position: inout Int,
        inflater: inout Inflater?
    ) throws(ProtocolViolation) -> Received {
        guard !isFinished else {
            position = bytes.count
            return .needsMore
        }
        do {
            return try receive(&bytes, &position, &inflater)
        } catch {
            finish()
            throw error
        }
    }

    private mutating func receive(
        _ bytes: inout MutableSpan<UInt8>,
        _ position: inout Int,
        _ inflater: inout Inflater?
    ) throws(ProtocolViolation) -> Received {
        while true {
            if unfinished.isEmpty || unfinished[0].frame == nil {
                guard
                    let frame = try unsafe receiveHeader(
                        bytes.bytes,
                        &position,
                        allowsCompression: inflater != nil
                    )
                else {
                    return .needsMore
                }
                if frame.isFinal, frame.opcode != .continuation,
                    bytes.count - position >= frame.payloadLength
                {
                    let payload = position..<position + frame.payloadLength
                    position = payload.upperBound
                    return try receiveWhole(frame, payload, &bytes, &inflater)
                }
                if unfinished.isEmpty { unfinished.append(UnfinishedMessage()) }
                unfinished[0].begin(frame)
            }
            switch try unfinished[0].receivePayload(&bytes, &position) {
            case nil:
                return .needsMore
            case .fragment:
                continue
            case .control(let kind, let payload):
                dropBoxIfIdle()
                return try received(kind, payload)
            case .message(let message):
                unfinished = []
                if message.isCompressed {
                    return try inflate(message.bytes.span, as: message.kind, &inflater)
                }
                guard message.utf8.isComplete else { throw .invalidUTF8 }
                return .assembled(message.kind, message.bytes)
            }
        }
    }

    /// Unmasks and judges a frame that is a whole message or control frame and is all there.
    @inline(__always)
    private mutating func receiveWhole(
        _ frame: FrameHeader,
        _ payload: Range<Int>,
        _ bytes: inout MutableSpan<UInt8>,
        _ inflater: inout Inflater?
    ) throws(ProtocolViolation) -> Received {
        var isASCII = false
        if let key = frame.maskingKey { isASCII = bytes.applyMask(key, to: payload) }
        if let control = frame.opcode.controlKind {
            var copy: [UInt8] = []
            copy.append(bytes.span.extracting(payload))
            return try received(control, copy)
        }
        if frame.isCompressed {
            let kind: MessageKind = frame.opcode == .text ? .text : .binary
            return try inflate(bytes.span.extracting(payload), as: kind, &inflater)
        }
        guard frame.opcode == .text else { return .message(.binary, payload) }
        if !isASCII {
            var utf8 = UTF8Validator()
            guard unsafe utf8.append(bytes.bytes.extracting(payload)), utf8.isComplete else {
                throw .invalidUTF8
            }
        }
        return .message(.text, payload)
    }

    private func inflate(
        _ payload: Span<UInt8>,
        as kind: MessageKind,
        _ inflater: inout Inflater?
    ) throws(ProtocolViolation) -> Received {
        let limit = maximumMessageLength
        guard let bytes = try inflater?.inflate(payload, as: kind, limit: limit) else {
            throw .reservedBitSet
        }
        return .assembled(kind, bytes)
    }

    private mutating func received(
        _ control: ControlKind,
        _ payload: [UInt8]
    ) throws(ProtocolViolation) -> Received {
        switch control {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        case .close:
            let frame = try CloseFrame(payload: payload)
            finish()
            return .close(frame)
        }
    }

    private mutating func finish() {
        isFinished = true
        unfinished = []
    }
}

extension FrameReceiver {
    /// Decodes the header that begins or continues at `position`.
    ///
    /// - Returns: `nil` when it is not complete; what there is of it is kept.
    @inline(__always)
    private mutating func receiveHeader(
        _ bytes: RawSpan,
        _ position: inout Int,
        allowsCompression: Bool
    ) throws(ProtocolViolation) -> FrameHeader? {
        let rules = rules(allowingCompression: allowsCompression)
        if unfinished.isEmpty || unfinished[0].headerBytes.isEmpty {
            let rest = bytes.extracting(position..<bytes.byteCount)
            if let frame = try FrameHeader.decode(rest, under: rules) {
                position += frame.encodedLength
                return frame
            }
        }
        return try continueHeader(bytes, &position, rules)
    }

    /// Adds one byte after the other to what is kept of a header until it is complete.
    private mutating func continueHeader(
        _ bytes: RawSpan,
        _ position: inout Int,
        _ rules: FrameHeader.Rules
    ) throws(ProtocolViolation) -> FrameHeader? {
        while position < bytes.byteCount {
            if unfinished.isEmpty { unfinished.append(UnfinishedMessage()) }
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
            unfinished[0].headerBytes.append(byte)
            position += 1
            let header = unfinished[0].headerBytes
            if let frame = try unsafe FrameHeader.decode(header.span.bytes, under: rules) {
                unfinished[0].headerBytes = []
                dropBoxIfIdle()
                return frame
            }
        }
        return nil
    }

    private mutating func dropBoxIfIdle() {
        if unfinished[0].isIdle { unfinished = [] }
    }

    /// What the next header must satisfy.
    private func rules(allowingCompression: Bool) -> FrameHeader.Rules {
        let message = unfinished.first?.message
        return FrameHeader.Rules(
            role: role,
            allowsCompression: allowingCompression,
            maximumMessageLength: maximumMessageLength,
            unfinishedMessage: message.map { ($0.bytes.count, $0.isCompressed) }
        )
    }
}

/// A client's message in one frame that lies in a buffer as a whole.
private struct WholeFrame {
    let kind: MessageKind
    let key: MaskingKey
    let payload: Range<Int>

    /// Reads the header at `position`; `nil` when anything else lies there.
    @inline(__always)
    init?(_ bytes: RawSpan, at position: Int, limit: Int) {
        let available = bytes.byteCount - position
        guard position >= 0, available >= 6 else { return nil }
        // Every load below is of bytes that were counted just before.
        let start = unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: position,
            as: UInt16.self
        ).littleEndian
        // FIN without RSV1 to 3, and MASK.
        guard start & 0x80F0 == 0x8080 else { return nil }
        switch start & 0xF {
        case 1: kind = .text
        case 2: kind = .binary
        default: return nil
        }
        var length = Int(start >> 8 & 0x7F)
        var offset = position &+ 2
        if length > 125 {
            guard length == 126, available >= 8 else { return nil }
            let word = unsafe bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: offset,
                as: UInt16.self
            )
            length = Int(word.bigEndian)
            guard length > 125 else { return nil }
            offset &+= 2
        }
        let word = unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: offset,
            as: UInt32.self
        )
        key = MaskingKey(littleEndian: word.littleEndian)
        offset &+= 4
        guard length <= bytes.byteCount &- offset, length <= limit else { return nil }
        payload = unsafe Range(uncheckedBounds: (offset, offset &+ length))
    }
}
