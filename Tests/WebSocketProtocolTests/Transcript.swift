import WebSocketProtocol

/// What a peer's bytes meant, whichever way they were cut into reads.
struct Transcript: Equatable {
    enum Entry: Equatable {
        case text(String)
        case binary([UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(CloseFrame)
    }

    var entries: [Entry] = []
    var violation: ProtocolViolation?
    /// Whether a message or a frame was left unfinished.
    var isMidMessage = false

    init(_ entries: [Entry], violation: ProtocolViolation? = nil, isMidMessage: Bool = false) {
        self.entries = entries
        self.violation = violation
        self.isMidMessage = isMidMessage
    }

    /// Feeds `reads` to a receiver one after the other, until it throws.
    ///
    /// With `takesWhole`, messages in one frame are taken the short way where that can be done.
    init(
        reads: [[UInt8]],
        role: Role = .server,
        limits: ReceiveLimits = ReceiveLimits(),
        deflate: DeflateParameters? = nil,
        takesWhole: Bool = false
    ) {
        var inflater = deflate?.makeInflater(for: role)
        var receiver = FrameReceiver(role: role, limits: limits)
        do throws(ProtocolViolation) {
            for read in reads {
                try append(read, &receiver, &inflater, takesWhole)
            }
        } catch {
            violation = error
        }
        isMidMessage = receiver.isMidMessage
    }

    private mutating func append(
        _ read: [UInt8],
        _ receiver: inout FrameReceiver,
        _ inflater: inout Inflater?,
        _ takesWhole: Bool
    ) throws(ProtocolViolation) {
        var buffer = read
        var position = 0
        while true {
            var bytes = buffer.mutableSpan
            if takesWhole, let (kind, range) = receiver.nextWhole(&bytes, &position) {
                append(kind, Array(buffer[range]))
                continue
            }
            switch try receiver.next(&bytes, &position, inflater: &inflater) {
            case .needsMore: return
            case .message(let kind, let range): append(kind, Array(buffer[range]))
            case .assembled(let kind, let payload): append(kind, payload)
            case .ping(let payload): entries.append(.ping(payload))
            case .pong(let payload): entries.append(.pong(payload))
            case .close(let frame): entries.append(.close(frame))
            }
        }
    }

    private mutating func append(_ kind: MessageKind, _ payload: [UInt8]) {
        switch kind {
        case .text: entries.append(.text(String(decoding: payload, as: UTF8.self)))
        case .binary: entries.append(.binary(payload))
        }
    }
}

extension [UInt8] {
    /// Every way to cut the bytes in two, and the one that cuts them into single bytes.
    var allSplits: [[[UInt8]]] {
        indices.map { [Array(self[..<$0]), Array(self[$0...])] } + [map { [$0] }]
    }

    /// A whole frame as the peer of `role` sends it.
    static func frame(
        _ opcode: Opcode,
        _ payload: [UInt8] = [],
        isFinal: Bool = true,
        to role: Role = .server
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        let key = MaskingKey(bigEndian: 0x37FA_213D)
        bytes.appendFrame(
            opcode,
            payload: payload.span,
            isFinal: isFinal,
            maskingKey: role == .server ? key : nil
        )
        return bytes
    }
}

func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }
