import AgentRuntime
import HubCore

// The channels of journaled namespaces: at the start what was kept of them, and then what the
// runtime has made durable.
extension ChannelObserver {
    /// Makes the channels again that were there before the hub ended.
    ///
    /// - Parameters:
    ///   - channels: Where they stood.
    ///   - epoch: Of the state folder.
    ///   - now: Wall clock.
    ///   - limits: What a channel keeps of its past; `nil` for one that is journaled no more.
    /// - Returns: The names of those that are not.
    func open(
        _ channels: ClientChannels,
        epoch: String,
        now: Timestamp,
        limits: (String) -> HistoryLimits?
    ) -> [String] {
        var others: [String] = []
        for (name, log) in channels.all {
            guard let limits = limits(name) else {
                others.append(name)
                continue
            }
            open(name, log, epoch: epoch, now: now, limits)
        }
        return others
    }

    private func open(
        _ name: String,
        _ log: ClientChannels.Log,
        epoch: String,
        now: Timestamp,
        _ limits: HistoryLimits
    ) {
        var entries = log.entries
        if limits.milliseconds > 0 {
            let horizon = now.advanced(byMilliseconds: -Int64(clamping: limits.milliseconds))
            let least = limits.keepsNewest ? 1 : 0
            while entries.count > least, let first = entries.first, first.time < horizon {
                entries.removeFirst()
            }
        }
        let position = StreamPosition(
            epoch: ClientChannels.epoch(of: log.birth, in: epoch),
            offset: log.offset - UInt64(entries.count)
        )
        let channel = registry.channel(name) {
            Channel(name: name, position: position, limits: limits, isPermanent: true)
        }
        guard let channel else { return }
        let encoder = PublicationEncoder(channel: name)
        for entry in entries {
            append(entry.data, entry.publisher, entry.key, to: channel, encoder)
        }
    }

    /// Publishes what a client has published, now that it is durable.
    func publish(_ publication: ClientPublication, _ encoder: PublicationEncoder) {
        // Whoever published it holds the channel, so it is there and of the same life.
        guard let channel = registry[publication.channel] else { return }
        append(publication.data, publication.publisher, publication.key, to: channel, encoder)
    }

    private func append(
        _ data: JSONText,
        _ publisher: JSONText,
        _ key: JSONText?,
        to channel: Channel,
        _ encoder: PublicationEncoder
    ) {
        let size = data.bytes.count + publisher.bytes.count + (key?.bytes.count ?? 0)
        let keyHash = key.map { key in key.bytes.withUnsafeBytes { MarkHash.of($0) } }
        let appended = data.bytes.withUnsafeBytes { data in
            publisher.bytes.withUnsafeBytes { publisher in
                (key?.bytes ?? []).withUnsafeBytes { keyBytes in
                    channel.append(
                        capacity: encoder.capacity(for: 32 + size),
                        mark: EntryMark(key: keyHash ?? 0)
                    ) { offset, target in
                        encoder.write(
                            offset: offset,
                            (",\"data\":", data),
                            (",\"publisher\":", publisher),
                            key == nil ? nil : (",\"key\":", keyBytes),
                            to: target
                        )
                    }
                }
            }
        }
        guard let appended else { return }
        announce(appended, of: channel)
    }
}
