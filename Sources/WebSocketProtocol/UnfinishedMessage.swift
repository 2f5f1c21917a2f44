/// What a ``FrameReceiver`` keeps while a frame or a message is incomplete.
///
/// Buffers grow with the bytes that have arrived, never with what a header announces.
struct UnfinishedMessage: Sendable {
    /// The beginning of a header that the last read cut off.
    var headerBytes: [UInt8] = []
    /// The frame whose payload is arriving.
    private(set) var frame: FrameHeader?
    private var payloadReceived = 0
    private var controlPayload: [UInt8] = []
    /// The data message in progress; control frames may come between its fragments.
    private(set) var message: Message?

    struct Message: Sendable {
        var kind: MessageKind
        var isCompressed: Bool
        var bytes: [UInt8] = []
        var utf8 = UTF8Validator()
    }

    /// What a frame turns out to be when its last byte is there.
    enum Completion {
        case control(ControlKind, [UInt8])
        case fragment
        case message(Message)
    }

    /// Whether there is nothing to keep.
    var isIdle: Bool { frame == nil && message == nil && headerBytes.isEmpty }

    /// Starts to receive the payload of a frame that the rules allow here.
    mutating func begin(_ header: FrameHeader) {
        headerBytes = []
        controlPayload = []
        frame = header
        payloadReceived = 0
        if let kind = header.opcode.messageKind {
            message = Message(kind: kind, isCompressed: header.isCompressed)
        }
    }

    /// Takes the part of the frame's payload that `bytes` have from `position` on.
    ///
    /// - Returns: What the frame was if it is complete now, else `nil`.
    /// - Throws: `invalidUTF8` at the first piece with a byte that no text could have there.
    mutating func receivePayload(
        _ bytes: inout MutableSpan<UInt8>,
        _ position: inout Int
    ) throws(ProtocolViolation) -> Completion? {
        guard let frame else { return nil }
        let length = min(frame.payloadLength - payloadReceived, bytes.count - position)
        let range = position..<position + length
        var isASCII = false
        if let key = frame.maskingKey {
            isASCII = bytes.applyMask(key.advanced(by: payloadReceived), to: range)
        }
        position = range.upperBound
        payloadReceived += length

        let piece = bytes.span.extracting(range)
        let control = frame.opcode.controlKind
        if control != nil {
            controlPayload.append(piece)
        } else {
            try message?.append(piece, isASCII: isASCII)
        }
        guard payloadReceived == frame.payloadLength else { return nil }
        self.frame = nil
        if let control { return .control(control, controlPayload) }
        guard frame.isFinal, let message else { return .fragment }
        self.message = nil
        return .message(message)
    }
}

extension UnfinishedMessage.Message {
    fileprivate mutating func append(
        _ piece: Span<UInt8>,
        isASCII: Bool
    ) throws(ProtocolViolation) {
        if kind == .text, !isCompressed, !(isASCII && utf8.isComplete) {
            guard unsafe utf8.append(piece.bytes) else { throw .invalidUTF8 }
        }
        bytes.append(piece)
    }
}
