import JSONRPC
import Journal

/// The body of a journal record:
/// `{"positions":{"tasks":12,…},"keys":[…]?,"secrets":{…}?,"event":{…}}`, the event last and as it
/// is published.
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
        if case .identity(let change, _) = logged.event.change, let secrets = change.secrets {
            writer.member("secrets", raw: secrets)
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
        let (head, json) = try split(record.body)
        let event = try Event(
            reading: JSONReader(parsing: json),
            secrets: head.value["secrets"].map { JSONReader($0, path: "/secrets") }
        )
        guard event.sequence == record.sequence else {
            throw StateDecodingError(path: "/event/seq", problem: "is not the record's")
        }
        var keys: [IdempotencyKey] = []
        if head.value["keys"] != nil {
            for element in try head.elements("keys") {
                keys.append(try IdempotencyKey(reading: element))
            }
        }
        var places: [RecordedEvent.Place] = []
        let positions = try head.member("positions")
        for member in try head.object("positions").members {
            let offset = try positions.unsigned(member.name)
            places.append(.init(channel: member.name, offset: offset))
        }
        return (
            LoggedEvent(event: event, json: json, idempotencyKeys: keys),
            RecordedEvent(event: event, json: json, positions: places)
        )
    }

    /// The event object of a record, as it was published.
    static func eventJSON(of record: JournalRecord) throws(StateDecodingError) -> [UInt8] {
        try split(record.body).event
    }

    /// Takes a body apart, so that the event's bytes are those that were published and need not be
    /// written anew.
    static func split(
        _ body: [UInt8]
    ) throws(StateDecodingError) -> (head: JSONReader, event: [UInt8]) {
        // Within a string its quotes would be escaped, so the first place is the member itself.
        guard body.last == UInt8(ascii: "}"), let comma = place(of: eventMember, in: body.span)
        else { throw StateDecodingError(path: "/event", problem: "is missing") }
        let head = try JSONReader(parsing: body[..<comma] + [UInt8(ascii: "}")])
        return (head, Array(body[(comma + eventMember.count)..<body.count - 1]))
    }

    private static let eventMember = Array(#","event":"#.utf8)

    /// The first place of a short text; by hand, because `firstRange(of:)` takes half of a start.
    private static func place(of text: [UInt8], in bytes: Span<UInt8>) -> Int? {
        guard let first = text.first, bytes.count >= text.count else { return nil }
        for start in 0...bytes.count - text.count where bytes[start] == first {
            if text.indices.allSatisfy({ bytes[start + $0] == text[$0] }) { return start }
        }
        return nil
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
