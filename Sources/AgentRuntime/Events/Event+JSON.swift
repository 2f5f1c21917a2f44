import JSONRPC

extension Event {
    /// The event object of protocol.md, as compact UTF-8.
    ///
    /// `data` is what the change would write, for one who has it already.
    package func encoded(data: [UInt8]? = nil) -> [UInt8] {
        var writer = JSONWriter(capacity: 800 + (data?.count ?? 0))
        write(to: &writer, data: data)
        return writer.takeBytes()
    }

    func write(to writer: inout JSONWriter, data: [UInt8]? = nil) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("seq", sequence)
        writer.member("agentId", agentID)
        writer.member("type", type.rawValue)
        writer.member("timestamp", timestamp)
        writer.name("data")
        if let data { writer.raw(data) } else { change.writeData(to: &writer) }
        writer.member("source", source)
        writer.member("severity", severity.rawValue)
        writer.member("correlationId", correlationID)
        writer.member("causationId", ifPresent: causationID)
        writer.member("taskId", ifPresent: taskID)
        writer.endObject()
    }

    /// Reads an event object back: nothing that the state needs is lost on the way.
    ///
    /// `secrets` is what the journal keeps beside it.
    init(reading event: JSONReader, secrets: JSONReader? = nil) throws(StateDecodingError) {
        let id = try event.string("id")
        let sequence = try event.unsigned("seq")
        self.init(
            id: id,
            sequence: sequence,
            agentID: try event.string("agentId"),
            timestamp: try event.timestamp("timestamp"),
            source: try event.string("source"),
            severity: try event.choice("severity"),
            correlationID: try event.string("correlationId"),
            causationID: event.optionalString("causationId"),
            taskID: event.optionalString("taskId"),
            change: try Change(
                type: EventType(rawValue: event.string("type")),
                data: event.member("data"),
                secrets: secrets,
                eventID: id,
                sequence: sequence,
                time: event.timestamp("timestamp")
            )
        )
    }
}
