import AgentRuntime
import HubCore
import Synchronization

/// Publishes what the runtime's bus carries on the runtime's channels.
///
/// The bus has one publisher, so the lock is never contended but by subscribers who ask for the
/// channel of a task.
final class ChannelObserver: EventObserver {
    let registry: ChannelRegistry
    private let limits: HistoryLimits
    private let tell: @Sendable (Channel, _ loops: UInt64) -> Void
    private let state: Mutex<State>

    fileprivate struct State {
        var recent: RecentEvents
        /// The batch that was published last.
        var newest: [RecordedEvent] = []
        var epoch = ""
        /// By channel; of channels that exist.
        var encoders: [String: PublicationEncoder] = [:]
    }

    /// - Parameters:
    ///   - registry: Holds the channels.
    ///   - limits: How much of its past each of the runtime's channels keeps.
    ///   - tell: Tells loops, a bit for each, that a channel has something new.
    init(
        registry: ChannelRegistry,
        limits: HistoryLimits,
        tell: @escaping @Sendable (Channel, _ loops: UInt64) -> Void
    ) {
        self.registry = registry
        self.limits = limits
        self.tell = tell
        state = Mutex(State(recent: RecentEvents(capacity: limits.count)))
    }

    /// Makes the channels that are always there, where the runtime's state says they stand.
    ///
    /// - Parameters:
    ///   - positions: Offset of the last publication by channel.
    ///   - epoch: Of all channels of the runtime.
    ///   - history: Past events, oldest first, none after `positions`.
    func open(positions: [String: UInt64], epoch: String, history: [RecordedEvent]) {
        state.withLock { state in
            state.epoch = epoch
            var first: [String: UInt64] = [:]
            for event in history {
                for place in event.positions where positions[place.channel] != nil {
                    if first[place.channel] == nil { first[place.channel] = place.offset }
                }
            }
            for (name, offset) in positions {
                let start = first[name].map { $0 - 1 } ?? offset
                let position = StreamPosition(epoch: epoch, offset: start)
                _ = registry.channel(name) {
                    Channel(
                        name: name,
                        position: position,
                        limits: limits,
                        isPermanent: true,
                        carriesEvents: true
                    )
                }
            }
            // Channels of clients are filled from the state.
            for event in history where event.event.change.clientChannel == nil {
                publish(event, &state)
            }
        }
    }

    func observe(_ events: [RecordedEvent]) {
        state.withLock { state in
            for event in events { publish(event, &state) }
            state.newest = events
        }
    }

    /// Makes the channel of one task, with what is kept of its past.
    ///
    /// It stood at `offset` when the caller's answer was decided, since when only events of the batch
    /// that was published last can have come.
    ///
    /// - Returns: `nil` when there is no room for another channel.
    func open(task channel: String, at offset: UInt64) -> Channel? {
        state.withLock { state in
            if let existing = registry[channel] { return existing }
            let past = state.recent.events(of: channel)
            let start =
                past.first.map { $0.offset - 1 } ?? state.offset(of: channel) ?? offset
            let position = StreamPosition(epoch: state.epoch, offset: start)
            let made = registry.channel(channel) {
                Channel(name: channel, position: position, limits: limits, carriesEvents: true)
            }
            guard let made else { return nil }
            let encoder = PublicationEncoder(channel: channel)
            for entry in past {
                append(entry.event, EntryMark(entry.event.event), to: made, encoder)
            }
            return made
        }
    }

    private func publish(_ event: RecordedEvent, _ state: inout State) {
        if case .channelPublished(let publication) = event.event.change {
            publish(publication, encoder(of: publication.channel, &state))
            return
        }
        state.recent.append(event)
        let mark = EntryMark(event.event)
        for place in event.positions {
            guard let channel = registry[place.channel] ?? open(place, of: event, state) else {
                state.encoders[place.channel] = nil
                continue
            }
            append(event, mark, to: channel, encoder(of: place.channel, &state))
        }
    }

    private func encoder(of channel: String, _ state: inout State) -> PublicationEncoder {
        if let known = state.encoders[channel] { return known }
        let encoder = PublicationEncoder(channel: channel)
        state.encoders[channel] = encoder
        return encoder
    }

    /// Makes the channel of an agent that has just become known.
    private func open(
        _ place: RecordedEvent.Place,
        of event: RecordedEvent,
        _ state: borrowing State
    ) -> Channel? {
        switch event.event.change {
        case .agentInitialized, .agentProvided: break
        default: return nil
        }
        guard place.channel == "agents.\(event.event.agentID)" else { return nil }
        let position = StreamPosition(epoch: state.epoch, offset: place.offset - 1)
        return registry.channel(place.channel) {
            Channel(
                name: place.channel,
                position: position,
                limits: limits,
                isPermanent: true,
                carriesEvents: true
            )
        }
    }

    private func append(
        _ event: RecordedEvent,
        _ mark: EntryMark,
        to channel: Channel,
        _ encoder: PublicationEncoder
    ) {
        let name: StaticString = ",\"event\":"
        let capacity = encoder.capacity(for: name.utf8CodeUnitCount + event.json.count)
        let appended = event.json.withUnsafeBytes { json in
            channel.append(capacity: capacity, mark: mark) { offset, target in
                encoder.write(offset: offset, (name, json), to: target)
            }
        }
        guard let appended else { return }
        announce(appended, of: channel)
    }

    func announce(_ appended: Appended, of channel: Channel) {
        if appended.loopsToTell != 0 { tell(channel, appended.loopsToTell) }
        for feed in appended.feedsToTell { tell(feed.channel, feed.loops) }
    }
}

extension ChannelObserver.State {
    /// Where the last batch has left a channel that it says something of.
    fileprivate func offset(of channel: String) -> UInt64? {
        for event in newest.reversed() {
            for place in event.positions where place.channel == channel { return place.offset }
        }
        return nil
    }
}
