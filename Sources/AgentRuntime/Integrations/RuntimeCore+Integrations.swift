import Identity
package import JSONRPC

/// What the runtime can be asked to do about connections; what they are is decided elsewhere.
package enum IntegrationCommand: Equatable, Sendable {
    /// `integrations.create`. Answers the Integration object.
    case create(IntegrationRecord)
    /// `integrations.update`; `nil` stays as it is. Answers the Integration object.
    case update(
        id: String,
        name: String?,
        configuration: JSONObject?,
        isPaused: Bool?,
        secrets: [String: String]
    )
    /// `integrations.delete`. Answers `{}`.
    case delete(id: String)
    /// What the hub notes by itself; nobody is answered more than `{}`.
    case note(IntegrationChange)
    /// Somebody is about to make a request with a connection. Answers the Integration object.
    case use(id: String, method: String)

    /// The method that gives the command; `nil` for what the hub does by itself.
    package var method: String? {
        switch self {
        case .create: "integrations.create"
        case .update: "integrations.update"
        case .delete: "integrations.delete"
        case .use(_, let method): method
        case .note: nil
        }
    }
}

extension RuntimeCore {
    mutating func execute(_ command: IntegrationCommand, order: Order) {
        switch command {
        case .create(let record): create(record, order: order)
        case .update(let id, let name, let configuration, let isPaused, let secrets):
            guard let record = state.integrations.records[id] else { return refuseUnknown(order) }
            let newName = name ?? record.name
            guard isFree(newName, for: id) else { return refuseName(newName, order) }
            change(
                .updated(
                    id: id,
                    name: newName,
                    configuration: configuration ?? record.configuration,
                    isPaused: isPaused ?? record.isPaused,
                    newSecrets: secrets
                ),
                order
            )
        case .delete(let id):
            guard let record = state.integrations.records[id] else { return refuseUnknown(order) }
            change(.deleted(id: id, name: record.name), order)
        case .note(let change):
            if state.integrations.records[change.integrationID] != nil {
                emitSystem(.integration(change, requestedBy: nil))
            }
            reply(order.ticket, .success(Reply(result: Self.nothing)))
        case .use(let id, _):
            guard let record = state.integrations.records[id] else { return refuseUnknown(order) }
            audit(order, of: AuditObject(kind: "integration", id: id), hasEffect: false)
            reply(order.ticket, .success(Reply(result: record.encoded())))
        }
    }

    private mutating func create(_ record: IntegrationRecord, order: Order) {
        let limit = configuration.maximumIntegrations
        guard state.integrations.records.count < limit else {
            return refuse(order.ticket, .conflict("there are \(limit) integrations already"))
        }
        guard isFree(record.name, for: record.id) else { return refuseName(record.name, order) }
        var record = record
        record.createdAt = now.wall
        record.updatedAt = now.wall
        // What happened before is not its business.
        record.position = FeedPosition(sequence: state.sequence, offsets: state.feedOffsets)
        change(.created(record), order)
    }

    private mutating func change(_ change: IntegrationChange, _ order: Order) {
        let user = order.caller.userID.isEmpty ? nil : order.caller.userID
        emitSystem(.integration(change, requestedBy: user))
        let id = change.integrationID
        audit(order, of: AuditObject(kind: "integration", id: id), hasEffect: true)
        let record = state.integrations.records[id]
        reply(order.ticket, .success(Reply(result: record?.encoded() ?? Self.nothing)))
    }

    private func isFree(_ name: String, for id: String) -> Bool {
        !state.integrations.records.values.contains { $0.name == name && $0.id != id }
    }

    private mutating func refuseName(_ name: String, _ order: Order) {
        refuse(order.ticket, .conflict("there is an integration called '\(name)' already"))
    }

    private mutating func refuseUnknown(_ order: Order) {
        refuse(order.ticket, .notFound("no such integration"))
    }
}

extension RuntimeState {
    /// Where the channels stand whose events webhooks are sent.
    package var feedOffsets: [String: UInt64] {
        var offsets: [String: UInt64] = [:]
        for channel in FeedPosition.channels { offsets[channel] = offset(of: channel) }
        return offsets
    }
}

extension FeedPosition {
    /// The channels whose events webhooks are sent.
    package static let channels = ["tasks", "agents", "system", "schedules", "workflows"]
}
