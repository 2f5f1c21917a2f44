extension FrameHeader {
    /// The largest number of bytes a header can have.
    package static let maximumEncodedLength = 14

    /// How many bytes the header of such a frame has: 2, 4 or 10, and 4 more for a mask.
    package static func encodedLength(payloadLength: Int, isMasked: Bool) -> Int {
        (payloadLength <= 125 ? 2 : payloadLength <= 0xFFFF ? 4 : 10) + (isMasked ? 4 : 0)
    }

    /// Where the payload begins in a whole frame that this module encoded without a mask.
    package static func payloadOffset(ofUnmasked frame: UnsafeRawBufferPointer) -> Int {
        switch frame.count < 2 ? 0 : unsafe frame[1] & 0x7F {
        case 126: 4
        case 127: 10
        default: min(2, frame.count)
        }
    }

    /// How many bytes this header has on the wire.
    package var encodedLength: Int {
        Self.encodedLength(payloadLength: payloadLength, isMasked: maskingKey != nil)
    }

    /// Writes the header to the front of `buffer`, which must have room for it.
    ///
    /// - Returns: How many bytes were written: ``encodedLength``.
    @discardableResult
    package func write(to buffer: UnsafeMutableRawBufferPointer) -> Int {
        precondition(payloadLength >= 0 && buffer.count >= encodedLength)
        let flags: UInt8 = (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0)
        let mask: UInt8 = maskingKey == nil ? 0 : 0x80
        unsafe buffer.storeBytes(of: flags | opcode.rawValue, as: UInt8.self)
        var offset = 2
        if payloadLength <= 125 {
            let length = UInt8(truncatingIfNeeded: payloadLength)
            unsafe buffer.storeBytes(of: mask | length, toByteOffset: 1, as: UInt8.self)
        } else if payloadLength <= 0xFFFF {
            let length = UInt16(truncatingIfNeeded: payloadLength).bigEndian
            unsafe buffer.storeBytes(of: mask | 126, toByteOffset: 1, as: UInt8.self)
            unsafe buffer.storeBytes(of: length, toByteOffset: 2, as: UInt16.self)
            offset = 4
        } else {
            let length = UInt64(truncatingIfNeeded: payloadLength).bigEndian
            unsafe buffer.storeBytes(of: mask | 127, toByteOffset: 1, as: UInt8.self)
            unsafe buffer.storeBytes(of: length, toByteOffset: 2, as: UInt64.self)
            offset = 10
        }
        if let maskingKey {
            let key = maskingKey.word.littleEndian
            unsafe buffer.storeBytes(of: key, toByteOffset: offset, as: UInt32.self)
            offset += 4
        }
        return offset
    }
}

extension FrameHeader {
    /// Writes the header of a whole message of a server to `place`, which must have room for
    /// ``maximumEncodedLength`` bytes.
    ///
    /// What ``write(to:)`` writes for such a header, in the few instructions that many small
    /// answers ask for.
    ///
    /// - Returns: How many bytes were written: 2, 4 or 10.
    package static func writeWhole(
        _ kind: MessageKind,
        payloadLength: Int,
        to place: UnsafeMutableRawPointer
    ) -> Int {
        let first: UInt8 = kind == .text ? 0x81 : 0x82
        unsafe place.storeBytes(of: first, as: UInt8.self)
        if payloadLength <= 125 {
            let length = UInt8(truncatingIfNeeded: payloadLength)
            unsafe place.storeBytes(of: length, toByteOffset: 1, as: UInt8.self)
            return 2
        }
        if payloadLength <= 0xFFFF {
            let length = UInt16(truncatingIfNeeded: payloadLength).bigEndian
            unsafe place.storeBytes(of: 126, toByteOffset: 1, as: UInt8.self)
            unsafe place.storeBytes(of: length, toByteOffset: 2, as: UInt16.self)
            return 4
        }
        let length = UInt64(truncatingIfNeeded: payloadLength).bigEndian
        unsafe place.storeBytes(of: 127, toByteOffset: 1, as: UInt8.self)
        unsafe place.storeBytes(of: length, toByteOffset: 2, as: UInt64.self)
        return 10
    }
}

extension [UInt8] {
    /// Appends a frame header whose payload the caller appends.
    package mutating func append(_ header: FrameHeader) {
        append(header, followedBy: Span())
    }

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
        append(header, followedBy: payload)
        if let maskingKey {
            let end = count
            var bytes = mutableSpan
            _ = bytes.applyMask(maskingKey, to: end - payload.count..<end)
        }
    }

    /// Appends a Close frame; see ``CloseFrame/payload`` for what it does to a long reason.
    package mutating func appendFrame(_ close: CloseFrame, maskingKey: MaskingKey? = nil) {
        let payload = close.payload
        appendFrame(.close, payload: payload.span, maskingKey: maskingKey)
    }

    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    private mutating func append(_ header: FrameHeader, followedBy payload: Span<UInt8>) {
        append(addingCapacity: header.encodedLength + payload.count) { output in
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                let bytes = UnsafeMutableRawBufferPointer(buffer)
                count = unsafe header.write(to: bytes)
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[count...])
                unsafe payload.withUnsafeBytes { unsafe rest.copyMemory(from: $0) }
                count += payload.count
            }
        }
    }
}
