/// Which part of the past a reader wants.
package enum HistoryRequest: Equatable, Sendable {
    case none
    case last(Int)
    case since(StreamPosition, limit: Int)
}

/// A part of a channel's past.
package struct History: Sendable {
    /// The entries' repeatable parts, oldest first.
    package var bodies: [LogSlice]
    /// The position of the last of them, or where the reader stands when there are none.
    package var position: StreamPosition
    /// Offset of the channel's newest publication.
    package var head: UInt64
    /// Offset of the oldest publication that is kept; one past `head` when none is.
    package var keptFrom: UInt64
    /// Whether nothing is missing between what was asked for and `position`.
    package var isRecovered: Bool
}
