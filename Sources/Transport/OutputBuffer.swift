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
    mutating func appendFrame(
        _ opcode: Opcode,
        _ payload: UnsafeRawBufferPointer,
        isCompressed: Bool = false
    ) {
        let header = FrameHeader(
            opcode: opcode,
            payloadLength: payload.count,
            isCompressed: isCompressed
        )
        let target = reserve(FrameHeader.maximumEncodedLength + payload.count)
        count += header.write(to: target)
        append(payload)
    }

    /// Appends one whole message of a server; the short way for what is sent most.
    @inline(__always)
    mutating func appendMessage(_ kind: MessageKind, _ payload: UnsafeRawBufferPointer) {
        // Of a header, 10 bytes at the most.
        let needed = count + 16 + payload.count
        if needed > capacity { grow(toFit: needed) }
        let place = storage + count
        let header = FrameHeader.writeWhole(kind, payloadLength: payload.count, to: place)
        if let source = payload.baseAddress {
            (place + header).copyMemory(from: source, byteCount: payload.count)
        }
        count += header + payload.count
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
