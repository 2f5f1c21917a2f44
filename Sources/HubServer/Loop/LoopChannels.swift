import HubCore
import Transport

/// A subscriber of a channel: a cursor into its log.
struct Subscriber {
    var connection: ConnectionID
    /// Offset of the last publication that was handed to the kernel or waits for it.
    var cursor: UInt64
    /// Head of the log when it subscribed: up to there it recovers, at its own pace.
    var joinedAt: UInt64
    /// In the session's list of subscriptions.
    var subscription: UInt32
    /// In the channel's table of views.
    var view: UInt16
    /// While it is behind, only the newest publication of each key is for it.
    var keepsLatest: Bool
    /// It is told who comes and goes.
    var watchesPresence: Bool
}

/// A channel with subscribers on one loop.
struct LoopChannel {
    let channel: Channel
    /// Head of the log when subscribers were last served; who keeps up stands there.
    var flushed: UInt64
    var subscribers: [Subscriber] = []
    var views = ViewTable()
    var isDirty = false
}

/// The channels of one loop that have subscribers there.
struct LoopChannels {
    private var entries: [LoopChannel?] = []
    private var free: [Int] = []
    private var indexes: [ObjectIdentifier: Int] = [:]

    var count: Int { indexes.count }

    /// The index of `channel`; `nil` when nobody on this loop is subscribed.
    func index(of channel: Channel) -> Int? {
        indexes[ObjectIdentifier(channel)]
    }

    subscript(index: Int) -> LoopChannel? {
        _read { yield entries[index] }
        _modify { yield &entries[index] }
    }

    /// Exchanges the list of a channel's subscribers, so that its owner can walk it in place.
    mutating func swapSubscribers(of index: Int, with other: inout [Subscriber]) {
        guard var entry = entries[index].take() else { return }
        swap(&entry.subscribers, &other)
        entries[index] = entry
    }

    /// Adds a channel, which must not be there yet, whose subscribers stand at `offset` or behind.
    mutating func insert(_ channel: Channel, flushed offset: UInt64) -> Int {
        let entry = LoopChannel(channel: channel, flushed: offset)
        let index: Int
        if let reused = free.popLast() {
            entries[reused] = entry
            index = reused
        } else {
            entries.append(entry)
            index = entries.count - 1
        }
        indexes[ObjectIdentifier(channel)] = index
        return index
    }

    mutating func remove(_ index: Int) {
        guard let entry = entries[index] else { return }
        indexes[ObjectIdentifier(entry.channel)] = nil
        entries[index] = nil
        free.append(index)
    }
}
