/// A place in a channel: the life of its numbering and the offset of its last publication.
package struct StreamPosition: Hashable, Sendable {
    /// Names the life of a numbering; offsets of different epochs do not compare.
    package var epoch: String
    /// Offset of the last publication; the first one has offset 1, an empty channel stands at 0.
    package var offset: UInt64

    /// A name for the life of a numbering that begins now: 64 random bits, so that two lives of one
    /// channel do not meet the same.
    package static func newEpoch() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36)
    }

    package init(epoch: String, offset: UInt64) {
        self.epoch = epoch
        self.offset = offset
    }
}
