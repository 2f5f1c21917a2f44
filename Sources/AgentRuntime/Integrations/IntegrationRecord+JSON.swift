package import JSONRPC

extension IntegrationRecord {
    /// The Integration object of protocol.md, in which no secret is.
    package func encoded() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.takeBytes()
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("type", type)
        writer.member("name", name)
        writer.member("config", configuration)
        writer.member("secrets", secrets.keys.sorted())
        writer.member("status", status.rawValue)
        writer.member("failure", ifPresent: failure)
        writer.member("createdBy", createdBy)
        writer.member("createdAt", createdAt.description)
        writer.member("updatedAt", updatedAt.description)
        if let lastSync {
            writer.name("lastSync")
            writer.beginObject()
            writer.member("at", lastSync.at.description)
            lastSync.writeMembers(to: &writer)
            writer.endObject()
        }
        writer.member("deadLetters", deadLetters.count)
        writer.endObject()
    }

    /// As a snapshot keeps it: the object, and beside it what clients do not see.
    func stored() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("integration")
        write(to: &writer)
        writer.member("paused", isPaused)
        writer.name("sealed")
        writer.write(texts: secrets)
        writer.name("position")
        position.write(to: &writer)
        writer.name("letters")
        writer.beginArray()
        for letter in deadLetters {
            writer.beginObject()
            letter.writeMembers(to: &writer)
            writer.member("at", letter.at.description)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.takeBytes()
    }

    init(stored value: JSONReader) throws(StateDecodingError) {
        try self.init(
            reading: value.member("integration"),
            secrets: value.member("sealed").texts(),
            position: FeedPosition(reading: value.member("position"))
        )
        isPaused = try value.bool("paused")
        for element in try value.elements("letters") {
            deadLetters.append(
                try DeadLetter(reading: element, at: element.timestamp("at"))
            )
        }
    }

    /// Reads an Integration object back.
    init(
        reading value: JSONReader,
        secrets: [String: String],
        position: FeedPosition
    ) throws(StateDecodingError) {
        self.init(
            id: try value.string("id"),
            type: try value.string("type"),
            name: try value.string("name"),
            configuration: try value.object("config"),
            secrets: secrets,
            createdBy: try value.string("createdBy"),
            createdAt: try value.timestamp("createdAt"),
            position: position
        )
        updatedAt = try value.timestamp("updatedAt")
        failure = value.optionalString("failure")
        lastSync = try value.ifPresent("lastSync") { sync throws(StateDecodingError) in
            try LastSync(reading: sync, at: sync.timestamp("at"))
        }
    }
}

extension IntegrationRecord.LastSync {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("direction", direction)
        writer.member("ok", isSuccessful)
        writer.member("message", message)
    }

    init(reading value: JSONReader, at time: Timestamp) throws(StateDecodingError) {
        self.init(
            at: time,
            direction: try value.string("direction"),
            isSuccessful: try value.bool("ok"),
            message: try value.string("message")
        )
    }
}

extension FeedPosition {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("sequence", sequence)
        writer.name("offsets")
        writer.beginObject()
        for (channel, offset) in offsets.sorted(by: { $0.key < $1.key }) {
            writer.member(channel, offset)
        }
        writer.endObject()
    }

    init(reading value: JSONReader) throws(StateDecodingError) {
        self.init(sequence: try value.unsigned("sequence"))
        for member in try value.object("offsets").members {
            guard let offset = member.value.intValue, offset >= 0 else {
                throw StateDecodingError(path: value.path, problem: "has an offset that is none")
            }
            offsets[member.name] = UInt64(offset)
        }
    }
}

extension DeadLetter {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("eventId", eventID)
        writer.member("eventSeq", sequence)
        writer.member("eventType", type)
        writer.member("channel", channel)
        writer.member("offset", offset)
        writer.member("reason", reason)
        writer.member("attempts", attempts)
    }

    /// As answers have it.
    package var json: JSONValue {
        [
            "eventId": .string(eventID), "eventSeq": .integer(Int(clamping: sequence)),
            "eventType": .string(type), "channel": .string(channel),
            "offset": .integer(Int(clamping: offset)), "reason": .string(reason),
            "attempts": .integer(attempts),
            "at": .string(at.description),
        ]
    }

    init(reading value: JSONReader, at time: Timestamp) throws(StateDecodingError) {
        self.init(
            eventID: try value.string("eventId"),
            sequence: try value.unsigned("eventSeq"),
            type: try value.string("eventType"),
            channel: try value.string("channel"),
            offset: try value.unsigned("offset"),
            reason: try value.string("reason"),
            attempts: try value.integer("attempts"),
            at: time
        )
    }
}

extension JSONWriter {
    mutating func write(texts: [String: String]) {
        beginObject()
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) { member(name, text) }
        endObject()
    }
}

extension JSONReader {
    /// All members, which are texts.
    func texts() throws(StateDecodingError) -> [String: String] {
        guard let value = try? JSONValue(parsing: json), let object = value.objectValue else {
            throw StateDecodingError(path: path, problem: "is not an object")
        }
        var texts: [String: String] = [:]
        for member in object.members {
            guard let text = member.value.stringValue else {
                throw StateDecodingError(path: path, problem: "has a member that is no text")
            }
            texts[member.name] = text
        }
        return texts
    }
}
