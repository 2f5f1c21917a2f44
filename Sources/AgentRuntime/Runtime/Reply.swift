package import Identity
package import HubCore

/// What a command is answered with, once everything that it tells of is durable.
package struct Reply: Equatable, Sendable {
    /// One JSON value.
    package var result: [UInt8]
    /// Of ``Command/state(channel:limit:cursor:)``: where in the channel the answer is true.
    package var position: StreamPosition?
    /// Of ``Command/state(channel:limit:cursor:)``: the cursor of the next page, if there is one.
    package var next: String?
    /// Of ``Command/state(channel:limit:cursor:)`` of a task: the sequence of its first event.
    package var firstSequence: UInt64?

    package init(result: [UInt8], position: StreamPosition? = nil, next: String? = nil) {
        self.result = result
        self.position = position
        self.next = next
    }
}

/// On whose behalf a command is given.
package struct Caller: Equatable, Sendable {
    /// Becomes `createdBy` of tasks and scopes idempotency keys.
    package var userID: String
    package var sessionID: String
    /// Of the API key that the session was authenticated with.
    package var apiKeyID: String?
    /// The peer's host, for the audit.
    package var address: String?
    /// How the command came, for the audit.
    package var transport: String?
    /// What it proved to be; `nil` for the hub itself.
    package var principal: Principal?

    package init(
        userID: String,
        sessionID: String,
        apiKeyID: String? = nil,
        address: String? = nil,
        transport: String? = nil,
        principal: Principal? = nil
    ) {
        self.userID = userID
        self.sessionID = sessionID
        self.apiKeyID = apiKeyID
        self.address = address
        self.transport = transport
        self.principal = principal
    }

    var actor: AuditActor {
        AuditActor(
            userID: userID,
            sessionID: sessionID,
            apiKeyID: apiKeyID,
            address: address,
            transport: transport
        )
    }
}
