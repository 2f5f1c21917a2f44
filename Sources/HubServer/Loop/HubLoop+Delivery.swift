import HubCore
import JSONRPC
import Transport
import WebSocketProtocol

// Serves subscribers: what lies between a cursor and the head of its channel's log goes out as
// it lies there, once for all in a tick.
extension HubLoop {
    /// A subscriber that is behind is read so much of the past at a time.
    private static var recoveryStep: Int { 256 * 1024 }
    /// What a subscriber that wants the latest only may have begun to get when it stops reading.
    private static var latestStep: Int { 64 * 1024 }

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
        guard let channel = channels[index]?.channel, let flushed = channels[index]?.flushed,
            let views = channels[index]?.views
        else { return }
        channels[index]?.isDirty = false
        // Out of the loop while they are used, so that nothing is copied.
        var runs = ViewRuns()
        swap(&runs, &viewRuns)
        let isKept = channel.take(after: flushed, loop: self.index, into: &runs.whole)
        let head = runs.whole.head
        channels[index]?.flushed = head
        runs.begin(slots: views.count)
        var subscribers: [Subscriber] = []
        channels.swapSubscribers(of: index, with: &subscribers)
        var list = subscribers.mutableSpan
        var slot = -1
        var output = ViewRuns.Output()
        for position in list.indices {
            guard isKept, list[position].cursor == flushed else {
                let recent = isKept ? runs.whole : nil
                advance(&list[position], in: channel, views[list[position].view], recent)
                continue
            }
            if slot != Int(list[position].view) {
                slot = Int(list[position].view)
                if runs.outputs[slot].shape == .unmade {
                    runs.set(show(runs.whole, of: channel, as: views[UInt16(slot)]), at: slot)
                }
                output = runs.outputs[slot]
            }
            switch output.shape {
            case .oneSlice:
                let id = list[position].connection
                guard
                    gathers && transport.gatherFrames(output.bytes, to: id)
                        || finishes(output.bytes, runs, slot, &list[position])
                else { continue }
                list[position].cursor = head
                deliveries &+= UInt64(output.count)
            case .unmade, .nothing:
                list[position].cursor = head
            case .severalSlices:
                send(runs.run(slot), to: &list[position])
            }
        }
        channels.swapSubscribers(of: index, with: &subscribers)
        runs.end()
        swap(&runs, &viewRuns)
    }

    /// Sends one slice; what is left of it waits with its subscriber's cursor.
    @inline(__always)
    private mutating func finishes(
        _ bytes: UnsafeRawBufferPointer,
        _ runs: borrowing ViewRuns,
        _ slot: Int,
        _ subscriber: inout Subscriber
    ) -> Bool {
        let written = transport.sendFrames(bytes, to: subscriber.connection)
        if written == bytes.count { return true }
        stop(&subscriber, in: runs.run(slot), after: written)
        return false
    }

    /// What a view shows of a run.
    private func show(
        _ run: LogRun,
        of channel: Channel,
        as view: SubscriptionView
    ) -> LogRun {
        if view.isWhole { return run }
        let visible = view.filter.map(run.filtered) ?? run
        guard view.isCompressed else { return visible }
        return channel.compressed(visible) { compressor.compress($0, into: &$1) }
    }

    /// Brings a subscriber as near to the head as the kernel allows.
    ///
    /// - Parameters:
    ///   - subscriber: Its cursor is moved.
    ///   - channel: What it is subscribed to.
    ///   - view: What it sees of that.
    ///   - recent: The newest publications, if the caller has them.
    mutating func advance(
        _ subscriber: inout Subscriber,
        in channel: Channel,
        _ view: SubscriptionView,
        _ recent: LogRun? = nil
    ) {
        while !transport.isBlocked(subscriber.connection) {
            var run = LogRun()
            if subscriber.keepsLatest {
                channel.readKept(after: subscriber.cursor, into: &run)
                guard subscriber.cursor < run.head else { return }
                sendLatest(run, of: channel, view, to: &subscriber)
                continue
            }
            if let recent, subscriber.cursor >= recent.start {
                run = recent.suffix(after: subscriber.cursor)
            } else {
                let step = Self.recoveryStep
                guard channel.read(after: subscriber.cursor, into: &run, byteLimit: step) else {
                    transport.endSlowConsumer(subscriber.connection)
                    return
                }
            }
            guard subscriber.cursor < run.head else { return }
            send(show(run, of: channel, as: view), to: &subscriber)
        }
        guard !subscriber.keepsLatest else { return }
        // What it asked for of the past may be more than may wait of what comes live.
        let start = max(subscriber.cursor, subscriber.joinedAt)
        let limit = context.configuration.limits.maxOutboundBytes
        if bytes(after: start, of: channel, view).map({ $0 > limit }) ?? true {
            transport.endSlowConsumer(subscriber.connection)
        }
    }

    /// How much a subscriber at `offset` is owed; `nil` when it has lost something.
    private func bytes(
        after offset: UInt64,
        of channel: Channel,
        _ view: SubscriptionView
    ) -> Int? {
        guard let filter = view.filter else { return channel.bytes(after: offset) }
        var run = LogRun()
        guard channel.read(after: offset, into: &run) else { return nil }
        return run.filtered(by: filter).byteCount
    }

    /// Writes a run that begins behind the subscriber's cursor.
    private mutating func send(_ run: LogRun, to subscriber: inout Subscriber) {
        var written = 0
        for slice in run.slices {
            let bytes = slice.bytes
            let count = transport.sendFrames(bytes, to: subscriber.connection)
            written += count
            if count < bytes.count {
                stop(&subscriber, in: run, after: written)
                return
            }
        }
        deliveries &+= UInt64(run.count)
        subscriber.cursor = run.head
    }

    /// The kernel took `written` bytes and no more: the publication in which that ends goes out
    /// before anything else, and the cursor stands behind it.
    private mutating func stop(
        _ subscriber: inout Subscriber,
        in run: LogRun,
        after written: Int
    ) {
        let cut = run.cut(at: written)
        if let rest = cut.rest { transport.queue(rest.bytes, to: subscriber.connection) }
        deliveries &+= UInt64(cut.delivered)
        subscriber.cursor = cut.cursor
    }

    /// Sends the newest publications of each key, a part at a time, and before each part what it
    /// passes over.
    private mutating func sendLatest(
        _ run: LogRun,
        of channel: Channel,
        _ view: SubscriptionView,
        to subscriber: inout Subscriber
    ) {
        let visible = view.filter.map(run.filtered) ?? run
        let part = visible.latest().prefix(byteLimit: Self.latestStep)
        // What the log has forgotten may have been anything, so it counts.
        let forgotten = Int(clamping: run.start - min(run.start, subscriber.cursor))
        let missed = visible.count(upTo: part.head) - part.count + forgotten
        if missed > 0 {
            tellLag(of: channel, missed, after: subscriber.cursor, upTo: part.head, subscriber)
        }
        let owed = view.isCompressed ? show(part, of: channel, as: .compressed) : part
        for slice in owed.slices {
            let bytes = slice.bytes
            let count = transport.sendFrames(bytes, to: subscriber.connection)
            if count < bytes.count {
                // It was announced, so all of it goes out.
                let rest = UnsafeRawBufferPointer(rebasing: bytes[count...])
                transport.queue(rest, to: subscriber.connection)
            }
        }
        deliveries &+= UInt64(owed.count)
        subscriber.cursor = part.head
    }

    private mutating func tellLag(
        of channel: Channel,
        _ missed: Int,
        after offset: UInt64,
        upTo head: UInt64,
        _ subscriber: Subscriber
    ) {
        lagged &+= UInt64(missed)
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.member("channel", channel.name)
        writer.member("missed", missed)
        writer.member("from", offset + 1)
        writer.member("to", head)
        writer.endObject()
        var message: [UInt8] = []
        message.appendNotification(method: "hub.lagged", params: writer.takeBytes())
        // Not as an answer, which could go out behind what this tells of.
        var frame: [UInt8] = []
        frame.appendFrame(.text, payload: message.span)
        frame.withUnsafeBytes { transport.queue($0, to: subscriber.connection) }
    }

    /// The kernel takes something of this connection again.
    mutating func resume(_ id: ConnectionID) {
        guard let session = session(of: id) else { return }
        if session.worker != nil { sendExecutions(to: id) }
        for subscription in session.subscriptions {
            let position = Int(subscription.channel)
            let index = Int(subscription.index)
            guard let entry = channels[position] else { continue }
            var subscriber = entry.subscribers[index]
            advance(&subscriber, in: entry.channel, entry.views[subscriber.view])
            channels[position]?.subscribers[index] = subscriber
        }
    }
}
