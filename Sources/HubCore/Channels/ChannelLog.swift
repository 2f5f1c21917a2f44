/// The publications of one channel with consecutive offsets, encoded as they go on the wire.
///
/// Entries lie one behind the other in segments, so what a cursor owes is a slice. A bounded
/// number of the newest is kept; whole segments go when all in them is older.
package struct ChannelLog: ~Copyable {
    private var segments: [Segment] = []
    /// The entries that are kept, oldest first, from index `firstKept`.
    private var entries: [Entry] = []
    private var firstKept = 0
    private var nextOffset: UInt64
    private let limits: HistoryLimits
    private var writtenBytes: UInt64 = 0
    /// Bytes of all entries that are kept.
    package private(set) var keptBytes = 0

    private struct Entry {
        var segment: Segment
        var start: UInt32
        var length: UInt32
        /// Where the part that history and recovery repeat begins and ends, from `start`.
        var body: EntryBody
        /// Bytes of the log up to the end of this entry, since its beginning.
        var end: UInt64
    }

    /// Begins behind `lastOffset`, the last publication before this log; 0 for a new channel.
    package init(lastOffset: UInt64 = 0, limits: HistoryLimits) {
        nextOffset = lastOffset + 1
        self.limits = limits
    }

    /// Offset of the newest publication; 0 before the first.
    package var lastOffset: UInt64 { nextOffset - 1 }

    /// Offset of the oldest publication that is kept; one past the last when none is.
    package var firstOffset: UInt64 { nextOffset - UInt64(count) }

    package var count: Int { entries.count - firstKept }

    /// Appends one publication and forgets the oldest beyond the limits, but none after `floor`.
    ///
    /// - Parameters:
    ///   - floor: Offset up to which entries may be forgotten.
    ///   - capacity: The most bytes that `write` may need.
    ///   - write: Writes the publication with the offset it is given; returns its layout.
    /// - Returns: The offset of the publication.
    @discardableResult
    package mutating func append(
        keepingAfter floor: UInt64 = .max,
        capacity: Int,
        write: (UInt64, UnsafeMutableRawBufferPointer) -> EntryLayout
    ) -> UInt64 {
        let segment = segmentWithRoom(for: capacity)
        let start = segment.length
        let target = unsafe UnsafeMutableRawBufferPointer(
            start: segment.base + start,
            count: segment.room
        )
        let layout = unsafe write(nextOffset, target)
        precondition(layout.length <= segment.room, "an entry was longer than announced")
        segment.length += layout.length
        entries.append(
            Entry(
                segment: segment,
                start: UInt32(start),
                length: UInt32(layout.length),
                body: layout.body,
                end: writtenBytes + UInt64(layout.length)
            )
        )
        writtenBytes += UInt64(layout.length)
        keptBytes += layout.length
        nextOffset += 1
        trim(upTo: floor)
        return nextOffset - 1
    }

    /// The entries after `offset`, as contiguous slices, oldest first.
    ///
    /// - Returns: `nil` when an entry after `offset` is no longer kept.
    package func slices(after offset: UInt64) -> [LogSlice]? {
        guard offset >= firstOffset - 1, offset <= lastOffset else { return nil }
        var slices: [LogSlice] = []
        var index = entries.count - Int(lastOffset - offset)
        while index < entries.count {
            let entry = entries[index]
            let start = Int(entry.start)
            let end = start + Int(entry.length)
            if let last = slices.last, last.segment === entry.segment,
                last.range.upperBound == start
            {
                slices[slices.count - 1].range = last.range.lowerBound..<end
            } else {
                slices.append(LogSlice(segment: entry.segment, range: start..<end))
            }
            index += 1
        }
        return slices
    }

    /// How many bytes lie between `offset` and the head; `nil` when not all of them are kept.
    package func bytes(after offset: UInt64) -> Int? {
        guard offset >= firstOffset - 1, offset <= lastOffset else { return nil }
        guard offset < lastOffset else { return 0 }
        let entry = entries[entries.count - Int(lastOffset - offset)]
        return Int(writtenBytes - entry.end) + Int(entry.length)
    }

    /// Where in the bytes after `offset` the entry lies that holds byte `position` of them.
    ///
    /// A write that the kernel cut short ends inside an entry: the rest of that entry must go out
    /// before anything else, and the cursor stands behind it.
    package func entry(holding position: Int, after offset: UInt64) -> CutEntry? {
        guard offset >= firstOffset - 1, offset < lastOffset else { return nil }
        var remaining = position
        var index = entries.count - Int(lastOffset - offset)
        var current = offset
        while index < entries.count {
            let entry = entries[index]
            current += 1
            if remaining < Int(entry.length) {
                let start = Int(entry.start)
                return CutEntry(
                    offset: current,
                    rest: LogSlice(
                        segment: entry.segment,
                        range: start + remaining..<start + Int(entry.length)
                    ),
                    isWhole: remaining == 0
                )
            }
            remaining -= Int(entry.length)
            index += 1
        }
        return nil
    }

    /// The repeatable part of the entries after `offset`, oldest first, up to `byteLimit` bytes.
    ///
    /// At least one entry is returned when there is one.
    package func bodies(after offset: UInt64, count: Int, byteLimit: Int) -> [LogSlice] {
        guard offset >= firstOffset - 1, offset < lastOffset else { return [] }
        var bodies: [LogSlice] = []
        var bytes = 0
        let first = entries.count - Int(lastOffset - offset)
        for entry in entries[first...].prefix(count) {
            let start = Int(entry.start)
            let body = LogSlice(
                segment: entry.segment,
                range: start + Int(entry.body.start)..<start + Int(entry.body.end)
            )
            bytes += body.range.count
            if bytes > byteLimit, !bodies.isEmpty { break }
            bodies.append(body)
        }
        return bodies
    }

    private mutating func segmentWithRoom(for capacity: Int) -> Segment {
        if let last = segments.last, last.room >= capacity { return last }
        let doubled = min((segments.last?.capacity ?? 512) * 2, 256 * 1024)
        let segment = Segment(capacity: max(doubled, capacity))
        segments.append(segment)
        return segment
    }

    /// Forgets the oldest entries beyond the limits; amortised O(1).
    private mutating func trim(upTo floor: UInt64) {
        while firstOffset <= floor, count > limits.count || (keptBytes > limits.bytes && count > 1)
        {
            keptBytes -= Int(entries[firstKept].length)
            firstKept += 1
        }
        guard firstKept > 32, firstKept * 2 > entries.count else { return }
        entries.removeFirst(firstKept)
        firstKept = 0
        if let oldest = entries.first?.segment {
            let unused = segments.firstIndex { $0 === oldest } ?? 0
            segments.removeFirst(unused)
        } else {
            segments.removeFirst(segments.count - 1)
        }
    }
}

/// How much of a channel's past is kept.
package struct HistoryLimits: Equatable, Sendable {
    package var count: Int
    package var bytes: Int

    package init(count: Int, bytes: Int) {
        self.count = count
        self.bytes = bytes
    }
}

/// What was written for an entry: its length and the part that history repeats.
package struct EntryLayout: Equatable, Sendable {
    package var length: Int
    package var body: EntryBody

    package init(length: Int, body: Range<Int>) {
        self.length = length
        self.body = EntryBody(start: UInt32(body.lowerBound), end: UInt32(body.upperBound))
    }
}

package struct EntryBody: Equatable, Sendable {
    package var start: UInt32
    package var end: UInt32
}

/// Bytes of a log that will not change.
package struct LogSlice: Sendable {
    package var segment: Segment
    package var range: Range<Int>

    /// Valid for as long as the slice is held.
    package var bytes: UnsafeRawBufferPointer { unsafe segment.bytes(range) }
}

/// The entry in which a write was cut short.
package struct CutEntry: Sendable {
    package var offset: UInt64
    /// What of it has not been written.
    package var rest: LogSlice
    /// Nothing of it has been written: the cut is between two entries.
    package var isWhole: Bool
}
