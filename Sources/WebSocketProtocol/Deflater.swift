private import CZlib

/// Compresses messages for permessage-deflate (RFC 7692 §7.2.1).
///
/// With 15 bits and its default memory it costs some 260 KiB with context; one that resets can
/// serve any number of connections, and its output can go to all that agreed to the same window.
@safe
package struct Deflater: ~Copyable, @unchecked Sendable {
    // This struct is the only owner of the allocation (it can't be copied), and a z_stream does
    // not depend on the thread that made it: so it may be sent. zlib holds a pointer to it,
    // which is why it has an address of its own.
    private let stream: UnsafeMutablePointer<z_stream>
    private let resetsContext: Bool

    /// - Parameters:
    ///   - level: 0 to 9, as in zlib; 1 is the fastest that compresses.
    ///   - windowBits: 8 to 15, as negotiated for this compressor.
    ///   - memoryLevel: 1 to 9, as in zlib.
    ///   - resetsContext: Whether each message is compressed on its own.
    package init(
        level: Int = 1,
        windowBits: Int = 15,
        memoryLevel: Int = 8,
        resetsContext: Bool
    ) {
        precondition((8...15).contains(windowBits) && (0...9).contains(level))
        precondition((1...9).contains(memoryLevel))
        self.resetsContext = resetsContext
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // zlib has no raw window of 8 bits. In one of 9 it is told to look for repetitions of
        // the last byte only: a distance of one is legal in every window.
        let status = unsafe deflateInit2_(
            stream,
            Int32(level),
            Z_DEFLATED,
            -Int32(max(windowBits, 9)),
            Int32(memoryLevel),
            windowBits == 8 ? Z_RLE : Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(status == Z_OK, "zlib can't start")
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Compresses one message and appends what its frames must carry to `output`.
    package mutating func deflate(_ payload: Span<UInt8>, into output: inout [UInt8]) {
        // zlib writes nothing for nothing once it is flushed; §7.2.3.6 names the byte to send.
        if payload.isEmpty {
            output.append(0x00)
            return
        }
        precondition(payload.count <= Int(UInt32.max))
        if resetsContext { unsafe deflateReset(stream) }
        unsafe payload.withUnsafeBufferPointer { input in
            unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16_384) { chunk in
                unsafe deflate(input, through: chunk, into: &output)
            }
        }
        // The flush ends with an empty block; the receiver supplies the end of it (§7.2.1).
        let end = output.count
        precondition(end >= 4 && output[end - 4] == 0x00 && output[end - 3] == 0x00)
        precondition(output[end - 2] == 0xFF && output[end - 1] == 0xFF)
        output.removeLast(4)
    }

    private func deflate(
        _ input: UnsafeBufferPointer<UInt8>,
        through chunk: UnsafeMutableBufferPointer<UInt8>,
        into output: inout [UInt8]
    ) {
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(input.count)
        var free = 0
        while free == 0 {
            unsafe stream.pointee.next_out = chunk.baseAddress
            unsafe stream.pointee.avail_out = UInt32(chunk.count)
            let status = unsafe CZlib.deflate(stream, Z_SYNC_FLUSH)
            precondition(status == Z_OK || status == Z_BUF_ERROR)
            free = unsafe Int(stream.pointee.avail_out)
            unsafe output.append(contentsOf: chunk.dropLast(free))
        }
    }
}
