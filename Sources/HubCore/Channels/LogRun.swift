/// Publications of a channel between two offsets, as they go on the wire.
///
/// It holds the bytes it speaks of, so what it owes can be written whatever the log forgets
/// meanwhile. A value that is filled again and again keeps its storage.
package struct LogRun: Sendable {
    /// Offset behind which it begins: where a cursor stands that it is for.
    package private(set) var start: UInt64 = 0
    /// Where the cursor stands when all of it is written.
    package private(set) var head: UInt64 = 0
    /// The bytes, in the order in which they are written.
    package private(set) var slices: [LogSlice] = []
    private var pieces: [Piece] = []
    /// One for each piece of a channel that carries events, else none.
    private var marks: [EventMark] = []

    /// One publication.
    private struct Piece {
        var offset: UInt64
        var key: UInt64
        /// Bytes of the run up to its end.
        var end: Int
        /// The slice it lies in, and where in that slice's segment.
        var slice: Int
        var range: Range<Int>
    }

    package init() {}

    package var count: Int { pieces.count }
    package var isEmpty: Bool { pieces.isEmpty }
    package var byteCount: Int { pieces.last?.end ?? 0 }
    /// Offset of publication `index`.
    package func offset(_ index: Int) -> UInt64 { pieces[index].offset }

    /// How many publications up to `offset` it has.
    package func count(upTo offset: UInt64) -> Int {
        pieces.lastIndex { $0.offset <= offset }.map { $0 + 1 } ?? 0
    }

    /// Lets go of all bytes; the storage for more is kept.
    package mutating func removeAll() {
        begin(after: head)
    }

    /// Makes it an empty run at `offset`.
    mutating func begin(after offset: UInt64) {
        start = offset
        head = offset
        slices.removeAll(keepingCapacity: true)
        pieces.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
    }

    /// Adds a publication; the caller goes by offset.
    mutating func append(
        offset: UInt64,
        key: UInt64,
        mark: EventMark?,
        segment: Segment,
        range: Range<Int>
    ) {
        if let last = slices.last, last.segment === segment,
            last.range.upperBound == range.lowerBound
        {
            slices[slices.count - 1].range = last.range.lowerBound..<range.upperBound
        } else {
            slices.append(LogSlice(segment: segment, range: range))
        }
        pieces.append(
            Piece(
                offset: offset,
                key: key,
                end: byteCount + range.count,
                slice: slices.count - 1,
                range: range
            )
        )
        if let mark { marks.append(mark) }
        head = offset
    }

    /// Where a write stands of which the kernel took `written` bytes and no more.
    ///
    /// The rest of the publication it ends in must go out before anything else.
    package func cut(at written: Int) -> RunCut {
        // The first piece that is not whole.
        var low = 0
        var high = pieces.count
        while low < high {
            let middle = (low + high) / 2
            if pieces[middle].end <= written { low = middle + 1 } else { high = middle }
        }
        guard low < pieces.count else { return RunCut(cursor: head, delivered: count, rest: nil) }
        let begins = low == 0 ? 0 : pieces[low - 1].end
        guard written > begins else {
            return RunCut(
                cursor: low == 0 ? start : pieces[low - 1].offset,
                delivered: low,
                rest: nil
            )
        }
        let piece = pieces[low]
        return RunCut(
            cursor: piece.offset,
            delivered: low + 1,
            rest: LogSlice(
                segment: slices[piece.slice].segment,
                range: piece.range.lowerBound + written - begins..<piece.range.upperBound
            )
        )
    }

    /// What of it comes after `offset`.
    package func suffix(after offset: UInt64) -> LogRun {
        selecting(from: max(start, offset)) { pieces[$0].offset > offset }
    }

    /// What of it a filter accepts; a run without marks has nothing that a filter could accept.
    package func filtered(by filter: EventFilter) -> LogRun {
        selecting(from: start) { $0 < marks.count && filter.accepts(marks[$0]) }
    }

    /// The newest publication of each key.
    package func latest() -> LogRun {
        var seen: Set<UInt64> = []
        var isNewest = [Bool](repeating: false, count: pieces.count)
        for index in pieces.indices.reversed() {
            isNewest[index] = seen.insert(pieces[index].key).inserted
        }
        return selecting(from: start) { isNewest[$0] }
    }

    /// Its first publications, up to `byteLimit` bytes but at least one.
    package func prefix(byteLimit: Int) -> LogRun {
        guard byteCount > byteLimit else { return self }
        var kept = 0
        while kept < pieces.count, kept == 0 || pieces[kept].end <= byteLimit { kept += 1 }
        guard kept < pieces.count else { return self }
        var run = selecting(from: start) { $0 < kept }
        run.head = pieces[kept - 1].offset
        return run
    }

    /// The same publications with other bytes, which `replacement` has by offset; those that it has
    /// none for stay.
    func replacing(_ replacement: (_ offset: UInt64, _ bytes: LogSlice) -> LogSlice?) -> LogRun {
        var run = LogRun()
        run.begin(after: start)
        for index in pieces.indices {
            let own = slice(index)
            let bytes = replacement(pieces[index].offset, own) ?? own
            run.append(pieces[index], mark(index), bytes)
        }
        run.head = head
        return run
    }

    private func selecting(from start: UInt64, _ isSelected: (Int) -> Bool) -> LogRun {
        var run = LogRun()
        run.begin(after: start)
        for index in pieces.indices where isSelected(index) {
            run.append(pieces[index], mark(index), slice(index))
        }
        run.head = head
        return run
    }

    private mutating func append(_ piece: Piece, _ mark: EventMark?, _ bytes: LogSlice) {
        append(
            offset: piece.offset,
            key: piece.key,
            mark: mark,
            segment: bytes.segment,
            range: bytes.range
        )
    }

    private func slice(_ index: Int) -> LogSlice {
        LogSlice(segment: slices[pieces[index].slice].segment, range: pieces[index].range)
    }

    private func mark(_ index: Int) -> EventMark? {
        index < marks.count ? marks[index] : nil
    }
}

/// Where a write stands that was cut short.
package struct RunCut: Sendable {
    /// Offset of the last publication that went out whole, or whose rest is in `rest`.
    package var cursor: UInt64
    /// How many publications that are.
    package var delivered: Int
    /// What is left of the last of them; `nil` when the cut is between two.
    package var rest: LogSlice?
}
