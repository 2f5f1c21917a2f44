import HubCore
import Transport

// Serves subscribers: what lies between a cursor and the head of its channel's log goes out as
// it lies there, once for all in a tick.
extension HubLoop {
    /// A channel of this loop has something new.
    mutating func markDirty(_ index: Int) {
        guard channels[index]?.isDirty == false else { return }
        channels[index]?.isDirty = true
        dirtyChannels.append(index)
    }

    mutating func markDirty(_ channel: Channel) {
        if let index = channels.index(of: channel) { markDirty(index) }
    }

    /// Serves the subscribers of all channels with something new.
    mutating func serveDirtyChannels() {
        guard !dirtyChannels.isEmpty else { return }
        var indexes: [Int] = []
        swap(&indexes, &dirtyChannels)
        for index in indexes { serve(index, gathers: indexes.count > 1) }
        indexes.removeAll(keepingCapacity: true)
        if dirtyChannels.isEmpty { swap(&indexes, &dirtyChannels) }
    }

    /// Serves the subscribers of one channel.
    ///
    /// When it is not the only one, subscribers of several channels get a single write for all.
    private mutating func serve(_ index: Int, gathers: Bool) {
        guard let channel = channels[index]?.channel, let flushed = channels[index]?.flushed else {
            return
        }
        channels[index]?.isDirty = false
        let (slices, head) = channel.take(after: flushed, loop: self.index)
        channels[index]?.flushed = head
        // Out of the table while they are walked, so that each is changed in place.
        var subscribers: [Subscriber] = []
        channels.swapSubscribers(of: index, with: &subscribers)
        for position in subscribers.indices {
            if subscribers[position].cursor == flushed, let slices {
                if gathers, gather(slices, for: &subscribers[position], head: head) { continue }
                send(slices, of: channel, to: &subscribers[position], head: head)
            } else {
                advance(&subscribers[position], in: channel)
            }
        }
        channel.finishServing(upTo: head, loop: self.index)
        channels.swapSubscribers(of: index, with: &subscribers)
    }

    /// Brings a subscriber as near to the head as the kernel allows.
    mutating func advance(_ subscriber: inout Subscriber, in channel: Channel) {
        if !transport.isBlocked(subscriber.connection) {
            guard let (slices, head) = channel.slices(after: subscriber.cursor) else {
                transport.endSlowConsumer(subscriber.connection)
                return
            }
            send(slices, of: channel, to: &subscriber, head: head)
        }
        guard transport.isBlocked(subscriber.connection) else { return }
        // What it asked for of the past may be more than may wait of what comes live.
        let behind = channel.bytes(after: max(subscriber.cursor, subscriber.joinedAt))
        if behind.map({ $0 > context.configuration.limits.maxOutboundBytes }) ?? true {
            transport.endSlowConsumer(subscriber.connection)
        }
    }

    /// Copies what is due to be written with what other channels have for the connection.
    private mutating func gather(
        _ slices: [LogSlice],
        for subscriber: inout Subscriber,
        head: UInt64
    ) -> Bool {
        guard slices.count == 1, transport.gatherFrames(slices[0].bytes, to: subscriber.connection)
        else { return false }
        deliveries &+= head - subscriber.cursor
        subscriber.cursor = head
        return true
    }

    /// Writes slices that begin behind the subscriber's cursor and reach up to `head`.
    @inline(__always)
    private mutating func send(
        _ slices: [LogSlice],
        of channel: Channel,
        to subscriber: inout Subscriber,
        head: UInt64
    ) {
        var written = 0
        for slice in slices {
            let bytes = slice.bytes
            let count = transport.sendFrames(bytes, to: subscriber.connection)
            written += count
            if count < bytes.count {
                stop(&subscriber, in: channel, after: written)
                return
            }
        }
        deliveries &+= head - subscriber.cursor
        subscriber.cursor = head
    }

    /// The kernel took `written` bytes and no more: the publication in which that ends goes out
    /// before anything else, and the cursor stands behind it.
    private mutating func stop(
        _ subscriber: inout Subscriber,
        in channel: Channel,
        after written: Int
    ) {
        guard let cut = channel.entry(holding: written, after: subscriber.cursor) else {
            // The log was cut meanwhile: with the rest of a frame missing, nothing more can be said.
            if written > 0 { transport.abandonSlowConsumer(subscriber.connection) }
            return
        }
        let reached = cut.isWhole ? cut.offset - 1 : cut.offset
        if !cut.isWhole { transport.queue(cut.rest.bytes, to: subscriber.connection) }
        deliveries &+= reached - subscriber.cursor
        subscriber.cursor = reached
    }

    /// The kernel takes something of this connection again.
    mutating func resume(_ id: ConnectionID) {
        guard let session = session(of: id) else { return }
        for subscription in session.subscriptions {
            guard let channel = channels[subscription.channel]?.channel,
                var subscriber = channels[subscription.channel]?.subscribers[subscription.index]
            else { continue }
            advance(&subscriber, in: channel)
            channels[subscription.channel]?.subscribers[subscription.index] = subscriber
        }
    }
}
