import AgentRuntime
import HubCore
import Identity
import JSONRPC
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
        session.subscriptions.firstIndex { channels[Int($0.channel)]?.channel.name == channel }
    }

    /// Adds a subscriber that has everything up to the offset that `readPast` returns.
    ///
    /// The past is read once the channel keeps for this loop what is published from now on: else
    /// a channel with little history could forget what comes in between.
    ///
    /// - Throws: BUSY when the channel was dropped meanwhile, or has too many different filters.
    mutating func addSubscriber(
        _ id: ConnectionID,
        to channel: Channel,
        _ request: SubscribeRequest,
        readPast: () -> UInt64
    ) throws(RPCError) {
        let slot = Int(id.slot)
        // What the session may do can have changed while the runtime or the disk was asked.
        guard mayRead(channel.name, id) else {
            throw .notFound("channel '\(request.channel)' does not exist")
        }
        guard sessions[slot] != nil, channel.beginInterest(loop: index) else {
            throw .busy("channel '\(request.channel)' is being dropped; try again")
        }
        let joinedAt = channel.position.offset
        let position = channels.index(of: channel) ?? channels.insert(channel, flushed: joinedAt)
        let view = SubscriptionView(
            isCompressed: transport.sharesCompression(id),
            filter: visible(request.filter, of: channel.name, id)
        )
        guard let viewSlot = channels[position]?.views.enter(view) else {
            dropIfUnused(position)
            throw .busy("'\(request.channel)' has too many subscriptions with different filters")
        }
        let cursor = readPast()
        let count = channels[position]?.subscribers.count ?? 0
        let subscription = sessions[slot]?.subscriptions.count ?? 0
        channels[position]?.subscribers.append(
            Subscriber(
                connection: id,
                cursor: cursor,
                joinedAt: joinedAt,
                subscription: UInt32(subscription),
                view: viewSlot,
                keepsLatest: request.keepsLatest,
                watchesPresence: request.presence != nil
            )
        )
        sessions[slot]?.subscriptions.append(
            Session.Subscription(channel: UInt32(position), index: UInt32(count))
        )
        subscriptionCount += 1
        do throws(RPCError) {
            try join(id, request)
        } catch {
            removeSubscription(subscription, of: id, isLost: false, isMember: false)
            throw error
        }
        // What is behind the cursor already follows when the tick ends, after the answer.
        markDirty(position)
    }

    /// Takes a session out of the channel of its subscription `position`.
    ///
    /// - Parameters:
    ///   - position: In the session's list.
    ///   - id: The session's connection.
    ///   - isLost: The session is gone, and its member may come back in another.
    ///   - isMember: Whether it is listed there.
    mutating func removeSubscription(
        _ position: Int,
        of id: ConnectionID,
        isLost: Bool,
        isMember: Bool = true
    ) {
        let slot = Int(id.slot)
        guard let session = sessions[slot] else { return }
        let removed = session.subscriptions[position]
        subscriptionCount -= 1
        if isMember, let entry = channels[Int(removed.channel)] {
            let watched = entry.subscribers[Int(removed.index)].watchesPresence
            leave(session, entry.channel, watched: watched, isLost: isLost)
        }
        removeSubscriber(removed)
        guard let last = sessions[slot]?.subscriptions.popLast() else { return }
        if position < sessions[slot]?.subscriptions.count ?? 0 {
            sessions[slot]?.subscriptions[position] = last
            channels[Int(last.channel)]?.subscribers[Int(last.index)].subscription =
                UInt32(position)
        }
    }

    /// Takes an entry out of a channel's list; the last one takes its place.
    private mutating func removeSubscriber(_ subscription: Session.Subscription) {
        let position = Int(subscription.channel)
        let index = Int(subscription.index)
        guard let removed = channels[position]?.subscribers[index],
            let last = channels[position]?.subscribers.popLast()
        else { return }
        channels[position]?.views.leave(removed.view)
        let count = channels[position]?.subscribers.count ?? 0
        if index < count {
            channels[position]?.subscribers[index] = last
            sessions[Int(last.connection.slot)]?
                .subscriptions[Int(last.subscription)].index = UInt32(index)
        }
        dropIfUnused(position)
    }

    /// Ends the loop's interest in a channel without subscribers here.
    private mutating func dropIfUnused(_ position: Int) {
        guard let entry = channels[position], entry.subscribers.isEmpty else { return }
        let channel = entry.channel
        channel.endInterest(loop: index)
        channels.remove(position)
        switch ChannelKind(channel.name) {
        case .task, .run: context.registry.dropIfUnused(channel.name)
        case .pattern: context.registry.noteUnused(channel, now: transport.now)
        case .client, .collection, .agent, .audit, .unknown: break
        }
    }

    /// Forgets a session and all its subscriptions.
    mutating func removeSession(_ id: ConnectionID) {
        guard let session = session(of: id) else { return }
        for position in session.subscriptions.indices.reversed() {
            removeSubscription(position, of: id, isLost: true)
        }
        if session.worker != nil { context.runtime.report(.gone(sessionID: session.id)) }
        leaveShares(of: id)
        if let share = session.addressShare { addressShares.leave(share) }
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
