import EventLoops

/// Frames that go out in one write.
struct FloorOutput: ~Copyable {
    private let storage: UnsafeMutableRawPointer
    private let capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        storage = .allocate(byteCount: capacity, alignment: 64)
        // What a payload does not fill is spaces, and all pages are there before anyone measures.
        storage.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: " "), count: capacity)
        self.capacity = capacity
    }

    deinit {
        storage.deallocate()
    }

    mutating func removeAll() {
        count = 0
    }

    /// Adds a frame's header and makes room for its payload.
    @inline(__always)
    mutating func beginFrame(
        opcode: UInt8,
        payloadLength: Int
    ) throws(BenchError) -> UnsafeMutableRawBufferPointer {
        guard payloadLength <= 0xFFFF, count + 4 + payloadLength <= capacity else {
            throw BenchError("more is to be sent at once than a floor has room for")
        }
        storage.storeBytes(of: 0x80 | opcode, toByteOffset: count, as: UInt8.self)
        if payloadLength <= 125 {
            storage.storeBytes(of: UInt8(payloadLength), toByteOffset: count + 1, as: UInt8.self)
            count += 2
        } else {
            storage.storeBytes(of: 126, toByteOffset: count + 1, as: UInt8.self)
            let length = UInt16(payloadLength).bigEndian
            storage.storeBytes(of: length, toByteOffset: count + 2, as: UInt16.self)
            count += 4
        }
        defer { count += payloadLength }
        return UnsafeMutableRawBufferPointer(start: storage + count, count: payloadLength)
    }

    func send(to descriptor: CInt) throws(BenchError) {
        try Self.send(UnsafeRawBufferPointer(start: storage, count: count), to: descriptor)
    }

    /// - Throws: When the kernel does not take everything, which loads with a bounded number of
    ///   messages on their way never make it do.
    @inline(__always)
    static func send(
        _ bytes: UnsafeRawBufferPointer,
        to descriptor: CInt
    ) throws(BenchError) {
        switch StreamSocket.send(descriptor, bytes) {
        case .bytes(bytes.count): return
        // The client has gone; its descriptor is closed when that is read.
        case .failed: return
        case .bytes, .wouldBlock, .ended: throw BenchError("a client's socket is full")
        }
    }
}

extension InboxFrame {
    /// Copies the end of the payload to the end of `target`, unmasked.
    @inline(__always)
    func unmaskEnd(into target: UnsafeMutableRawBufferPointer) {
        let count = min(payload.count, target.count)
        let skipped = payload.count - count
        guard count > 0, let from = payload.baseAddress, let to = target.baseAddress else { return }
        let shift = UInt32(truncatingIfNeeded: skipped & 3) * 8
        let key = maskingKey.littleEndian
        let rotated = key >> shift | key << ((32 - shift) & 31)
        let key64 = UInt64(rotated) << 32 | UInt64(rotated)
        let source = from + skipped
        let place = to + (target.count - count)
        var offset = 0
        while count - offset >= 8 {
            let word = source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            place.storeBytes(of: word ^ key64.littleEndian, toByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        var rest = rotated
        while offset < count {
            let byte = source.load(fromByteOffset: offset, as: UInt8.self)
            place.storeBytes(
                of: byte ^ UInt8(truncatingIfNeeded: rest),
                toByteOffset: offset,
                as: UInt8.self
            )
            rest = rest >> 8 | rest << 24
            offset += 1
        }
    }
}
