import WebSocketProtocol

/// Collects what one connection is sent while its input is looked at, for one write.
struct OutputBuffer: ~Copyable {
    private var storage: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        storage = .allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
    }

    deinit {
        storage.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: storage, count: count) }

    mutating func removeAll() {
        count = 0
    }

    /// Room for `byteCount` more bytes; call ``advance(by:)`` once they are written.
    @inline(__always)
    mutating func reserve(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
        if count + byteCount > capacity { grow(toFit: count + byteCount) }
        return UnsafeMutableRawBufferPointer(start: storage + count, count: capacity - count)
    }

    @inline(__always)
    mutating func advance(by byteCount: Int) {
        count += byteCount
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        let target = reserve(bytes.count)
        target.baseAddress?.copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    /// Appends one whole frame of a server.
    @inline(__always)
    mutating func appendFrame(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer) {
        let header = FrameHeader(opcode: opcode, payloadLength: payload.count)
        let target = reserve(FrameHeader.maximumEncodedLength + payload.count)
        count += header.write(to: target)
        append(payload)
    }

    private mutating func grow(toFit needed: Int) {
        let larger = max(capacity * 2, needed)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: storage, byteCount: count)
        storage.deallocate()
        storage = moved
        capacity = larger
    }
}
