import JSONRPC
import Journal

/// The body of a journal record:
/// `{"positions":{"tasks":12,…},"keys":[…]?,"secrets":{…}?,"event":{…}}`, the event last and as it
/// is published.
extension LoggedEvent {
    static func encode(
        _ recorded: RecordedEvent,
        answering keys: [IdempotencyKey] = []
    ) -> JournalRecord {
        var writer = JSONWriter(capacity: recorded.json.count + 256)
        writer.beginObject()
        writer.name("positions")
        writer.beginObject()
        for place in recorded.positions { writer.member(place.channel, place.offset) }
        writer.endObject()
        if !keys.isEmpty {
            writer.name("keys")
            writer.beginArray()
            for key in keys {
                writer.beginObject()
                key.writeMembers(to: &writer)
                writer.endObject()
            }
            writer.endArray()
        }
        if case .identity(let change, _) = recorded.event.change, let secrets = change.secrets {
            writer.member("secrets", raw: secrets)
        }
        if case .integration(let change, _) = recorded.event.change, let sealed = change.secrets {
            writer.name("secrets")
            writer.write(texts: sealed)
        }
        writer.member("event", raw: recorded.json)
        writer.endObject()
        return JournalRecord(
            sequence: recorded.event.sequence,
            time: recorded.event.timestamp.millisecondsSince1970,
            body: writer.takeBytes()
        )
    }

    /// Reads a record back, with what was published.
    static func decode(
        _ record: JournalRecord
    ) throws(StateDecodingError) -> (logged: LoggedEvent, recorded: RecordedEvent) {
        let body = try JSONReader(parsing: record.body)
        let logged = try LoggedEvent(record, body)
        let recorded = RecordedEvent(
            event: logged.event,
            json: try body.member("event").json,
            positions: try places(in: body)
        )
        return (logged, recorded)
    }

    /// The event object of a record, as it was published.
    static func eventJSON(of record: JournalRecord) throws(StateDecodingError) -> [UInt8] {
        try JSONReader(parsing: record.body).member("event").json
    }

    /// Reads what the state needs of a record whose body is `body`.
    init(_ record: borrowing JournalRecord, _ body: JSONReader) throws(StateDecodingError) {
        let member = try body.member("event")
        let event = try Event(
            reading: member,
            secrets: body.has("secrets") ? body.member("secrets") : nil
        )
        guard event.sequence == record.sequence else {
            throw StateDecodingError(path: "/event/seq", problem: "is not the record's")
        }
        // Only entries of the audit need it.
        self.init(event: event, json: event.change.topic == .audit ? member.json : [])
        guard body.has("keys") else { return }
        for element in try body.elements("keys") {
            idempotencyKeys.append(try IdempotencyKey(reading: element))
        }
    }

    /// Where the channels stood after the event, as `body` says.
    static func places(in body: JSONReader) throws(StateDecodingError) -> [RecordedEvent.Place] {
        var places: [RecordedEvent.Place] = []
        for member in try body.object("positions").members {
            guard let offset = member.value.unsignedValue else {
                throw StateDecodingError(
                    path: "/positions/\(member.name)",
                    problem: "is not an unsigned integer"
                )
            }
            places.append(.init(channel: member.name, offset: offset))
        }
        return places
    }
}

extension JSONValue {
    fileprivate var unsignedValue: UInt64? {
        switch numberValue {
        case .integer(let number): UInt64(exactly: number)
        case .unsigned(let number): number
        case .literal, nil: nil
        }
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
