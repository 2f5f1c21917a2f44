import JSONRPC

extension IntegrationChange {
    /// Writes the members of the event's `data`: nothing secret.
    func writeMembers(to writer: inout JSONWriter) {
        switch self {
        case .created(let record):
            writer.member("integrationId", record.id)
            writer.name("integration")
            record.write(to: &writer)
            writer.name("position")
            record.position.write(to: &writer)
        case .updated(let id, let name, let configuration, let isPaused, let secrets):
            writer.member("integrationId", id)
            writer.member("name", name)
            writer.member("config", configuration)
            writer.member("paused", isPaused)
            writer.member("secrets", secrets.keys.sorted())
        case .deleted(let id, let name), .recovered(let id, let name):
            writer.member("integrationId", id)
            writer.member("name", name)
        case .synced(let id, let name, let sync):
            writer.member("integrationId", id)
            writer.member("name", name)
            sync.writeMembers(to: &writer)
        case .failed(let id, let name, let reason):
            writer.member("integrationId", id)
            writer.member("name", name)
            writer.member("reason", reason)
        case .deadLettered(let id, let name, let letter):
            writer.member("integrationId", id)
            writer.member("name", name)
            letter.writeMembers(to: &writer)
        case .advanced(let id, let position):
            writer.member("integrationId", id)
            position.writeMembers(to: &writer)
        case .deadLettersRemoved(let id, let eventIDs):
            writer.member("integrationId", id)
            writer.member("eventIds", eventIDs)
        }
    }

    /// Reads an event's `data` and the sealed secrets that the journal keeps beside it.
    init(
        type: EventType,
        data: JSONReader,
        secrets: JSONReader,
        time: Timestamp
    ) throws(StateDecodingError) {
        let id = try data.string("integrationId")
        switch type {
        case .integrationCreated:
            self = .created(
                try IntegrationRecord(
                    reading: data.member("integration"),
                    secrets: secrets.texts(),
                    position: FeedPosition(reading: data.member("position"))
                )
            )
        case .integrationUpdated:
            self = .updated(
                id: id,
                name: try data.string("name"),
                configuration: try data.object("config"),
                isPaused: try data.bool("paused"),
                newSecrets: try secrets.texts()
            )
        case .integrationDeleted:
            self = .deleted(id: id, name: try data.string("name"))
        case .integrationSynced:
            self = .synced(
                id: id,
                name: try data.string("name"),
                try IntegrationRecord.LastSync(reading: data, at: time)
            )
        case .integrationFailed:
            self = .failed(
                id: id,
                name: try data.string("name"),
                reason: try data.string("reason")
            )
        case .integrationRecovered:
            self = .recovered(id: id, name: try data.string("name"))
        case .integrationDeadLettered:
            self = .deadLettered(
                id: id,
                name: try data.string("name"),
                try DeadLetter(reading: data, at: time)
            )
        case .integrationAdvanced:
            self = .advanced(id: id, try FeedPosition(reading: data))
        case .integrationLettersRemoved:
            self = .deadLettersRemoved(id: id, eventIDs: try data.strings("eventIds"))
        default:
            throw StateDecodingError(path: data.path, problem: "belongs to an unknown event type")
        }
    }
}

extension EventType {
    /// Whether it is about connections, and so decoded by ``IntegrationChange``.
    var isAboutIntegrations: Bool { rawValue.hasPrefix("integration.") }
}
