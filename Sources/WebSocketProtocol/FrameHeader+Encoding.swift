extension FrameHeader {
    /// The largest number of bytes a header can have.
    package static let maximumEncodedLength = 14

    /// How many bytes the header of such a frame has: 2, 4 or 10, and 4 more for a mask.
    package static func encodedLength(payloadLength: Int, isMasked: Bool) -> Int {
        (payloadLength <= 125 ? 2 : payloadLength <= 0xFFFF ? 4 : 10) + (isMasked ? 4 : 0)
    }

    /// How many bytes this header has on the wire.
    package var encodedLength: Int {
        Self.encodedLength(payloadLength: payloadLength, isMasked: maskingKey != nil)
    }

    /// Appends the header to `output`, which must have room for ``encodedLength`` bytes.
    package func encode(into output: inout OutputSpan<UInt8>) {
        precondition(payloadLength >= 0)
        let flags: UInt8 = (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0)
        output.append(flags | opcode.rawValue)
        let mask: UInt8 = maskingKey == nil ? 0 : 0x80
        if payloadLength <= 125 {
            output.append(mask | UInt8(truncatingIfNeeded: payloadLength))
        } else {
            let isShort = payloadLength <= 0xFFFF
            output.append(mask | (isShort ? 126 : 127))
            for shift in stride(from: isShort ? 8 : 56, through: 0, by: -8) {
                output.append(UInt8(truncatingIfNeeded: payloadLength >> shift))
            }
        }
        if let key = maskingKey?.word {
            output.append(UInt8(truncatingIfNeeded: key))
            output.append(UInt8(truncatingIfNeeded: key >> 8))
            output.append(UInt8(truncatingIfNeeded: key >> 16))
            output.append(UInt8(truncatingIfNeeded: key >> 24))
        }
    }

    /// Writes the header to the front of `buffer`, which must have ``encodedLength`` bytes.
    ///
    /// - Returns: How many bytes were written.
    @discardableResult
    package func write(to buffer: UnsafeMutableRawBufferPointer) -> Int {
        let bytes = unsafe buffer.bindMemory(to: UInt8.self)
        var output = unsafe OutputSpan(buffer: bytes, initializedCount: 0)
        encode(into: &output)
        return unsafe output.finalize(for: bytes)
    }

    /// Appends the header to `bytes`.
    package func append(to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: Self.maximumEncodedLength) { encode(into: &$0) }
    }
}

extension [UInt8] {
    /// Appends a whole frame.
    ///
    /// - Parameters:
    ///   - opcode: What the frame carries.
    ///   - payload: The payload as the peer shall read it, at most 125 bytes in a control frame.
    ///   - isFinal: Whether the message ends here.
    ///   - isCompressed: Whether `payload` begins a compressed message (RFC 7692).
    ///   - maskingKey: `nil` in a server; in a client, a fresh key from a strong random source.
    package mutating func appendFrame(
        _ opcode: Opcode,
        payload: Span<UInt8>,
        isFinal: Bool = true,
        isCompressed: Bool = false,
        maskingKey: MaskingKey? = nil
    ) {
        precondition(!opcode.isControl || (payload.count <= 125 && isFinal && !isCompressed))
        let header = FrameHeader(
            opcode: opcode,
            payloadLength: payload.count,
            isFinal: isFinal,
            isCompressed: isCompressed,
            maskingKey: maskingKey
        )
        header.append(to: &self)
        let start = count
        append(span: payload)
        if let maskingKey {
            let end = count
            var bytes = mutableSpan
            _ = bytes.applyMask(maskingKey, to: start..<end)
        }
    }

    /// Appends a Close frame; see ``CloseFrame/payload`` for what it does to a long reason.
    package mutating func appendFrame(_ close: CloseFrame, maskingKey: MaskingKey? = nil) {
        let payload = close.payload
        appendFrame(.close, payload: payload.span, maskingKey: maskingKey)
    }

    mutating func append(span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
