import EventLoops

/// A whole frame in an inbox's buffer; valid until the next one is received.
struct InboxFrame {
    let opcode: UInt8
    let isCompressed: Bool
    /// The bytes of the key as they lie in memory; 0 when the frame is not masked.
    let maskingKey: UInt32
    let payload: UnsafeMutableRawBufferPointer
}

/// Cuts what many connections receive into frames, by the headers alone.
///
/// One buffer serves all connections; what a read leaves unfinished waits in a place of its
/// connection's and goes in front of its next read.
struct FrameInbox: ~Copyable {
    private static let capacity = 256 * 1024
    private let buffer: UnsafeMutableRawPointer
    private let leftovers: UnsafeMutableRawPointer
    private let leftoverCapacity: Int
    private var leftoverCounts: [Int]
    /// The connection whose bytes are in the buffer.
    private var lane = 0
    private var position = 0
    private var end = 0

    /// - Parameters:
    ///   - lanes: How many connections there are.
    ///   - longestFrame: In bytes, the header included.
    init(lanes: Int, longestFrame: Int) {
        buffer = .allocate(byteCount: Self.capacity + longestFrame, alignment: 64)
        leftovers = .allocate(byteCount: lanes * longestFrame, alignment: 64)
        leftoverCapacity = longestFrame
        leftoverCounts = Array(repeating: 0, count: lanes)
    }

    deinit {
        buffer.deallocate()
        leftovers.deallocate()
    }

    /// Reads once from connection `lane`; ``next()`` then gives its frames.
    mutating func receive(_ descriptor: CInt, lane: Int) -> Transfer {
        begin(lane)
        let room = UnsafeMutableRawBufferPointer(start: buffer + end, count: Self.capacity)
        let transfer = StreamSocket.receive(descriptor, into: room)
        if case .bytes(let count) = transfer { end += count }
        return transfer
    }

    /// Reads once from an encrypted connection.
    mutating func receive(
        _ descriptor: CInt,
        lane: Int,
        by session: TLSSession,
        _ tls: LoadTLS
    ) -> Transfer {
        let transfer = tls.wire.receive(from: descriptor)
        guard case .bytes = transfer else { return transfer }
        begin(lane)
        let before = end
        while end < Self.capacity {
            let room = UnsafeMutableRawBufferPointer(
                start: buffer + end,
                count: Self.capacity - end
            )
            switch session.read(into: room) {
            case .bytes(let count): end += count
            case .needsMore: return end > before ? .bytes(end - before) : .wouldBlock
            case .ended: return .ended
            case .failed: return .failed
            }
        }
        return .failed
    }

    /// What was received and is not in a frame that was given out yet.
    var unread: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: buffer + position, count: end - position)
    }

    /// The next whole frame; `nil` when there is none, what is left of one being put by.
    @inline(__always)
    mutating func next() throws(BenchError) -> InboxFrame? {
        guard end - position >= 2 else { return try leave() }
        let second = buffer.load(fromByteOffset: position + 1, as: UInt8.self)
        let isMasked = second & 0x80 != 0
        var start = position + 2
        var length = UInt64(second & 0x7F)
        if length >= 126 {
            start += length == 126 ? 2 : 8
            guard start <= end else { return try leave() }
            length =
                length == 126
                ? UInt64(UInt16(bigEndian: load(position + 2)))
                : UInt64(bigEndian: load(position + 2))
        }
        var key: UInt32 = 0
        if isMasked {
            guard start + 4 <= end else { return try leave() }
            key = load(start)
            start += 4
        }
        guard length <= UInt64(end - start) else { return try leave() }
        let first = buffer.load(fromByteOffset: position, as: UInt8.self)
        position = start + Int(length)
        return InboxFrame(
            opcode: first & 0x0F,
            isCompressed: first & 0x40 != 0,
            maskingKey: key,
            payload: UnsafeMutableRawBufferPointer(start: buffer + start, count: Int(length))
        )
    }

    /// Puts what the last read of the connection left in front.
    private mutating func begin(_ lane: Int) {
        self.lane = lane
        position = 0
        end = leftoverCounts[lane]
        if end > 0 {
            let leftover = leftovers + lane * leftoverCapacity
            buffer.copyMemory(from: leftover, byteCount: end)
            leftoverCounts[lane] = 0
        }
    }

    private func load<Word: BitwiseCopyable>(_ offset: Int) -> Word {
        buffer.loadUnaligned(fromByteOffset: offset, as: Word.self)
    }

    private mutating func leave() throws(BenchError) -> InboxFrame? {
        let rest = end - position
        guard rest > 0 else { return nil }
        guard rest <= leftoverCapacity else {
            throw BenchError("a frame is longer than the \(leftoverCapacity) bytes expected")
        }
        (leftovers + lane * leftoverCapacity).copyMemory(from: buffer + position, byteCount: rest)
        leftoverCounts[lane] = rest
        position = end
        return nil
    }
}
