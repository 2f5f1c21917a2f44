import JSONRPC
import Journal

/// The body of a journal record:
/// `{"positions":{"tasks":12,…},"keys":[…]?,"event":{…}}`, the event last and as it is published.
extension LoggedEvent {
    static func encode(
        _ logged: LoggedEvent,
        as recorded: RecordedEvent
    ) -> JournalRecord {
        var writer = JSONWriter(capacity: recorded.json.count + 256)
        writer.beginObject()
        writer.name("positions")
        writer.beginObject()
        for place in recorded.positions { writer.member(place.channel, place.offset) }
        writer.endObject()
        if !logged.idempotencyKeys.isEmpty {
            writer.name("keys")
            writer.beginArray()
            for key in logged.idempotencyKeys {
                writer.beginObject()
                key.writeMembers(to: &writer)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.member("event", raw: recorded.json)
        writer.endObject()
        return JournalRecord(
            sequence: logged.event.sequence,
            time: logged.event.timestamp.millisecondsSince1970,
            body: writer.takeBytes()
        )
    }

    /// Reads a record back.
    static func decode(
        _ record: JournalRecord
    ) throws(StateDecodingError) -> (logged: LoggedEvent, recorded: RecordedEvent) {
        let body = try JSONReader(parsing: record.body)
        let event = try Event(reading: body.member("event"))
        guard event.sequence == record.sequence else {
            throw StateDecodingError(path: "/event/seq", problem: "is not the record's")
        }
        var keys: [IdempotencyKey] = []
        if body.value["keys"] != nil {
            for element in try body.elements("keys") {
                keys.append(try IdempotencyKey(reading: element))
            }
        }
        var places: [RecordedEvent.Place] = []
        let positions = try body.member("positions")
        for member in try body.object("positions").members {
            let offset = try positions.unsigned(member.name)
            places.append(.init(channel: member.name, offset: offset))
        }
        let json = try body.text("event").bytes
        return (
            LoggedEvent(event: event, idempotencyKeys: keys),
            RecordedEvent(event: event, json: json, positions: places)
        )
    }
}

extension IdempotencyKey {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("user", userID)
        writer.member("method", method)
        writer.member("key", key)
    }

    init(reading value: JSONReader) throws(StateDecodingError) {
        self.init(
            userID: try value.string("user"),
            method: try value.string("method"),
            key: try value.string("key")
        )
    }
}
