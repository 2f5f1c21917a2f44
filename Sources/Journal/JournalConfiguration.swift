/// Sizes of the journal; bytes unless said otherwise.
package struct JournalConfiguration: Equatable, Sendable {
    /// A new segment begins when a batch would make the current one larger than this.
    package var segmentSize = 64 << 20
    /// How far ahead of the last record disk blocks are reserved.
    package var reservationStep = 4 << 20
    /// How many of the newest records stay on disk, whatever snapshots cover: the channels'
    /// history is read from them.
    package var retainedRecords: UInt64 = 20_000

    package init() {}
}
