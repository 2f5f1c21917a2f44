import Synchronization

/// One channel of the hub, shared by all loops.
///
/// Publishers append behind a short lock; loops take slices behind the same lock, once per tick
/// and not once per subscriber, and write them without it.
package final class Channel: Sendable {
    package let name: String
    /// Names the life of its numbering.
    package let epoch: String
    /// Stays although nobody is subscribed.
    package let isPermanent: Bool
    private let state: Mutex<State>
    private let twin: Mutex<CompressedTwin>
    /// Of a feed: makes its publications from those of the channels it follows.
    private let transcriber: (any Transcriber)?
    /// Keeps the keys of different channels apart in a feed.
    private let keySalt: UInt64
    /// Whether what it keeps can become too old.
    let ages: Bool

    private struct State: ~Copyable {
        var log: ChannelLog
        /// Of a channel that keeps its past for a time only.
        var age: HistoryAge?
        /// A bit for each loop with subscribers.
        var interested: UInt64 = 0
        /// A bit for each loop that was told of publications it has not taken yet.
        var announced: UInt64 = 0
        /// By loop, the head when it was told.
        ///
        /// What came since must not be forgotten while the loop has not taken it.
        var needs: [UInt64] = []
        /// The lowest of these; all may be forgotten when there are none.
        var floor: UInt64 = .max
        var isRetired = false
        /// How often it is held by somebody who needs it to stay.
        var holds = 0
        /// Feeds that get everything that is published here.
        var feeds: [Channel] = []

        /// Notes that all loops with subscribers are told that something comes behind the head.
        ///
        /// - Returns: A bit for each loop that has to be told.
        mutating func announce(to loops: UInt64) -> UInt64 {
            let untold = loops & ~announced
            guard untold != 0 else { return 0 }
            announced |= untold
            var rest = untold
            while rest != 0 {
                let loop = rest.trailingZeroBitCount
                while needs.count <= loop { needs.append(0) }
                needs[loop] = log.lastOffset
                floor = min(floor, log.lastOffset)
                rest &= rest - 1
            }
            return untold
        }

        /// Notes that these loops have taken what they were told of, or want no more.
        mutating func withdraw(_ loops: UInt64) {
            guard announced & loops != 0 else { return }
            announced &= ~loops
            floor = .max
            var rest = announced
            while rest != 0 {
                floor = min(floor, needs[rest.trailingZeroBitCount])
                rest &= rest - 1
            }
        }
    }

    /// A channel that stands at `position`: a new one at offset 0 of a new epoch.
    ///
    /// - Parameters:
    ///   - name: Of a feed, its pattern.
    ///   - position: Where it stands.
    ///   - limits: How much of its past it keeps.
    ///   - isPermanent: Whether it stays although nobody is subscribed.
    ///   - carriesEvents: Whether its publications can be filtered.
    ///   - transcriber: Of a feed.
    package init(
        name: String,
        position: StreamPosition,
        limits: HistoryLimits,
        isPermanent: Bool = false,
        carriesEvents: Bool = false,
        transcriber: (any Transcriber)? = nil
    ) {
        self.name = name
        self.isPermanent = isPermanent
        self.transcriber = transcriber
        epoch = position.epoch
        keySalt = MarkHash.of(name)
        let log = ChannelLog(
            lastOffset: position.offset,
            limits: limits,
            carriesEvents: carriesEvents
        )
        ages = limits.milliseconds > 0
        let age = ages ? HistoryAge(milliseconds: limits.milliseconds) : nil
        state = Mutex(State(log: log, age: age))
        twin = Mutex(CompressedTwin(byteLimit: min(limits.bytes / 4, 256 << 10)))
    }

    package var position: StreamPosition {
        StreamPosition(epoch: epoch, offset: state.withLock { $0.log.lastOffset })
    }

    package var keptBytes: Int { state.withLock { $0.log.keptBytes } }
    package var hasSubscribers: Bool { state.withLock { $0.interested != 0 } }
    package var isRetired: Bool { state.withLock { $0.isRetired } }

    /// Appends a publication; see ``ChannelLog/append(keepingAfter:capacity:mark:write:)``.
    ///
    /// - Returns: `nil` when the channel was dropped meanwhile, so that the caller looks it up anew.
    package func append(
        capacity: Int,
        mark: EntryMark = EntryMark(),
        write: (UInt64, UnsafeMutableRawBufferPointer) -> EntryLayout
    ) -> Appended? {
        state.withLock { state in
            if state.isRetired { return nil }
            let untold = state.announce(to: state.interested)
            let (offset, body) = unsafe state.log.append(
                keepingAfter: state.floor,
                capacity: capacity,
                mark: mark,
                write: write
            )
            var appended = Appended(offset: offset, loopsToTell: untold)
            if !state.feeds.isEmpty {
                // A key means something in its channel only.
                let mark = EntryMark(key: mark.key ^ keySalt, event: mark.event)
                for feed in state.feeds { feed.transcribe(body, mark, &appended) }
            }
            return appended
        }
    }

    /// Takes over a publication of a channel that this feed follows, whose lock is held.
    private func transcribe(_ body: LogSlice, _ mark: EntryMark, _ appended: inout Appended) {
        guard let transcriber else { return }
        let bytes = unsafe body.bytes
        let copied = unsafe append(
            capacity: transcriber.capacity(for: bytes.count),
            mark: mark
        ) { offset, target in
            unsafe transcriber.write(offset: offset, body: bytes, to: target)
        }
        guard let copied, copied.loopsToTell != 0 else { return }
        appended.feedsToTell.append(Announcement(channel: self, loops: copied.loopsToTell))
    }

    /// Has a feed get everything that is published from now on.
    func attach(_ feed: Channel) {
        state.withLock { state in
            if !state.feeds.contains(where: { $0 === feed }) { state.feeds.append(feed) }
        }
    }

    func detach(_ feed: Channel) {
        state.withLock { state in state.feeds.removeAll { $0 === feed } }
    }

    /// Fills `run` with what lies between `offset` and the head, for a loop that was told of it.
    ///
    /// What is published from now on is announced to the loop again.
    ///
    /// - Returns: `false` when the log no longer reaches back to `offset`.
    package func take(after offset: UInt64, loop: Int, into run: inout LogRun) -> Bool {
        state.withLock { state in
            state.withdraw(1 << UInt64(loop))
            return state.log.read(after: offset, into: &run)
        }
    }

    /// Fills `run` with what comes after `offset`, up to `byteLimit` bytes but at least one
    /// publication.
    ///
    /// - Returns: `false` when the log no longer reaches back to `offset`.
    package func read(
        after offset: UInt64,
        into run: inout LogRun,
        byteLimit: Int = .max
    ) -> Bool {
        state.withLock { $0.log.read(after: offset, into: &run, byteLimit: byteLimit) }
    }

    /// Fills `run` with all that is kept of what comes after `offset`.
    package func readKept(after offset: UInt64, into run: inout LogRun) {
        state.withLock { state in
            _ = state.log.read(after: max(offset, state.log.firstOffset - 1), into: &run)
        }
    }

    /// The same publications in their compressed forms, as far as they are not too old for that.
    ///
    /// Loops that need the same forms wait for each other, so that each is made once.
    ///
    /// - Parameters:
    ///   - run: What is to be sent.
    ///   - compress: Appends to its second argument the frame that stands for the first.
    /// - Returns: A run of as many publications.
    package func compressed(
        _ run: LogRun,
        compress: (UnsafeRawBufferPointer, inout [UInt8]) -> Void
    ) -> LogRun {
        twin.withLock { twin in
            run.replacing { offset, plain in
                unsafe twin.form(of: offset, plain, compress: compress)
            }
        }
    }

    /// Gives back memory: the oldest history beyond a share of what is kept, and compressed forms.
    ///
    /// What loops were told of and have not taken stays.
    func shed(share: Double) {
        state.withLock { state in state.log.shed(keepingAfter: state.floor, share: share) }
        twin.withLock { $0.removeAll() }
    }

    /// Forgets what is too old, but nothing that loops were told of and have not taken.
    func expire(now: UInt64) {
        state.withLock { state in
            guard let offset = state.age?.advance(head: state.log.lastOffset, now: now) else {
                return
            }
            state.log.forget(upTo: min(offset, state.floor))
        }
    }

    /// How far a cursor at `offset` is behind; `nil` when it has lost something.
    package func bytes(after offset: UInt64) -> Int? {
        state.withLock { $0.log.bytes(after: offset) }
    }

    /// The past of the channel as a reader asked for it.
    ///
    /// - Parameters:
    ///   - request: Which part.
    ///   - byteLimit: The most bytes to answer, but at least one publication.
    ///   - filter: Which publications to answer; `nil` for all.
    ///   - limit: Offset after which nothing is answered.
    /// - Returns: What is kept of that part.
    package func history(
        _ request: HistoryRequest,
        byteLimit: Int,
        filter: EventFilter? = nil,
        upTo limit: UInt64 = .max
    ) -> History {
        state.withLock { state in
            let head = min(state.log.lastOffset, limit)
            let start: UInt64
            var isRecovered = true
            let count: Int
            switch request {
            case .none:
                (start, count) = (head, 0)
            case .last(let wanted):
                start = state.log.offset(beforeLast: wanted, upTo: head, filter: filter)
                count = wanted
            case .since(let position, let limit):
                isRecovered =
                    position.epoch == epoch && position.offset <= head
                    && position.offset >= state.log.firstOffset - 1
                (start, count) = (isRecovered ? position.offset : head, limit)
            }
            let (bodies, reached) = state.log.bodies(
                after: start,
                upTo: head,
                count: count,
                byteLimit: byteLimit,
                filter: filter
            )
            return History(
                bodies: bodies,
                position: StreamPosition(epoch: epoch, offset: reached),
                head: state.log.lastOffset,
                keptFrom: state.log.firstOffset,
                isRecovered: isRecovered
            )
        }
    }

    /// Has publications announced to `loop`, which has a subscriber now.
    ///
    /// - Returns: `false` when the channel was dropped meanwhile, so that the caller looks it up
    ///   anew.
    package func beginInterest(loop: Int) -> Bool {
        state.withLock { state in
            guard !state.isRetired else { return false }
            state.interested |= 1 << UInt64(loop)
            return true
        }
    }

    /// Has nothing more announced to `loop`, whose last subscriber is gone.
    package func endInterest(loop: Int) {
        let bit: UInt64 = 1 << UInt64(loop)
        state.withLock { state in
            state.interested &= ~bit
            state.withdraw(bit)
        }
    }

    /// Has the channel stay, until it is released as often.
    ///
    /// - Returns: `false` when it was dropped meanwhile, so that the caller looks it up anew.
    package func hold() -> Bool {
        state.withLock { state in
            guard !state.isRetired else { return false }
            state.holds += 1
            return true
        }
    }

    package func release() {
        state.withLock { $0.holds -= 1 }
    }

    /// Drops the channel if nobody is subscribed or holds it; from then on nothing can be appended.
    func retireIfUnused() -> Bool {
        guard !isPermanent else { return false }
        return state.withLock { state in
            guard state.interested == 0, state.holds == 0 else { return false }
            state.isRetired = true
            return true
        }
    }
}
