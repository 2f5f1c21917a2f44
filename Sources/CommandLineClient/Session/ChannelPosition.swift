/// A place in a channel: the life of its numbering and the offset of the last publication seen.
struct ChannelPosition: Equatable, Sendable, CustomStringConvertible {
    var epoch: String
    var offset: Int

    init(epoch: String, offset: Int) {
        self.epoch = epoch
        self.offset = offset
    }

    /// `EPOCH:OFFSET`, the form in which it is given on the command line.
    var description: String { "\(epoch):\(offset)" }
}
