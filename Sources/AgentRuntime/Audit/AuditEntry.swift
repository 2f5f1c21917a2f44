/// Who did what to which object, from where, and whether it was allowed: one link of the chain.
///
/// It never holds a secret, nor anything of a command's params but the id of its object.
package struct AuditEntry: Equatable, Sendable {
    package enum Outcome: String, CaseIterable, Sendable {
        case allowed
        case denied
    }

    /// 1 for the first of the state folder; also the offset in the channel `audit`.
    package var number: UInt64
    /// Of the event of the entry before as it is published; zero for the first.
    package var previous: SHA256Digest
    package var outcome: Outcome
    /// The method of protocol.md that was called.
    package var method: String
    package var actor: AuditActor
    package var object: AuditObject?
    /// Why it was denied: the `data.code` of the error, such as `FORBIDDEN`.
    package var reason: String?
    /// How many attempts the entry stands for; more than 1 only for denied ones.
    package var count = 1
    /// When the first of several attempts was made; the event's time is that of the writing.
    package var since: Timestamp?
    /// What the command did at once: the record right before the entry.
    package var effect: AuditedEffect?
    /// What retention removes once the entry is durable.
    package var trim: AuditTrim?

    package init(
        number: UInt64,
        previous: SHA256Digest,
        outcome: Outcome,
        method: String,
        actor: AuditActor,
        object: AuditObject? = nil
    ) {
        self.number = number
        self.previous = previous
        self.outcome = outcome
        self.method = method
        self.actor = actor
        self.object = object
    }
}

/// On whose behalf and from where something was asked for.
package struct AuditActor: Hashable, Sendable {
    /// `nil` for somebody who did not say who they are.
    package var userID: String?
    package var sessionID: String?
    /// Of the API key that the session was authenticated with.
    package var apiKeyID: String?
    /// The peer's host, or `unix`.
    package var address: String?
    /// Such as `websocket`.
    package var transport: String?

    package init(
        userID: String? = nil,
        sessionID: String? = nil,
        apiKeyID: String? = nil,
        address: String? = nil,
        transport: String? = nil
    ) {
        self.userID = userID
        self.sessionID = sessionID
        self.apiKeyID = apiKeyID
        self.address = address
        self.transport = transport
    }
}

/// What a command is about.
package struct AuditObject: Hashable, Sendable {
    /// `task`, `agent`, `channel`, `user` …: open, for others to add theirs.
    package var kind: String
    package var id: String

    package init(kind: String, id: String) {
        self.kind = kind
        self.id = id
    }

    package static func task(_ id: String) -> AuditObject { AuditObject(kind: "task", id: id) }
    package static func agent(_ id: String) -> AuditObject { AuditObject(kind: "agent", id: id) }
    package static func channel(_ name: String) -> AuditObject {
        AuditObject(kind: "channel", id: name)
    }
}

/// An event that an entry vouches for: by its digest the chain covers it too.
package struct AuditedEffect: Equatable, Sendable {
    package var sequence: UInt64
    /// Of the event as it is published.
    package var digest: SHA256Digest

    package init(sequence: UInt64, digest: SHA256Digest) {
        self.sequence = sequence
        self.digest = digest
    }
}

/// A link of the chain, known by its number and its digest.
package struct AuditLink: Equatable, Sendable {
    /// 0 stands before the first entry.
    package var number: UInt64 = 0
    /// Of its record; 0 before the first entry.
    package var sequence: UInt64 = 0
    package var digest = SHA256Digest.zero

    package init() {}

    package init(number: UInt64, sequence: UInt64, digest: SHA256Digest) {
        self.number = number
        self.sequence = sequence
        self.digest = digest
    }
}

/// Which records retention removes for good, and where the chain begins then.
package struct AuditTrim: Equatable, Sendable {
    /// The sequence behind the last one that goes.
    package var before: UInt64
    /// The newest entry among those that go, or before them; its `sequence` is not told.
    package var anchor: AuditLink?

    package init(before: UInt64, anchor: AuditLink?) {
        self.before = before
        self.anchor = anchor
    }
}

/// Where the chain begins and ends, as the state knows it.
package struct AuditChain: Equatable, Sendable {
    /// Entries after this one must be on disk; retention may have removed it and those before.
    package var anchor = AuditLink()
    /// The newest entry.
    package var head = AuditLink()
    /// Records before this sequence may have been removed.
    package var removedBefore: UInt64 = 0

    package init() {}
}
