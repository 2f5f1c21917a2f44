package import Journal

/// An event of the past in one channel.
package struct PastEvent: Equatable, Sendable {
    package var offset: UInt64
    /// The event object as it was published.
    package var json: [UInt8]
}

/// A part of a channel's past, read from disk.
package struct PastEvents: Equatable, Sendable {
    package var events: [PastEvent] = []
    /// The offset up to which the channel was read.
    package var reached: UInt64
    /// Whether nothing is missing between what was asked for and `reached`.
    package var isWhole: Bool

    package init(events: [PastEvent] = [], reached: UInt64, isWhole: Bool) {
        self.events = events
        self.reached = reached
        self.isWhole = isWhole
    }
}

/// The events of the runtime's channels on disk: those that memory holds no more.
///
/// To be used on a thread that may wait for the disk; any number may at a time.
package final class EventHistory: Sendable {
    let history: JournalHistory
    let journal: JournalWriter

    init(_ history: JournalHistory, _ journal: JournalWriter) {
        self.history = history
        self.journal = journal
    }

    /// Reads what `query` asks for, up to `scanLimit` bytes of the journal.
    ///
    /// `accepts` tells which events are wanted; `nil` for all. `scanned` gets the bytes that were
    /// read.
    ///
    /// - Throws: ``StateDirectoryError`` when something is damaged or cannot be read.
    package func read(
        _ query: HistoryQuery,
        scanLimit: Int,
        accepts: ((Event) -> Bool)? = nil,
        scanned: (Int) -> Void = { _ in }
    ) throws -> PastEvents {
        var problem: StateDecodingError?
        let page = try history.read(
            query,
            durableThrough: journal.metrics.durableSequence,
            scanLimit: scanLimit
        ) { record in
            guard let accepts else { return true }
            do throws(StateDecodingError) {
                return accepts(try LoggedEvent.decode(record).logged.event)
            } catch {
                problem = error
                return false
            }
        }
        scanned(page.scannedBytes)
        if let problem { throw problem }
        var past = PastEvents(
            reached: page.reached,
            isWhole: page.isWhole && !page.isExhausted
        )
        for (offset, record) in page.records {
            past.events.append(
                PastEvent(offset: offset, json: try LoggedEvent.eventJSON(of: record))
            )
        }
        return past
    }
}
