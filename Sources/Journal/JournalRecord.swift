/// One line of the journal: an event of the runtime and its place in the order of all events.
package struct JournalRecord: Equatable, Sendable {
    /// Consecutive, from 1.
    package var sequence: UInt64
    /// When it happened, in milliseconds since 1970 UTC.
    package var time: Int64
    /// One JSON object, as compact UTF-8 without line breaks.
    package var body: [UInt8]

    package init(sequence: UInt64, time: Int64, body: [UInt8]) {
        self.sequence = sequence
        self.time = time
        self.body = body
    }
}
