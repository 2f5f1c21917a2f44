private import CZlib

/// Decompresses messages of permessage-deflate (RFC 7692 §7.2.2).
///
/// It lives between messages only when the peer keeps its context; an inflater that resets can
/// serve any number of connections, one message after the other. Costs some 40 KiB.
@safe
package struct Inflater: ~Copyable, @unchecked Sendable {
    // This struct is the only owner of the allocation (it can't be copied), and a z_stream does
    // not depend on the thread that made it: so it may be sent. zlib holds a pointer to it,
    // which is why it has an address of its own.
    private let stream: UnsafeMutablePointer<z_stream>
    private let resetsContext: Bool

    /// - Parameters:
    ///   - windowBits: 8 to 15, as negotiated for the peer's compressor.
    ///   - resetsContext: Whether the peer compresses each message on its own.
    package init(windowBits: Int = 15, resetsContext: Bool) {
        precondition((8...15).contains(windowBits))
        self.resetsContext = resetsContext
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // Some compressors answer a request for 8 bits with 9; that costs 256 bytes to allow.
        let bits = -Int32(max(windowBits, 9))
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        let status = unsafe inflateInit2_(stream, bits, ZLIB_VERSION, size)
        precondition(status == Z_OK, "zlib can't start")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Decompresses one message.
    ///
    /// - Parameters:
    ///   - payload: The payloads of all its frames.
    ///   - kind: Text is validated as it comes out.
    ///   - limit: The number of bytes at which to give up.
    /// - Returns: The message as its sender had it.
    /// - Throws: `messageTooBig` as soon as more than `limit` bytes come out, `invalidUTF8` at
    ///   the first piece that is not text, `corruptCompressedData`.
    package mutating func inflate(
        _ payload: Span<UInt8>,
        as kind: MessageKind,
        limit: Int
    ) throws(ProtocolViolation) -> [UInt8] {
        if resetsContext { unsafe inflateReset(stream) }
        var output = Output(kind: kind, limit: limit)
        _ = try inflate(payload, into: &output)
        // The sender cut off the end of the empty block that ends each message (§7.2.1).
        let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
        let endsBlock = try inflate(tail.span, into: &output)
        guard endsBlock else { throw .corruptCompressedData }
        guard output.utf8.isComplete else { throw .invalidUTF8 }
        return output.bytes
    }
}

extension Inflater {
    /// What came out so far of one message.
    private struct Output {
        let kind: MessageKind
        let limit: Int
        var bytes: [UInt8] = []
        var utf8 = UTF8Validator()

        mutating func append(_ piece: Span<UInt8>) throws(ProtocolViolation) {
            guard piece.count <= limit - bytes.count else { throw .messageTooBig(limit: limit) }
            if kind == .text {
                guard unsafe utf8.append(piece.bytes) else { throw .invalidUTF8 }
            }
            bytes.append(piece)
        }
    }

    /// Bytes that are decompressed at a time; a bomb costs one such piece past its limit.
    private static var chunkSize: Int { 16_384 }

    /// - Returns: Whether the input ends where a block ends.
    private func inflate(
        _ input: Span<UInt8>,
        into output: inout Output
    ) throws(ProtocolViolation) -> Bool {
        precondition(input.count <= Int(UInt32.max))
        return try unsafe input.withUnsafeBufferPointer { input throws(ProtocolViolation) in
            try unsafe withUnsafeTemporaryAllocation(
                of: UInt8.self,
                capacity: Self.chunkSize
            ) { chunk throws(ProtocolViolation) in
                try unsafe inflate(input, through: chunk, into: &output)
            }
        }
    }

    private func inflate(
        _ input: UnsafeBufferPointer<UInt8>,
        through chunk: UnsafeMutableBufferPointer<UInt8>,
        into output: inout Output
    ) throws(ProtocolViolation) -> Bool {
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(input.count)
        while true {
            unsafe stream.pointee.next_out = chunk.baseAddress
            unsafe stream.pointee.avail_out = UInt32(chunk.count)
            let status = unsafe CZlib.inflate(stream, Z_SYNC_FLUSH)
            let free = unsafe Int(stream.pointee.avail_out)
            let produced = unsafe UnsafeBufferPointer(rebasing: chunk.dropLast(free))
            try unsafe output.append(produced.span)
            switch status {
            case Z_OK where free == 0: break
            case Z_OK, Z_BUF_ERROR:
                guard unsafe stream.pointee.avail_in == 0 else { throw .corruptCompressedData }
                // zlib states in bit 7 that what comes next is a new block.
                return unsafe stream.pointee.data_type & 128 != 0
            case Z_STREAM_END:
                // A block marked as the last one ends the stream for zlib, not for the message:
                // what follows may refer to the window before it (§7.2.3.4 and §7.2.3.5).
                unsafe inflateResetKeep(stream)
                if unsafe stream.pointee.avail_in == 0 { return true }
            default: throw .corruptCompressedData
            }
        }
    }
}
