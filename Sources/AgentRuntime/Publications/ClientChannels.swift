import HubCore
import JSONRPC

/// The journaled channels of clients: where they stand, and what they keep.
///
/// A channel has an epoch of two parts, that of the state folder and its birth, which whoever
/// publishes first on it has made up: a channel that was forgotten and comes back has another, and
/// in a restored backup all have others, so that no client takes one numbering for another.
package struct ClientChannels: Equatable, Sendable {
    /// What is kept of a publication.
    package struct Entry: Equatable, Sendable {
        package var time: Timestamp
        package var data: JSONText
        package var publisher: JSONText
        package var key: JSONText?

        var cost: Int { data.bytes.count + publisher.bytes.count + (key?.bytes.count ?? 0) + 128 }
    }

    /// One channel.
    package struct Log: Equatable, Sendable {
        package let birth: String
        /// Of the newest publication.
        package fileprivate(set) var offset: UInt64 = 0
        /// Those that are kept, from index `firstKept`, the last at `offset`.
        private var stored: [Entry] = []
        private var firstKept = 0
        package private(set) var bytes = 0

        init(birth: String) {
            self.birth = birth
        }

        package var entries: ArraySlice<Entry> { stored[firstKept...] }
        /// Offset of the oldest that is kept; one past the last when none is.
        package var keptFrom: UInt64 { offset + 1 - UInt64(entries.count) }

        mutating func append(_ entry: Entry) {
            offset += 1
            stored.append(entry)
            bytes += entry.cost
        }

        mutating func forget(before offset: UInt64) {
            while firstKept < stored.count, keptFrom < offset {
                bytes -= stored[firstKept].cost
                firstKept += 1
            }
            guard firstKept > 32, firstKept * 2 > stored.count else { return }
            stored.removeFirst(firstKept)
            firstKept = 0
        }

        /// Continues behind `offset`, with nothing kept.
        mutating func stand(at offset: UInt64) { self.offset = offset }

        package static func == (one: Log, other: Log) -> Bool {
            one.birth == other.birth && one.offset == other.offset && one.entries == other.entries
        }
    }

    private var logs = ShardedTable<String, Log>()
    /// Of all that is kept.
    package private(set) var bytes = 0

    package init() {}

    package var count: Int { logs.count }
    package subscript(channel: String) -> Log? { logs[channel] }
    /// In no order.
    package var all: some Sequence<(key: String, value: Log)> { logs.entries }

    /// The epoch of a channel in a state folder.
    package static func epoch(of birth: String, in folder: String) -> String {
        "\(folder).\(birth)"
    }

    /// - Returns: The offset of the publication.
    mutating func apply(_ publication: ClientPublication, at time: Timestamp) -> UInt64 {
        change(publication.channel) { log in
            if log?.birth != publication.birth { log = Log(birth: publication.birth) }
            log?.append(
                Entry(
                    time: time,
                    data: publication.data,
                    publisher: publication.publisher,
                    key: publication.key
                )
            )
            log?.forget(before: publication.keptFrom)
        }
        return logs[publication.channel]?.offset ?? 0
    }

    mutating func trim(_ channel: String, before offset: UInt64) {
        change(channel) { $0?.forget(before: offset) }
    }

    mutating func forget(_ channel: String) {
        change(channel) { $0 = nil }
    }

    private mutating func change(_ channel: String, _ body: (inout Log?) -> Void) {
        var log = logs[channel]
        // What is changed must have no other owner, or all of it is copied.
        logs[channel] = nil
        bytes -= log?.bytes ?? 0
        body(&log)
        bytes += log?.bytes ?? 0
        logs[channel] = log
    }

    /// From which offset a channel keeps its publications once one more has come at `now`.
    func keptFrom(after draft: ClientPublicationDraft, at now: Timestamp) -> UInt64 {
        let log = logs[draft.channel].flatMap { $0.birth == draft.birth ? $0 : nil }
        let offset = (log?.offset ?? 0) + 1
        let limits = draft.limits
        var kept = offset - min(offset, UInt64(clamping: limits.count)) + 1
        if let log {
            let horizon =
                limits.milliseconds == 0
                ? nil : now.advanced(byMilliseconds: -Int64(clamping: limits.milliseconds))
            var bytes = log.bytes + draft.decided(keepingFrom: 0).cost
            var oldest = log.keptFrom
            for entry in log.entries {
                let isTooOld = horizon.map { entry.time < $0 } ?? false
                guard oldest < kept || bytes > limits.bytes || isTooOld else { break }
                bytes -= entry.cost
                oldest += 1
            }
            kept = max(kept, oldest)
        }
        return limits.keepsNewest ? min(kept, offset) : kept
    }

    /// The channel that keeps most, and the older half of what it keeps.
    func largest() -> (channel: String, keptFrom: UInt64)? {
        let largest = logs.entries.max { one, other in
            (one.value.bytes, other.key) < (other.value.bytes, one.key)
        }
        guard let largest, !largest.value.entries.isEmpty else { return nil }
        let half = UInt64(largest.value.entries.count + 1) / 2
        return (largest.key, largest.value.keptFrom + half)
    }
}

// In a snapshot: for each channel its head, and then a line for each publication that it keeps.
extension ClientChannels {
    func stored() -> some Sequence<[UInt8]> {
        logs.entries.sorted { $0.key < $1.key }.lazy.flatMap { name, log in
            [Self.head(name, log)] + log.entries.map { $0.stored() }
        }
    }

    private static func head(_ name: String, _ log: Log) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("channel", name)
        writer.member("birth", log.birth)
        writer.member("keptFrom", log.keptFrom)
        writer.endObject()
        return writer.takeBytes()
    }

    /// Takes over the elements of a snapshot one by one; `channel` is the one of the last head.
    mutating func adopt(
        stored value: JSONReader,
        channel: inout String
    ) throws(StateDecodingError) {
        if value.has("channel") {
            channel = try value.string("channel")
            var log = Log(birth: try value.string("birth"))
            let first = try value.unsigned("keptFrom")
            guard first > 0 else {
                throw StateDecodingError(path: "/keptFrom", problem: "is not positive")
            }
            log.stand(at: first - 1)
            logs[channel] = log
            return
        }
        guard logs.contains(channel) else {
            throw StateDecodingError(path: "/channel", problem: "is missing")
        }
        let entry = try Entry(stored: value)
        change(channel) { $0?.append(entry) }
    }
}

extension ClientChannels.Entry {
    fileprivate func stored() -> [UInt8] {
        var writer = JSONWriter(capacity: cost)
        writer.beginObject()
        writer.member("time", time.description)
        writer.member("data", raw: data.bytes)
        writer.member("publisher", raw: publisher.bytes)
        if let key { writer.member("key", raw: key.bytes) }
        writer.endObject()
        return writer.takeBytes()
    }

    fileprivate init(stored value: JSONReader) throws(StateDecodingError) {
        self.init(
            time: try value.timestamp("time"),
            data: try value.text("data"),
            publisher: try value.text("publisher"),
            key: value.optionalText("key")
        )
    }
}
