import HubCore
import JSONRPC

/// The result of `hub.subscribe`.
struct SubscriptionAnswer {
    var channel: String
    var position: StreamPosition
    /// Whether nothing is missing since the position that the client gave.
    var recovered: Bool?
    /// Those before `events` that were read from disk.
    var past: [[UInt8]] = []
    /// Publications up to `position`, each as the params of its notification.
    var events: [LogSlice] = []
    /// The objects of the channel at `position`, as a JSON array.
    var state: [UInt8]?
    /// Cursor of the next page of the state.
    var next: String?

    init(channel: String, position: StreamPosition = StreamPosition(epoch: "", offset: 0)) {
        self.channel = channel
        self.position = position
    }

    func encoded() -> [UInt8] {
        var writer = JSONWriter(capacity: 256 + (state?.count ?? 0))
        writer.beginObject()
        writer.member("channel", channel)
        writer.member("epoch", position.epoch)
        writer.member("offset", position.offset)
        if let recovered { writer.member("recovered", recovered) }
        writer.name("events")
        writer.array(of: events, after: past)
        if let state { writer.member("state", raw: state) }
        writer.member("stateNext", ifPresent: next)
        writer.endObject()
        return writer.takeBytes()
    }
}

extension JSONWriter {
    /// Writes publications as an array of what history repeats of them.
    ///
    /// `past` has those before them, as they were read from disk.
    mutating func array(of events: [LogSlice], after past: [[UInt8]] = []) {
        beginArray()
        for event in past { raw(event) }
        for event in events { raw(Array(event.bytes)) }
        endArray()
    }
}
