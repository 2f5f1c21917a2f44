/// The header of one frame (RFC 6455 §5.2).
///
/// ```
///  0               1               2               3
/// +-+-+-+-+-------+-+-------------+-------------------------------+
/// |F|R|R|R| opcode|M| length      | 16 or 64 more bits of length  |
/// |I|S|S|S|       |A| 0...125,    | when it is 126 or 127, then   |
/// |N|V|V|V|       |S| 126 or 127  | 32 bits of masking key when   |
/// | |1|2|3|       |K|             | MASK is set                   |
/// +-+-+-+-+-------+-+-------------+-------------------------------+
/// ```
package struct FrameHeader: Equatable, Sendable {
    package var isFinal: Bool
    /// RSV1: the message is compressed (RFC 7692 §6); set on its first frame only.
    package var isCompressed: Bool
    package var opcode: Opcode
    package var maskingKey: MaskingKey?
    package var payloadLength: Int

    package init(
        opcode: Opcode,
        payloadLength: Int,
        isFinal: Bool = true,
        isCompressed: Bool = false,
        maskingKey: MaskingKey? = nil
    ) {
        self.isFinal = isFinal
        self.isCompressed = isCompressed
        self.opcode = opcode
        self.maskingKey = maskingKey
        self.payloadLength = payloadLength
    }

    /// What a header must satisfy at one moment of a connection.
    struct Rules {
        var role: Role
        var allowsCompression: Bool
        var maximumMessageLength: Int
        /// What there is of a message that waits for its continuation.
        var unfinishedMessage: (length: Int, isCompressed: Bool)?

        /// How many bytes the payload of the next data frame may have.
        ///
        /// Data that does not compress grows a little: a compressed message may arrive in some
        /// more bytes than it will have, and is measured again as it is inflated.
        func maximumPayloadLength(isCompressed: Bool) -> Int {
            guard isCompressed || unfinishedMessage?.isCompressed == true else {
                return maximumMessageLength - (unfinishedMessage?.length ?? 0)
            }
            let slack = maximumMessageLength / 16 + 64
            return maximumMessageLength + slack - (unfinishedMessage?.length ?? 0)
        }
    }

    /// Decodes the header at the front of `bytes`.
    ///
    /// - Returns: The header, or `nil` when `bytes` ends inside it. It occupies
    ///   ``encodedLength`` bytes.
    /// - Throws: The first rule the header breaks, as soon as the bytes there are prove it.
    @inline(__always)
    static func decode(
        _ bytes: RawSpan,
        under rules: Rules
    ) throws(ProtocolViolation) -> FrameHeader? {
        let count = bytes.byteCount
        guard count >= 1 else { return nil }
        let first = unsafe bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self)
        let isFinal = first & 0x80 != 0
        let isCompressed = first & 0x40 != 0
        guard first & 0x30 == 0 else { throw .reservedBitSet }
        guard let opcode = Opcode(rawValue: first & 0x0F) else {
            throw .reservedOpcode(first & 0x0F)
        }
        switch opcode {
        case .continuation:
            guard !isCompressed else { throw .reservedBitSet }
            guard rules.unfinishedMessage != nil else { throw .unexpectedContinuation }
        case .text, .binary:
            guard !isCompressed || rules.allowsCompression else { throw .reservedBitSet }
            guard rules.unfinishedMessage == nil else { throw .interruptedMessage }
        case .close, .ping, .pong:
            guard !isCompressed else { throw .reservedBitSet }
            guard isFinal else { throw .fragmentedControlFrame }
        }

        guard count >= 2 else { return nil }
        let second = unsafe bytes.unsafeLoad(fromByteOffset: 1, as: UInt8.self)
        let isMasked = second & 0x80 != 0
        switch rules.role {
        case .server: guard isMasked else { throw .missingMask }
        case .client: guard !isMasked else { throw .unexpectedMask }
        }

        var length = UInt64(second & 0x7F)
        var offset = 2
        if opcode.isControl {
            guard length <= 125 else { throw .oversizedControlFrame }
        } else if length >= 126 {
            guard let extended = try extendedLength(bytes, is64Bit: length == 127) else {
                return nil
            }
            offset = length == 126 ? 4 : 10
            length = extended
        }
        if !opcode.isControl {
            let limit = rules.maximumPayloadLength(isCompressed: isCompressed)
            guard length <= UInt64(limit) else {
                throw .messageTooBig(limit: rules.maximumMessageLength)
            }
        }

        var key: MaskingKey?
        if isMasked {
            guard count >= offset + 4 else { return nil }
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
            key = MaskingKey(littleEndian: UInt32(littleEndian: word))
        }
        return FrameHeader(
            opcode: opcode,
            payloadLength: Int(length),
            isFinal: isFinal,
            isCompressed: isCompressed,
            maskingKey: key
        )
    }

    /// Reads the 16 or 64 bits of length that follow the first two bytes.
    private static func extendedLength(
        _ bytes: RawSpan,
        is64Bit: Bool
    ) throws(ProtocolViolation) -> UInt64? {
        if is64Bit {
            guard bytes.byteCount >= 3 else { return nil }
            guard unsafe bytes.unsafeLoad(fromByteOffset: 2, as: UInt8.self) & 0x80 == 0 else {
                throw .lengthOverflow
            }
            guard bytes.byteCount >= 10 else { return nil }
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 2, as: UInt64.self)
            let length = UInt64(bigEndian: word)
            guard length > 0xFFFF else { throw .nonMinimalLength }
            return length
        }
        guard bytes.byteCount >= 4 else { return nil }
        let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 2, as: UInt16.self)
        let length = UInt64(UInt16(bigEndian: word))
        guard length > 125 else { throw .nonMinimalLength }
        return length
    }
}
