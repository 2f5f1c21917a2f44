package import JSONRPC

/// What an event changes about a connection: the `data` of `integration.*`.
package enum IntegrationChange: Equatable, Sendable {
    /// `{integration}`
    case created(IntegrationRecord)
    /// `{integrationId, name, config, paused, secrets}`: all of them; `secrets` are the names of
    /// those that were entered anew.
    case updated(
        id: String,
        name: String,
        configuration: JSONObject,
        isPaused: Bool,
        newSecrets: [String: String]
    )
    /// `{integrationId, name}`
    case deleted(id: String, name: String)
    /// `{integrationId, name, direction, ok, message}`
    case synced(id: String, name: String, IntegrationRecord.LastSync)
    /// `{integrationId, name, reason}`: it fails from here on.
    case failed(id: String, name: String, reason: String)
    /// `{integrationId, name}`: it works again.
    case recovered(id: String, name: String)
    /// `{integrationId, name, eventId, eventSeq, eventType, channel, offset, reason,
    /// attempts}`
    case deadLettered(id: String, name: String, DeadLetter)
    /// `{integrationId, sequence, offsets}`: kept in the journal only.
    case advanced(id: String, FeedPosition)
    /// `{integrationId, eventIds}`: dead letters that were sent after all, or dropped. Kept in the
    /// journal only.
    case deadLettersRemoved(id: String, eventIDs: [String])

    package var integrationID: String {
        switch self {
        case .created(let record): record.id
        case .updated(let id, _, _, _, _), .deleted(let id, _), .synced(let id, _, _),
            .failed(let id, _, _), .recovered(let id, _), .deadLettered(let id, _, _),
            .advanced(let id, _), .deadLettersRemoved(let id, _):
            id
        }
    }

    /// Whether clients see it, in the channel `system`.
    var isPublished: Bool {
        switch self {
        case .advanced, .deadLettersRemoved: false
        case .created, .updated, .deleted, .synced, .failed, .recovered, .deadLettered: true
        }
    }

    var eventType: EventType {
        switch self {
        case .created: .integrationCreated
        case .updated: .integrationUpdated
        case .deleted: .integrationDeleted
        case .synced: .integrationSynced
        case .failed: .integrationFailed
        case .recovered: .integrationRecovered
        case .deadLettered: .integrationDeadLettered
        case .advanced: .integrationAdvanced
        case .deadLettersRemoved: .integrationLettersRemoved
        }
    }

    var severity: Severity {
        switch self {
        case .failed, .deadLettered: .high
        case .created, .updated, .deleted, .recovered: .medium
        case .synced(_, _, let sync): sync.isSuccessful ? .low : .medium
        case .advanced, .deadLettersRemoved: .low
        }
    }

    /// Sealed secrets, which the journal keeps beside the event and nobody is sent.
    var secrets: [String: String]? {
        switch self {
        case .created(let record): record.secrets
        case .updated(_, _, _, _, let secrets): secrets
        case .deleted, .synced, .failed, .recovered, .deadLettered, .advanced,
            .deadLettersRemoved:
            nil
        }
    }
}

/// All connections: a value that changes by ``apply(_:at:)``.
package struct IntegrationState: Equatable, Sendable {
    /// Of one connection; the oldest go first.
    package static let mostDeadLetters = 100

    package private(set) var records: [String: IntegrationRecord] = [:]

    package init() {}

    /// In the order in which they were created.
    package var all: [IntegrationRecord] { records.values.sorted { $0.id < $1.id } }

    mutating func adopt(_ record: IntegrationRecord) { records[record.id] = record }

    package mutating func apply(_ change: IntegrationChange, at time: Timestamp) {
        switch change {
        case .created(let record):
            records[record.id] = record
        case .updated(let id, let name, let configuration, let isPaused, let secrets):
            records[id]?.name = name
            records[id]?.configuration = configuration
            records[id]?.isPaused = isPaused
            records[id]?.secrets.merge(secrets) { $1 }
            records[id]?.failure = nil
            records[id]?.updatedAt = time
        case .deleted(let id, _):
            records[id] = nil
        case .synced(let id, _, let sync):
            records[id]?.lastSync = sync
        case .failed(let id, _, let reason):
            records[id]?.failure = reason
        case .recovered(let id, _):
            records[id]?.failure = nil
        case .deadLettered(let id, _, let letter):
            // What was given up is not sent again after a crash.
            if let sequence = records[id]?.position.sequence, letter.sequence > sequence {
                records[id]?.position.sequence = letter.sequence
                records[id]?.position.offsets[letter.channel] = letter.offset
            }
            let isKnown = records[id]?.deadLetters.contains { $0.eventID == letter.eventID }
            if isKnown == false { records[id]?.deadLetters.append(letter) }
            if let count = records[id]?.deadLetters.count, count > Self.mostDeadLetters {
                records[id]?.deadLetters.removeFirst(count - Self.mostDeadLetters)
            }
        case .advanced(let id, let position):
            if let sequence = records[id]?.position.sequence, position.sequence >= sequence {
                records[id]?.position = position
            }
        case .deadLettersRemoved(let id, let eventIDs):
            records[id]?.deadLetters.removeAll { eventIDs.contains($0.eventID) }
        }
    }
}
