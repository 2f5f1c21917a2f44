/// A way in which the peer broke RFC 6455 or RFC 7692; each maps to the close code it earns.
package enum ProtocolViolation: Error, Equatable, Sendable {
    case reservedBitSet
    case reservedOpcode(UInt8)
    case missingMask
    case unexpectedMask
    case fragmentedControlFrame
    case oversizedControlFrame
    /// A length that would have fitted a shorter form (§5.2).
    case nonMinimalLength
    /// The most significant bit of a 64-bit length is set (§5.2).
    case lengthOverflow
    /// A continuation frame with no message to continue.
    case unexpectedContinuation
    /// A text or binary frame before the message in progress was finished.
    case interruptedMessage
    /// A Close frame whose payload is one byte: too short for a code.
    case truncatedCloseCode
    case invalidCloseCode(UInt16)
    case invalidUTF8
    case corruptCompressedData
    case messageTooBig(limit: Int)

    package var closeCode: CloseCode {
        switch self {
        case .reservedBitSet, .reservedOpcode, .missingMask, .unexpectedMask,
            .fragmentedControlFrame, .oversizedControlFrame, .nonMinimalLength, .lengthOverflow,
            .unexpectedContinuation, .interruptedMessage, .truncatedCloseCode, .invalidCloseCode:
            .protocolError
        case .invalidUTF8, .corruptCompressedData: .invalidPayloadData
        case .messageTooBig: .messageTooBig
        }
    }

    /// A text for the reason of the Close frame, at most 123 bytes.
    package var reason: String {
        switch self {
        case .reservedBitSet: "a reserved bit is set"
        case .reservedOpcode(let opcode): "opcode \(opcode) is reserved"
        case .missingMask: "a client must mask its frames"
        case .unexpectedMask: "a server must not mask its frames"
        case .fragmentedControlFrame: "a control frame must not be fragmented"
        case .oversizedControlFrame: "a control frame carries at most 125 bytes"
        case .nonMinimalLength: "the length is not in its shortest form"
        case .lengthOverflow: "the top bit of a 64-bit length must be zero"
        case .unexpectedContinuation: "there is no message to continue"
        case .interruptedMessage: "the previous message is not finished"
        case .truncatedCloseCode: "a close payload of one byte holds no code"
        case .invalidCloseCode(let code): "close code \(code) must not be sent"
        case .invalidUTF8: "the text is not valid UTF-8"
        case .corruptCompressedData: "the compressed data is corrupt"
        case .messageTooBig(let limit): "a message may have at most \(limit) bytes"
        }
    }

    package var closeFrame: CloseFrame {
        CloseFrame(code: closeCode, reason: reason)
    }
}
