import Synchronization

/// All channels of the hub, by name; shared by all loops.
package final class ChannelRegistry: Sendable {
    private let channels = Mutex<[String: Channel]>([:])
    /// The most channels there may be.
    package let capacity: Int

    package init(capacity: Int) {
        self.capacity = capacity
    }

    package subscript(name: String) -> Channel? {
        channels.withLock { $0[name] }
    }

    package var count: Int { channels.withLock { $0.count } }

    /// The channel called `name`, made by `make` when there is none.
    ///
    /// When the registry is full, a channel without subscribers that is not permanent gives way.
    ///
    /// - Returns: `nil` when the registry is full of channels that are in use.
    package func channel(_ name: String, orMake make: () -> Channel) -> Channel? {
        channels.withLock { channels in
            if let channel = channels[name] { return channel }
            if channels.count >= capacity {
                guard let unused = channels.first(where: { $0.value.retireIfUnused() }) else {
                    return nil
                }
                channels[unused.key] = nil
            }
            let channel = make()
            channels[name] = channel
            return channel
        }
    }

    /// Up to `limit` channels whose names begin with `prefix` and come after `name`, by name.
    package func channels(prefix: String, after name: String?, limit: Int) -> [Channel] {
        let matching = channels.withLock { channels in
            channels.values.filter { $0.name.hasPrefix(prefix) && $0.name > name ?? "" }
        }
        return Array(matching.sorted { $0.name < $1.name }.prefix(limit))
    }

    /// Drops the channel if it has no subscribers.
    package func dropIfUnused(_ name: String) {
        channels.withLock { channels in
            if channels[name]?.retireIfUnused() == true { channels[name] = nil }
        }
    }
}
