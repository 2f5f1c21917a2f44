package import JSONRPC

/// A connection to the outside, as the state keeps it.
package struct IntegrationRecord: Equatable, Sendable {
    package enum Status: String, Sendable, CaseIterable {
        case active
        /// Its service did not answer as it should, again and again.
        case failing
        /// Nothing is sent.
        case paused
    }

    package let id: String
    /// One of Integrations' types.
    package let type: String
    /// Unique.
    package var name: String
    package var configuration: JSONObject
    /// By name, sealed: nobody is sent them.
    package var secrets: [String: String]
    package var isPaused: Bool
    /// Why it fails.
    package var failure: String?
    package let createdBy: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var lastSync: LastSync?
    /// Up to where a webhook was sent events.
    package var position: FeedPosition
    /// What a webhook could not be sent, the oldest first.
    package var deadLetters: [DeadLetter] = []

    /// What became of the last sync.
    package struct LastSync: Equatable, Sendable {
        package var at: Timestamp
        package var direction: String
        package var isSuccessful: Bool
        /// For people.
        package var message: String

        package init(at: Timestamp, direction: String, isSuccessful: Bool, message: String) {
            self.at = at
            self.direction = direction
            self.isSuccessful = isSuccessful
            self.message = message
        }
    }

    package init(
        id: String,
        type: String,
        name: String,
        configuration: JSONObject,
        secrets: [String: String],
        createdBy: String,
        createdAt: Timestamp,
        position: FeedPosition = FeedPosition()
    ) {
        self.id = id
        self.type = type
        self.name = name
        self.configuration = configuration
        self.secrets = secrets
        isPaused = false
        self.createdBy = createdBy
        self.createdAt = createdAt
        updatedAt = createdAt
        self.position = position
    }

    package var status: Status { isPaused ? .paused : failure == nil ? .active : .failing }
}

/// A place in all channels of the runtime whose events webhooks are sent.
package struct FeedPosition: Equatable, Sendable {
    /// The last event that was sent or passed over.
    package var sequence: UInt64 = 0
    /// Of the last event at or before it in each channel.
    package var offsets: [String: UInt64] = [:]

    package init(sequence: UInt64 = 0, offsets: [String: UInt64] = [:]) {
        self.sequence = sequence
        self.offsets = offsets
    }
}

/// An event that a webhook could not be sent.
package struct DeadLetter: Equatable, Sendable {
    package var eventID: String
    package var sequence: UInt64
    package var type: String
    /// Where it is found again.
    package var channel: String
    package var offset: UInt64
    package var reason: String
    package var attempts: Int
    package var at: Timestamp

    package init(
        eventID: String,
        sequence: UInt64,
        type: String,
        channel: String,
        offset: UInt64,
        reason: String,
        attempts: Int,
        at: Timestamp
    ) {
        self.eventID = eventID
        self.sequence = sequence
        self.type = type
        self.channel = channel
        self.offset = offset
        self.reason = reason
        self.attempts = attempts
        self.at = at
    }
}
