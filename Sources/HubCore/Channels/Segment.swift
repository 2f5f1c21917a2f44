import Synchronization

/// A piece of a channel's log: bytes that are appended once and never change.
///
/// `@unchecked Sendable` holds because the only writer appends behind the lock of the log that
/// owns the segment, and readers touch only bytes below a length that they were given under
/// that lock: a byte is written before any reader can know of it, and never again.
@safe
package final class Segment: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let capacity: Int
    /// Guarded by the log's lock.
    var length = 0

    /// Bytes of all segments of the process.
    private static let allocated = Atomic<Int>(0)

    /// Bytes that all channels' publications take in memory, plain and compressed.
    package static var allocatedBytes: Int { allocated.load(ordering: .relaxed) }

    init(capacity: Int) {
        unsafe base = .allocate(byteCount: capacity, alignment: 1)
        self.capacity = capacity
        Self.allocated.add(capacity, ordering: .relaxed)
    }

    deinit {
        unsafe base.deallocate()
        Self.allocated.subtract(capacity, ordering: .relaxed)
    }

    var room: Int { capacity - length }

    /// The bytes of `range`, which the caller was given by the log.
    package func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.lowerBound >= 0 && range.upperBound <= capacity)
        return unsafe UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }
}
