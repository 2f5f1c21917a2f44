/// A publication that was appended, and what is to be done about it.
package struct Appended: Sendable {
    package var offset: UInt64
    /// A bit for each loop that must be told that the channel has something new.
    package var loopsToTell: UInt64
    /// The same of the feeds that follow the channel.
    package var feedsToTell: [Announcement] = []
}

/// A channel that has something new, and a bit for each loop that must be told.
package struct Announcement: Sendable {
    package var channel: Channel
    package var loops: UInt64
}
