/// The connections of a loop in blocks whose addresses never change; slots are reused.
struct ConnectionSlab: ~Copyable {
    private static let blockBits: UInt32 = 9
    private static let blockSize = 1 << Int(blockBits)

    private var blocks: [UnsafeMutablePointer<Connection>] = []
    private var free: [UInt32] = []
    private(set) var count = 0

    deinit {
        for block in blocks {
            block.deinitialize(count: Self.blockSize)
            block.deallocate()
        }
    }

    /// Slots that exist, used or not.
    var slotCount: Int { blocks.count * Self.blockSize }

    /// The connection in `slot`, which must exist.
    @inline(__always)
    subscript(slot: UInt32) -> UnsafeMutablePointer<Connection> {
        blocks[Int(slot >> Self.blockBits)] + Int(slot & UInt32(Self.blockSize - 1))
    }

    /// The connection called `id`; `nil` when it is gone.
    @inline(__always)
    func find(_ id: ConnectionID) -> UnsafeMutablePointer<Connection>? {
        guard Int(id.slot) < slotCount else { return nil }
        let connection = self[id.slot]
        return connection.pointee.generation == id.generation && connection.pointee.phase != .unused
            ? connection : nil
    }

    mutating func allocate() -> ConnectionID {
        if free.isEmpty { grow() }
        let slot = free.removeLast()
        count += 1
        return ConnectionID(slot: slot, generation: self[slot].pointee.generation)
    }

    /// Frees the slot; ids of its connection find nothing from now on.
    mutating func release(_ id: ConnectionID) {
        let connection = self[id.slot]
        let generation = max(1, connection.pointee.generation &+ 1)
        connection.pointee = Connection()
        connection.pointee.generation = generation
        free.append(id.slot)
        count -= 1
    }

    private mutating func grow() {
        let first = UInt32(slotCount)
        let block = UnsafeMutablePointer<Connection>.allocate(capacity: Self.blockSize)
        for index in 0..<Self.blockSize {
            (block + index).initialize(to: Connection())
            // A first generation other than 0 keeps tokens apart from those of other descriptors.
            block[index].generation = 1
        }
        blocks.append(block)
        // The lowest slot is taken first.
        free.append(contentsOf: (first..<first + UInt32(Self.blockSize)).reversed())
    }
}
