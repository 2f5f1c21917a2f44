/// Compressed forms of a channel's newest publications, made when they are first needed.
///
/// A form is a whole frame like the plain one, so what is owed to compressing subscribers is a
/// slice too. Publications older than what is kept here go out as they are, which every
/// subscriber can read.
struct CompressedTwin: ~Copyable {
    /// A publication further ahead than this of what is kept begins the twin anew.
    private static let maximumGap: UInt64 = 4_096

    private let byteLimit: Int
    /// By offset, from `firstOffset` on; `nil` for what nobody needed.
    private var entries: [LogSlice?] = []
    private var firstKept = 0
    private var firstOffset: UInt64 = 1
    private var bytes = 0
    private var segment: Segment?

    /// - Parameter byteLimit: Forget the oldest forms beyond so many bytes.
    init(byteLimit: Int) {
        self.byteLimit = byteLimit
    }

    /// The form of the publication with this offset, which `compress` makes from its plain frame.
    ///
    /// - Returns: `nil` when the publication is too old to be kept here.
    mutating func form(
        of offset: UInt64,
        _ plain: LogSlice,
        compress: (UnsafeRawBufferPointer, inout [UInt8]) -> Void
    ) -> LogSlice? {
        guard makeRoom(for: offset) else { return nil }
        let index = firstKept + Int(offset - firstOffset)
        if let known = entries[index] { return known }
        var frame: [UInt8] = []
        unsafe compress(plain.bytes, &frame)
        let form = store(frame)
        entries[index] = form
        bytes += form.range.count
        trim(keeping: index)
        return form
    }

    /// Forgets everything.
    mutating func removeAll() {
        firstOffset += UInt64(entries.count - firstKept)
        entries = []
        (firstKept, bytes) = (0, 0)
        segment = nil
    }

    private mutating func makeRoom(for offset: UInt64) -> Bool {
        let end = firstOffset + UInt64(entries.count - firstKept)
        if entries.count == firstKept || offset >= end + Self.maximumGap {
            guard offset >= firstOffset else { return false }
            entries.removeAll(keepingCapacity: true)
            (firstKept, firstOffset, bytes) = (0, offset, 0)
        }
        guard offset >= firstOffset else { return false }
        while firstOffset + UInt64(entries.count - firstKept) <= offset { entries.append(nil) }
        return true
    }

    private mutating func store(_ frame: [UInt8]) -> LogSlice {
        let target: Segment
        if let segment, segment.room >= frame.count {
            target = segment
        } else {
            let doubled = min((segment?.capacity ?? 256) * 2, 64 * 1024)
            target = Segment(capacity: max(doubled, frame.count))
            segment = target
        }
        let start = target.length
        let room = unsafe UnsafeMutableRawBufferPointer(
            start: target.base + start,
            count: target.room
        )
        unsafe room.copyBytes(from: frame)
        target.length += frame.count
        return LogSlice(segment: target, range: start..<start + frame.count)
    }

    /// Forgets the oldest beyond the limit, but nothing from `index` on; amortised O(1).
    private mutating func trim(keeping index: Int) {
        while bytes > byteLimit, firstKept < index {
            bytes -= entries[firstKept]?.range.count ?? 0
            entries[firstKept] = nil
            firstKept += 1
            firstOffset += 1
        }
        guard firstKept > 64, firstKept * 2 > entries.count else { return }
        entries.removeFirst(firstKept)
        firstKept = 0
    }
}
