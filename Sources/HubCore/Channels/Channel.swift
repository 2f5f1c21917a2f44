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

    private struct State: ~Copyable {
        var log: ChannelLog
        /// A bit for each loop with subscribers.
        var interested: UInt64 = 0
        /// A bit for each loop that was told of publications it has not taken yet.
        var announced: UInt64 = 0
        /// A bit for each loop that has taken publications and is serving them.
        var serving: UInt64 = 0
        /// By loop, the head when it was told.
        ///
        /// What came since must not be forgotten while the loop has not served it.
        var needs: [UInt64] = []
        /// The lowest of these; all may be forgotten when there are none.
        var floor: UInt64 = .max
        var isRetired = false

        /// Notes that `loops` were told that something comes behind the head.
        mutating func announce(to loops: UInt64) {
            announced |= loops
            // Who is still serving needs what it was told of before, too.
            var rest = loops & ~serving
            while rest != 0 {
                let loop = rest.trailingZeroBitCount
                while needs.count <= loop { needs.append(0) }
                needs[loop] = log.lastOffset
                floor = min(floor, log.lastOffset)
                rest &= rest - 1
            }
        }

        mutating func updateFloor() {
            floor = .max
            var rest = announced | serving
            while rest != 0 {
                floor = min(floor, needs[rest.trailingZeroBitCount])
                rest &= rest - 1
            }
        }
    }

    /// A channel that stands at `position`: a new one at offset 0 of a new epoch.
    package init(
        name: String,
        position: StreamPosition,
        limits: HistoryLimits,
        isPermanent: Bool = false
    ) {
        self.name = name
        self.isPermanent = isPermanent
        epoch = position.epoch
        state = Mutex(State(log: ChannelLog(lastOffset: position.offset, limits: limits)))
    }

    package var position: StreamPosition {
        StreamPosition(epoch: epoch, offset: state.withLock { $0.log.lastOffset })
    }

    package var keptBytes: Int { state.withLock { $0.log.keptBytes } }
    package var hasSubscribers: Bool { state.withLock { $0.interested != 0 } }
    package var isRetired: Bool { state.withLock { $0.isRetired } }

    /// Appends a publication; see ``ChannelLog/append(keepingAfter:capacity:write:)``.
    ///
    /// - Returns: `nil` when the channel was dropped meanwhile, so that the caller looks it up anew.
    package func append(
        capacity: Int,
        write: (UInt64, UnsafeMutableRawBufferPointer) -> EntryLayout
    ) -> Appended? {
        state.withLock { state in
            if state.isRetired { return nil }
            let untold = state.interested & ~state.announced
            if untold != 0 { state.announce(to: untold) }
            let offset = unsafe state.log.append(
                keepingAfter: state.floor,
                capacity: capacity,
                write: write
            )
            return Appended(offset: offset, loopsToTell: untold)
        }
    }

    /// What lies between `offset` and the head, for a loop that was told of it.
    ///
    /// What is published from now on is announced to the loop again. What was taken is kept until
    /// ``finishServing(upTo:loop:)``.
    ///
    /// - Returns: The slices and the head they reach to; no slices when the log no longer reaches
    ///   back to `offset`.
    package func take(after offset: UInt64, loop: Int) -> (slices: [LogSlice]?, head: UInt64) {
        let bit: UInt64 = 1 << UInt64(loop)
        return state.withLock { state in
            // A loop that looks without having been told, for a new subscriber, is one that was.
            if state.announced & bit == 0 { state.announce(to: bit) }
            state.announced &= ~bit
            state.serving |= bit
            return (state.log.slices(after: offset), state.log.lastOffset)
        }
    }

    /// The loop has served what it took, up to `head`: it may be forgotten as far as the loop goes.
    package func finishServing(upTo head: UInt64, loop: Int) {
        let bit: UInt64 = 1 << UInt64(loop)
        state.withLock { state in
            guard state.serving & bit != 0 else { return }
            state.serving &= ~bit
            state.needs[loop] = head
            state.updateFloor()
        }
    }

    /// What lies between `offset` and the head; `nil` when the log no longer reaches back.
    package func slices(after offset: UInt64) -> (slices: [LogSlice], head: UInt64)? {
        state.withLock { state in
            state.log.slices(after: offset).map { ($0, state.log.lastOffset) }
        }
    }

    /// How far a cursor at `offset` is behind; `nil` when it has lost something.
    package func bytes(after offset: UInt64) -> Int? {
        state.withLock { $0.log.bytes(after: offset) }
    }

    package func entry(holding position: Int, after offset: UInt64) -> CutEntry? {
        state.withLock { $0.log.entry(holding: position, after: offset) }
    }

    /// The past of the channel as a reader asked for it.
    package func history(_ request: HistoryRequest, byteLimit: Int) -> History {
        state.withLock { state in
            let head = state.log.lastOffset
            let oldest = state.log.firstOffset - 1
            let start: UInt64
            var isRecovered = true
            let count: Int
            switch request {
            case .none:
                (start, count) = (head, 0)
            case .last(let wanted):
                (start, count) = (max(oldest, head - min(head, UInt64(clamping: wanted))), wanted)
            case .since(let position, let limit):
                isRecovered =
                    position.epoch == epoch
                    && (oldest...head).contains(position.offset)
                (start, count) = (isRecovered ? position.offset : head, limit)
            }
            let bodies = state.log.bodies(after: start, count: count, byteLimit: byteLimit)
            return History(
                bodies: bodies,
                position: StreamPosition(epoch: epoch, offset: start + UInt64(bodies.count)),
                head: head,
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
            state.announced &= ~bit
            state.serving &= ~bit
            state.updateFloor()
        }
    }

    /// Drops the channel if nobody is subscribed; from then on nothing can be appended.
    func retireIfUnused() -> Bool {
        guard !isPermanent else { return false }
        return state.withLock { state in
            guard state.interested == 0 else { return false }
            state.isRetired = true
            return true
        }
    }
}

/// A publication that was appended, and what is to be done about it.
package struct Appended: Equatable, Sendable {
    package var offset: UInt64
    /// A bit for each loop that must be told that the channel has something new.
    package var loopsToTell: UInt64
}

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
    /// Whether nothing is missing between what was asked for and `position`.
    package var isRecovered: Bool
}
