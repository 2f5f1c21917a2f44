/// A place in a channel: the life of its numbering and the offset of its last publication.
package struct StreamPosition: Hashable, Sendable {
    /// Names the life of a numbering; offsets of different epochs do not compare.
    package var epoch: String
    /// Offset of the last publication; the first one has offset 1, an empty channel stands at 0.
    package var offset: UInt64

    package init(epoch: String, offset: UInt64) {
        self.epoch = epoch
        self.offset = offset
    }
}
