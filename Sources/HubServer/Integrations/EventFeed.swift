import AgentRuntime
import Dispatch
import HubCore
import JSONRPC
import Journal
import Synchronization

/// An event as webhooks are sent it.
struct FeedEvent: Sendable {
    var id: String
    var sequence: UInt64
    var type: String
    var channel: String
    var offset: UInt64
    var json: [UInt8]
}

/// The published events of the runtime in their order, from any position on: the newest from
/// memory, the others from disk.
///
/// Memory holds nothing while nobody follows.
final class EventFeed: EventObserver {
    /// Of what is in memory.
    fileprivate static let mostEvents = 2_048
    fileprivate static let mostBytes = 8 << 20
    /// Of one page.
    fileprivate static let pageEvents = 256
    fileprivate static let pageBytes = 4 << 20

    fileprivate struct State {
        var recent: [FeedEvent] = []
        var bytes = 0
        /// Everything after this event is in `recent`.
        var recentAfter: UInt64
        var head: FeedPosition
        var followers: [String: @Sendable () -> Void] = [:]
    }

    private let state: Mutex<State>
    private let history: EventHistory
    private let scanLimit: Int
    private let queue = DispatchQueue(label: "omnihub.integrations.history")

    /// - Parameters:
    ///   - head: The newest event there is.
    ///   - history: What is on disk.
    ///   - scanLimit: How much of it one page may look at.
    init(head: FeedPosition, history: EventHistory, scanLimit: Int) {
        state = Mutex(State(recentAfter: head.sequence, head: head))
        self.history = history
        self.scanLimit = scanLimit
    }

    /// Has `wake` called when there is something new, until ``unfollow(_:)``.
    func follow(_ id: String, wake: @escaping @Sendable () -> Void) {
        state.withLock { $0.followers[id] = wake }
    }

    func unfollow(_ id: String) {
        state.withLock { state in
            state.followers[id] = nil
            guard state.followers.isEmpty else { return }
            state.recent = []
            state.bytes = 0
            state.recentAfter = state.head.sequence
        }
    }

    func observe(_ events: [RecordedEvent]) {
        let wakes = state.withLock { state in
            var isNew = false
            for event in events {
                guard let place = event.positions.first,
                    FeedPosition.channels.contains(place.channel)
                else { continue }
                state.head.sequence = event.event.sequence
                state.head.offsets[place.channel] = place.offset
                guard !state.followers.isEmpty else {
                    state.recentAfter = event.event.sequence
                    continue
                }
                isNew = true
                state.add(FeedEvent(event, place))
            }
            return isNew ? Array(state.followers.values) : []
        }
        for wake in wakes { wake() }
    }

    /// What follows a position.
    ///
    /// - Returns: Events in their order, where they end, and whether nothing between is missing; no
    ///   events when there is nothing new.
    /// - Throws: When the disk cannot be read.
    func page(
        after position: FeedPosition
    ) async throws -> (events: [FeedEvent], end: FeedPosition, isWhole: Bool) {
        let (found, head) = state.withLock { ($0.page(after: position), $0.head) }
        if let found { return (found.events, found.end, true) }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                continuation.resume(with: Result { try read(after: position, through: head) })
            }
        }
    }

    /// One event, from disk; `nil` when it is gone.
    func event(_ letter: DeadLetter) async throws -> FeedEvent? {
        var query = HistoryQuery(
            channel: letter.channel,
            after: letter.offset - 1,
            through: letter.offset,
            count: 1,
            byteLimit: 1
        )
        query.mayBeginLater = true
        let asked = query
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                continuation.resume(
                    with: Result {
                        try history.read(asked, scanLimit: scanLimit).events.first
                            .flatMap { FeedEvent($0, in: letter.channel) }
                    }
                )
            }
        }
    }

    /// Merges what the channels have.
    private func read(
        after position: FeedPosition,
        through head: FeedPosition
    ) throws -> (events: [FeedEvent], end: FeedPosition, isWhole: Bool) {
        var events: [FeedEvent] = []
        var end = position
        var isWhole = true
        // A channel that was not read to its head says nothing of what comes after its last event.
        var bound = head.sequence
        for channel in FeedPosition.channels {
            let after = position.offsets[channel] ?? 0
            let through = head.offsets[channel] ?? 0
            guard through > after else { continue }
            var query = HistoryQuery(
                channel: channel,
                after: after,
                through: through,
                count: Self.pageEvents,
                byteLimit: Self.pageBytes
            )
            query.mayBeginLater = true
            let past = try history.read(query, scanLimit: scanLimit)
            let found = past.events.compactMap { FeedEvent($0, in: channel) }
            events += found
            if let first = past.events.first, first.offset > after + 1 { isWhole = false }
            if past.reached < through {
                if let last = found.last {
                    bound = min(bound, last.sequence)
                } else {
                    // Nothing of what was asked for is there any more: it is passed over.
                    isWhole = false
                    end.offsets[channel] = max(past.reached, after)
                    bound = position.sequence
                }
            } else if found.isEmpty {
                if through > after { isWhole = false }
                end.offsets[channel] = through
            }
        }
        events = events.filter { $0.sequence <= bound }.sorted { $0.sequence < $1.sequence }
        for event in events { end.offsets[event.channel] = event.offset }
        // A dead letter says where it is in its own channel only.
        events.removeAll { $0.sequence <= position.sequence }
        end.sequence = max(position.sequence, bound)
        return (events, end, isWhole)
    }
}

extension EventFeed.State {
    fileprivate mutating func add(_ event: FeedEvent) {
        recent.append(event)
        bytes += event.json.count
        guard recent.count > EventFeed.mostEvents || bytes > EventFeed.mostBytes else { return }
        // Half at a time, so that removing costs little for each.
        let count = max(1, recent.count / 2)
        recentAfter = recent[count - 1].sequence
        bytes -= recent.prefix(count).reduce(0) { $0 + $1.json.count }
        recent.removeFirst(count)
    }

    /// `nil` when memory does not reach back to `position`.
    fileprivate func page(
        after position: FeedPosition
    ) -> (events: [FeedEvent], end: FeedPosition)? {
        guard position.sequence >= recentAfter else { return nil }
        let first = recent.firstIndex { $0.sequence > position.sequence } ?? recent.endIndex
        let events = Array(recent[first...].prefix(EventFeed.pageEvents))
        var end = position
        for event in events { end.offsets[event.channel] = event.offset }
        if first + events.count == recent.endIndex { end = head }
        end.sequence = max(position.sequence, events.last?.sequence ?? end.sequence)
        return (events, end)
    }
}

extension FeedEvent {
    fileprivate init(_ event: RecordedEvent, _ place: RecordedEvent.Place) {
        id = event.event.id
        sequence = event.event.sequence
        type = event.event.type.rawValue
        channel = place.channel
        offset = place.offset
        json = event.json
    }

    /// `nil` for what is no event of ours.
    fileprivate init?(_ event: PastEvent, in channel: String) {
        guard let value = try? JSONValue(parsing: event.json),
            let id = value["id"]?.stringValue, let type = value["type"]?.stringValue,
            let sequence = value["seq"]?.intValue, sequence > 0
        else { return nil }
        self.id = id
        self.sequence = UInt64(sequence)
        self.type = type
        self.channel = channel
        offset = event.offset
        json = event.json
    }
}
