import Synchronization

/// All channels of the hub by name, and the feeds of patterns; shared by all loops.
///
/// Which channels a feed follows is settled when either of them begins, so that publishing looks
/// for nothing. Locks are taken in the order registry, channel, feed.
package final class ChannelRegistry: Sendable {
    /// The most channels there may be.
    package let capacity: Int
    /// The most feeds there may be.
    package let feedCapacity: Int
    private let state = Mutex(State())

    private struct State {
        var channels: [String: Channel] = [:]
        /// Of names that patterns can match.
        var names = TokenTree<Channel>()
        /// Channels and feeds that keep their past for a time only.
        var aging: [ObjectIdentifier: Channel] = [:]
        var feeds: [String: Channel] = [:]
        var patterns = TokenTree<Channel>()
        /// When feeds lost their last subscriber.
        var idleSince: [String: UInt64] = [:]
        /// These feeds, each once, roughly the longest idle first.
        var idleOrder: [String] = []

        mutating func insert(_ channel: Channel) {
            channels[channel.name] = channel
            if channel.ages { aging[ObjectIdentifier(channel)] = channel }
            names.insert(channel, under: channel.name)
            patterns.forEachPattern(matching: channel.name) { channel.attach($0) }
        }

        mutating func remove(_ name: String) {
            if let channel = channels.removeValue(forKey: name) {
                aging[ObjectIdentifier(channel)] = nil
            }
            names.remove(name)
        }

        /// Drops the feeds that have been idle since `time`, the first of them at most `limit`.
        mutating func dropFeeds(idleSince time: UInt64, limit: Int) {
            var kept: [String] = []
            var dropped = 0
            var looked = 0
            for pattern in idleOrder {
                guard dropped < limit, let since = idleSince[pattern] else { break }
                looked += 1
                if since <= time {
                    idleSince[pattern] = nil
                    if drop(pattern) { dropped += 1 }
                } else {
                    // It was used again meanwhile; those behind it are not older than the first.
                    kept.append(pattern)
                    if looked > dropped + 64 { break }
                }
            }
            idleOrder.removeFirst(looked)
            idleOrder += kept
        }

        /// Drops a feed if it has no subscribers.
        private mutating func drop(_ pattern: String) -> Bool {
            guard let feed = feeds[pattern], feed.retireIfUnused() else { return false }
            feeds[pattern] = nil
            aging[ObjectIdentifier(feed)] = nil
            patterns.remove(pattern)
            names.forEachName(matching: pattern) { $0.detach(feed) }
            return true
        }
    }

    package init(capacity: Int, feedCapacity: Int = 100_000) {
        self.capacity = capacity
        self.feedCapacity = feedCapacity
    }

    /// The channel called `name`, or the feed of the pattern `name`.
    package subscript(name: String) -> Channel? {
        state.withLock { $0.channels[name] ?? $0.feeds[name] }
    }

    package var count: Int { state.withLock { $0.channels.count } }
    package var feedCount: Int { state.withLock { $0.feeds.count } }

    /// The channel called `name`, made by `make` when there is none.
    ///
    /// When the registry is full, a channel without subscribers that is not permanent gives way.
    ///
    /// - Returns: `nil` when the registry is full of channels that are in use.
    package func channel(_ name: String, orMake make: () -> Channel) -> Channel? {
        state.withLock { state in
            if let channel = state.channels[name] { return channel }
            if state.channels.count >= capacity {
                guard let unused = state.channels.first(where: { $0.value.retireIfUnused() })
                else { return nil }
                state.remove(unused.key)
            }
            let channel = make()
            state.insert(channel)
            return channel
        }
    }

    /// The feed of a pattern, made by `make` when there is none: a channel that gets what is
    /// published on all channels the pattern matches.
    ///
    /// O(channels that match) for a new one. When there are too many, the one gives way that lost
    /// its last subscriber first.
    ///
    /// - Returns: `nil` when there are as many as may be, all with subscribers.
    package func feed(_ pattern: String, orMake make: () -> Channel) -> Channel? {
        state.withLock { state in
            if let feed = state.feeds[pattern] { return feed }
            if state.feeds.count >= feedCapacity { state.dropFeeds(idleSince: .max, limit: 1) }
            guard state.feeds.count < feedCapacity else { return nil }
            let feed = make()
            state.feeds[pattern] = feed
            if feed.ages { state.aging[ObjectIdentifier(feed)] = feed }
            state.patterns.insert(feed, under: pattern)
            state.names.forEachName(matching: pattern) { $0.attach(feed) }
            return feed
        }
    }

    /// A feed has lost its last subscriber on some loop; the time is in milliseconds of a clock
    /// that never steps.
    package func noteUnused(_ feed: Channel, now: UInt64) {
        state.withLock { state in
            guard !feed.hasSubscribers, state.feeds[feed.name] === feed else { return }
            let known = state.idleSince.updateValue(now, forKey: feed.name)
            if known == nil { state.idleOrder.append(feed.name) }
        }
    }

    /// Drops feeds that have been without subscribers since `time`.
    package func dropFeeds(unusedSince time: UInt64) {
        state.withLock { state in
            guard !state.idleOrder.isEmpty else { return }
            state.dropFeeds(idleSince: time, limit: .max)
        }
    }

    /// Forgets what channels keep for a time only once that is over; to be called again and again.
    ///
    /// O(channels that do), with a short lock for each.
    ///
    /// - Parameter now: In milliseconds of a clock that never steps.
    package func expire(now: UInt64) {
        let aging = state.withLock { Array($0.aging.values) }
        for channel in aging { channel.expire(now: now) }
    }

    /// Has all channels give back memory when together they take more than `budget` bytes: of each
    /// the same share of its history, the oldest first.
    ///
    /// O(channels) when there is something to do; to be called again and again.
    ///
    /// - Returns: Whether there was too much.
    package func shed(to budget: Int) -> Bool {
        let allocated = Segment.allocatedBytes
        guard allocated > budget else { return false }
        // A little more than needed, so that it is not needed again at once.
        let share = 0.9 * Double(budget) / Double(allocated)
        let all = state.withLock { Array($0.channels.values) + Array($0.feeds.values) }
        for channel in all { channel.shed(share: share) }
        return true
    }

    /// Up to `limit` channels whose names begin with `prefix`, come after `name` and are wanted, by
    /// name.
    package func channels(
        prefix: String,
        after name: String?,
        limit: Int,
        where isWanted: (String) -> Bool = { _ in true }
    ) -> [Channel] {
        let matching = state.withLock { state in
            state.channels.values.filter { $0.name.hasPrefix(prefix) && $0.name > name ?? "" }
        }.filter { isWanted($0.name) }
        return Array(matching.sorted { $0.name < $1.name }.prefix(limit))
    }

    /// Drops the channel if it has no subscribers.
    package func dropIfUnused(_ name: String) {
        state.withLock { state in
            if state.channels[name]?.retireIfUnused() == true { state.remove(name) }
        }
    }
}
