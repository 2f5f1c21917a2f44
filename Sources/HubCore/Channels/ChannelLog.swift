/// The publications of one channel with consecutive offsets, encoded as they go on the wire.
///
/// Entries lie one behind the other in segments, so what a cursor owes is a slice. A bounded
/// number of the newest is kept; whole segments go when all in them is older.
package struct ChannelLog: ~Copyable {
    private var segments: [Segment] = []
    /// The entries that are kept, oldest first, from index `firstKept`.
    private var entries: [Entry] = []
    private var firstKept = 0
    /// One for each entry if the channel carries events, else none.
    private var marks: [EventMark] = []
    private let carriesEvents: Bool
    private var nextOffset: UInt64
    private let limits: HistoryLimits
    private var writtenBytes: UInt64 = 0
    /// Bytes of all entries that are kept.
    package private(set) var keptBytes = 0

    private struct Entry {
        var segment: Segment
        var start: UInt32
        var length: UInt32
        var key: UInt64
        /// Where the part that history and recovery repeat begins and ends, from `start`.
        var body: EntryBody
        /// Bytes of the log up to the end of this entry, since its beginning.
        var end: UInt64

        var bodySlice: LogSlice {
            let start = Int(start)
            let range = start + Int(body.start)..<start + Int(body.end)
            return LogSlice(segment: segment, range: range)
        }
    }

    /// Begins behind `lastOffset`, the last publication before this log; 0 for a new channel.
    ///
    /// - Parameters:
    ///   - lastOffset: Where it begins.
    ///   - limits: How much is kept.
    ///   - carriesEvents: Whether its entries can be filtered.
    package init(lastOffset: UInt64 = 0, limits: HistoryLimits, carriesEvents: Bool = false) {
        nextOffset = lastOffset + 1
        self.limits = limits
        self.carriesEvents = carriesEvents
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
    ///   - mark: What subscribers may choose it by.
    ///   - write: Writes the publication with the offset it is given; returns its layout.
    /// - Returns: The offset of the publication, and its repeatable part.
    @discardableResult
    package mutating func append(
        keepingAfter floor: UInt64 = .max,
        capacity: Int,
        mark: EntryMark = EntryMark(),
        write: (UInt64, UnsafeMutableRawBufferPointer) -> EntryLayout
    ) -> (offset: UInt64, body: LogSlice) {
        let segment = segmentWithRoom(for: capacity)
        let start = segment.length
        let target = unsafe UnsafeMutableRawBufferPointer(
            start: segment.base + start,
            count: segment.room
        )
        let layout = unsafe write(nextOffset, target)
        precondition(layout.length <= segment.room, "an entry was longer than announced")
        segment.length += layout.length
        let entry = Entry(
            segment: segment,
            start: UInt32(start),
            length: UInt32(layout.length),
            key: mark.key,
            body: layout.body,
            end: writtenBytes + UInt64(layout.length)
        )
        entries.append(entry)
        if carriesEvents { marks.append(mark.event ?? EventMark()) }
        writtenBytes += UInt64(layout.length)
        keptBytes += layout.length
        nextOffset += 1
        trim(upTo: floor)
        return (nextOffset - 1, entry.bodySlice)
    }

    /// Fills `run` with entries after `offset`.
    ///
    /// - Parameters:
    ///   - offset: Where to begin.
    ///   - run: Reaches up to the head, or to the last entry that it has.
    ///   - byteLimit: The most bytes, but at least one entry.
    /// - Returns: `false` when an entry after `offset` is no longer kept; `run` is then empty and
    ///   stands at the head.
    package func read(
        after offset: UInt64,
        into run: inout LogRun,
        byteLimit: Int = .max
    ) -> Bool {
        guard offset >= firstOffset - 1, offset <= lastOffset else {
            run.begin(after: lastOffset)
            return false
        }
        run.begin(after: offset)
        for index in index(after: offset)..<entries.count {
            let entry = entries[index]
            let start = Int(entry.start)
            guard run.isEmpty || run.byteCount + Int(entry.length) <= byteLimit else { break }
            run.append(
                offset: lastOffset - UInt64(entries.count - 1 - index),
                key: entry.key,
                mark: index < marks.count ? marks[index] : nil,
                segment: entry.segment,
                range: start..<start + Int(entry.length)
            )
        }
        return true
    }

    /// How many bytes lie between `offset` and the head; `nil` when not all of them are kept.
    package func bytes(after offset: UInt64) -> Int? {
        guard offset >= firstOffset - 1, offset <= lastOffset else { return nil }
        guard offset < lastOffset else { return 0 }
        let entry = entries[index(after: offset)]
        return Int(writtenBytes - entry.end) + Int(entry.length)
    }

    /// The repeatable part of the entries after `offset` and up to `limit`, oldest first.
    ///
    /// - Parameters:
    ///   - offset: Where to begin.
    ///   - limit: Where to end.
    ///   - count: The most entries to answer.
    ///   - byteLimit: The most bytes of them, but at least one entry is answered.
    ///   - filter: Which entries to answer; `nil` for all.
    /// - Returns: The parts, and the offset up to which entries were looked at.
    package func bodies(
        after offset: UInt64,
        upTo limit: UInt64 = .max,
        count: Int,
        byteLimit: Int,
        filter: EventFilter? = nil
    ) -> (bodies: [LogSlice], reached: UInt64) {
        guard offset >= firstOffset - 1, offset < lastOffset else { return ([], offset) }
        var bodies: [LogSlice] = []
        var bytes = 0
        var reached = offset
        var index = index(after: offset)
        while index < entries.count, reached < limit {
            let entry = entries[index]
            if accepts(index, filter) {
                let body = entry.bodySlice
                bytes += body.range.count
                guard bodies.count < count, bytes <= byteLimit || bodies.isEmpty else { break }
                bodies.append(body)
            }
            reached += 1
            index += 1
        }
        return (bodies, reached)
    }

    /// The offset behind which the newest `count` entries lie that a filter accepts, none of them
    /// after `limit`.
    package func offset(beforeLast count: Int, upTo limit: UInt64, filter: EventFilter?) -> UInt64 {
        let oldest = firstOffset - 1
        var offset = min(limit, lastOffset)
        guard filter != nil else { return max(oldest, offset - min(offset, UInt64(count))) }
        var found = 0
        while offset > oldest, found < count {
            if accepts(index(after: offset - 1), filter) { found += 1 }
            offset -= 1
        }
        return offset
    }

    private func accepts(_ index: Int, _ filter: EventFilter?) -> Bool {
        guard let filter else { return true }
        return index < marks.count && filter.accepts(marks[index])
    }

    /// Index of the entry that follows `offset`, which must be kept.
    private func index(after offset: UInt64) -> Int {
        entries.count - Int(lastOffset - offset)
    }

    /// Forgets the oldest entries, but none after `floor`, until at most `share` of the bytes that
    /// are kept is left; the newest goes too when it is more.
    mutating func shed(keepingAfter floor: UInt64, share: Double) {
        let limit = Int(Double(keptBytes) * share)
        while count > 0, keptBytes > limit, firstOffset <= floor { forgetOldest() }
        dropForgotten()
        if entries.isEmpty { segments = [] }
    }

    /// Forgets entries up to an offset.
    mutating func forget(upTo offset: UInt64) {
        let last = limits.keepsNewest ? min(offset, max(lastOffset, 1) - 1) : offset
        guard count > 0, firstOffset <= last else { return }
        while count > 0, firstOffset <= last { forgetOldest() }
        dropForgotten()
        if entries.isEmpty { segments = [] }
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
            forgetOldest()
        }
        guard firstKept > 32, firstKept * 2 > entries.count else { return }
        dropForgotten()
    }

    private mutating func forgetOldest() {
        keptBytes -= Int(entries[firstKept].length)
        firstKept += 1
    }

    /// Gives back the memory of what was forgotten.
    private mutating func dropForgotten() {
        entries.removeFirst(firstKept)
        if carriesEvents { marks.removeFirst(firstKept) }
        firstKept = 0
        if let oldest = entries.first?.segment {
            let unused = segments.firstIndex { $0 === oldest } ?? 0
            segments.removeFirst(unused)
        } else if !segments.isEmpty {
            segments.removeFirst(segments.count - 1)
        }
    }
}

/// How much of a channel's past is kept.
package struct HistoryLimits: Equatable, Sendable {
    package var count: Int
    package var bytes: Int
    /// How long a publication is kept at least and, a little more, at most; 0 for any time.
    package var milliseconds: UInt64
    /// Whether the newest publication stays however old it is.
    package var keepsNewest: Bool

    package init(
        count: Int,
        bytes: Int,
        milliseconds: UInt64 = 0,
        keepsNewest: Bool = false
    ) {
        self.count = keepsNewest ? max(1, count) : count
        self.bytes = bytes
        self.milliseconds = milliseconds
        self.keepsNewest = keepsNewest
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
