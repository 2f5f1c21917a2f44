/// Knows which publications of a channel are too old to be kept, without a time for each.
///
/// Now and then it notes where the head stands: what lies before that point has been there since
/// then at least. It notes at most ``maximumMarks`` times while a publication lives, so that one is
/// kept for that much longer at most, and for a tick of whoever asks.
struct HistoryAge {
    static let maximumMarks: UInt64 = 64

    private struct Mark {
        var at: UInt64
        var head: UInt64
    }

    private let milliseconds: UInt64
    /// The oldest first.
    private var marks: [Mark] = []

    /// - Parameter milliseconds: How long a publication is kept; not 0.
    init(milliseconds: UInt64) {
        self.milliseconds = milliseconds
    }

    /// Notes where the head stands.
    ///
    /// - Parameters:
    ///   - head: Offset of the newest publication.
    ///   - now: In milliseconds of a clock that never steps.
    /// - Returns: The offset up to which all is too old; `nil` when nothing is.
    mutating func advance(head: UInt64, now: UInt64) -> UInt64? {
        if let last = marks.last {
            let isTime = now - min(now, last.at) >= milliseconds / Self.maximumMarks
            if last.head != head, isTime { marks.append(Mark(at: now, head: head)) }
        } else if head > 0 {
            marks.append(Mark(at: now, head: head))
        }
        guard let expired = marks.lastIndex(where: { now - min(now, $0.at) >= milliseconds })
        else { return nil }
        // It stays, to tell whether the head is still the same.
        marks.removeFirst(expired)
        return marks[0].head
    }
}
