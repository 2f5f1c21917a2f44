package import HubCore
import JSONRPC

/// A publication on a client channel whose namespace is journaled, as it is decided.
package struct ClientPublication: Equatable, Sendable {
    package var channel: String
    /// Tells this life of the channel from others of the same name; see ``ClientChannels``.
    package var birth: String
    /// Compact JSON.
    package var data: JSONText
    /// The publisher, as subscribers see it.
    package var publisher: JSONText
    /// A JSON string.
    package var key: JSONText?
    /// Offset of the oldest publication that the channel keeps once this one is there.
    package var keptFrom: UInt64

    /// What it takes in memory, roughly.
    var cost: Int { data.bytes.count + publisher.bytes.count + (key?.bytes.count ?? 0) + 128 }
}

/// A publication as it is asked for.
package struct ClientPublicationDraft: Equatable, Sendable {
    package var channel: String
    package var birth: String
    package var data: JSONText
    package var publisher: JSONText
    package var key: JSONText?
    /// How much of its past the channel keeps.
    package var limits: HistoryLimits

    package init(
        channel: String,
        birth: String,
        data: JSONText,
        publisher: JSONText,
        key: JSONText?,
        limits: HistoryLimits
    ) {
        self.channel = channel
        self.birth = birth
        self.data = data
        self.publisher = publisher
        self.key = key
        self.limits = limits
    }

    func decided(keepingFrom offset: UInt64) -> ClientPublication {
        ClientPublication(
            channel: channel,
            birth: birth,
            data: data,
            publisher: publisher,
            key: key,
            keptFrom: offset
        )
    }
}

extension ClientPublication {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("channel", channel)
        writer.member("birth", birth)
        writer.member("data", raw: data.bytes)
        writer.member("publisher", raw: publisher.bytes)
        if let key { writer.member("key", raw: key.bytes) }
        writer.member("keptFrom", keptFrom)
    }

    init(reading value: JSONReader) throws(StateDecodingError) {
        self.init(
            channel: try value.string("channel"),
            birth: try value.string("birth"),
            data: try value.text("data"),
            publisher: try value.text("publisher"),
            key: value.optionalText("key"),
            keptFrom: try value.unsigned("keptFrom")
        )
    }
}
