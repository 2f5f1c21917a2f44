/// An event that is durable, with its places in the channels: what the bus carries.
///
/// An object, because many hold it and an event has many parts: a copy is one reference.
package final class RecordedEvent: Sendable {
    /// The place of an event in one channel.
    package struct Place: Equatable, Sendable {
        package var channel: String
        package var offset: UInt64

        package init(channel: String, offset: UInt64) {
            self.channel = channel
            self.offset = offset
        }
    }

    package let event: Event
    /// The event object of protocol.md, encoded once: compact UTF-8.
    package let json: [UInt8]
    /// `tasks`, `tasks.<id>` and `agents.<id>` of a task's event; `agents` and `agents.<id>` of an
    /// agent's; `system` of the system's; the channel itself of a publication of clients.
    package let positions: [Place]

    package init(event: Event, json: [UInt8], positions: [Place]) {
        self.event = event
        self.json = json
        self.positions = positions
    }
}

extension RecordedEvent: Equatable {
    package static func == (one: RecordedEvent, other: RecordedEvent) -> Bool {
        one === other
            || one.event == other.event && one.json == other.json
                && one.positions == other.positions
    }
}
