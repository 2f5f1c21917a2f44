import HubCore
import Transport

// Keeps the two lists that belong together: a session's subscriptions and a channel's
// subscribers, each with the index of the other's entry.
extension HubLoop {
    /// Whether the session is subscribed or about to be.
    func isSubscribed(_ id: ConnectionID, to channel: String) -> Bool {
        guard let session = session(of: id) else { return false }
        return session.pendingSubscriptions.contains(channel)
            || subscription(of: session, to: channel) != nil
    }

    func subscription(of session: Session, to channel: String) -> Int? {
        session.subscriptions.firstIndex { channels[$0.channel]?.channel.name == channel }
    }

    /// Adds a subscriber that has everything up to the offset that `readPast` returns.
    ///
    /// The past is read once the channel keeps for this loop what is published from now on: else
    /// a channel with little history could forget what comes in between.
    ///
    /// - Returns: `false` when the channel was dropped meanwhile.
    mutating func addSubscriber(
        _ id: ConnectionID,
        to channel: Channel,
        readPast: () -> UInt64
    ) -> Bool {
        let slot = Int(id.slot)
        guard sessions[slot] != nil, channel.beginInterest(loop: index) else { return false }
        let cursor = readPast()
        let position = channels.index(of: channel) ?? channels.insert(channel)
        let count = channels[position]?.subscribers.count ?? 0
        let subscription = sessions[slot]?.subscriptions.count ?? 0
        channels[position]?.subscribers.append(
            Subscriber(
                connection: id,
                cursor: cursor,
                joinedAt: channel.position.offset,
                subscription: subscription
            )
        )
        sessions[slot]?.subscriptions.append(
            Session.Subscription(channel: position, index: count)
        )
        subscriptionCount += 1
        // What is behind the cursor already follows when the tick ends, after the answer.
        markDirty(position)
        return true
    }

    /// Takes a session out of the channel of its subscription `position`.
    mutating func removeSubscription(_ position: Int, of id: ConnectionID) {
        let slot = Int(id.slot)
        guard let removed = sessions[slot]?.subscriptions[position] else { return }
        subscriptionCount -= 1
        removeSubscriber(removed)
        guard let last = sessions[slot]?.subscriptions.popLast() else { return }
        if position < sessions[slot]?.subscriptions.count ?? 0 {
            sessions[slot]?.subscriptions[position] = last
            channels[last.channel]?.subscribers[last.index].subscription = position
        }
    }

    /// Takes an entry out of a channel's list; the last one takes its place.
    private mutating func removeSubscriber(_ subscription: Session.Subscription) {
        guard let last = channels[subscription.channel]?.subscribers.popLast() else { return }
        let count = channels[subscription.channel]?.subscribers.count ?? 0
        if subscription.index < count {
            channels[subscription.channel]?.subscribers[subscription.index] = last
            sessions[Int(last.connection.slot)]?.subscriptions[last.subscription].index =
                subscription.index
        }
        guard count == 0, let channel = channels[subscription.channel]?.channel else { return }
        channel.endInterest(loop: index)
        channels.remove(subscription.channel)
        if case .task = ChannelKind(channel.name) { context.registry.dropIfUnused(channel.name) }
    }

    /// Forgets a session and all its subscriptions.
    mutating func removeSession(_ id: ConnectionID) {
        guard let session = session(of: id) else { return }
        for position in session.subscriptions.indices.reversed() {
            removeSubscription(position, of: id)
        }
        if let share = session.userShare { userShares.leave(share) }
        sessions[Int(id.slot)] = nil
        sessionCount -= 1
    }

    func session(of id: ConnectionID) -> Session? {
        guard Int(id.slot) < sessions.count, let session = sessions[Int(id.slot)],
            session.connection == id
        else { return nil }
        return session
    }
}
