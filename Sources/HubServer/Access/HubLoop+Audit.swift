import AgentRuntime
import HubCore
import JSONRPC
import Journal
import Transport

// `system.audit`: the entries of the audit, read from disk.
extension HubLoop {
    /// - Returns: Whether the answer comes later.
    mutating func audit(
        _ query: AuditQuery,
        _ pending: PendingAnswer
    ) throws(RPCError) -> Bool {
        let head = context.registry["audit"]?.position.offset ?? 0
        guard query.after < head else {
            result = Self.encode(PastEvents(reached: query.after, isWhole: true), head: head)
            return false
        }
        var range = HistoryQuery(
            channel: "audit",
            after: query.after,
            through: head,
            count: query.limit,
            byteLimit: context.configuration.channels.answerBytes
        )
        // What retention has removed is no error: the oldest that is there comes first.
        range.mayBeginLater = true
        try readPast(PendingPast(answer: pending, purpose: .audit(head: head)), range) { event in
            guard case .audit(let entry) = event.change else { return false }
            return query.includes(entry, at: event.timestamp)
        }
        return true
    }

    /// The result of `system.audit`.
    static func encode(_ found: PastEvents, head: UInt64) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("entries")
        writer.beginArray()
        for event in found.events { writer.raw(event.json) }
        writer.endArray()
        writer.member("head", head)
        if found.reached < head { writer.member("next", found.reached) }
        writer.endObject()
        return writer.takeBytes()
    }
}

extension AuditQuery {
    /// Reads params that are valid by the method's schema.
    init(_ params: JSONObject) throws(RPCError) {
        var since: Timestamp?
        if let text = params["since"]?.stringValue {
            since = Timestamp(text)
            guard since != nil else {
                throw .validation("/since", "must be a time like 2026-01-31T12:00:00Z")
            }
        }
        let object = params["object"]?.objectValue
        self.init(
            since: since,
            after: UInt64(clamping: params["after"]?.intValue ?? 0),
            limit: params["limit"]?.intValue ?? 100,
            userID: params["user"]?.stringValue,
            method: params["method"]?.stringValue,
            objectKind: object?["kind"]?.stringValue,
            objectID: object?["id"]?.stringValue,
            outcome: params["outcome"]?.stringValue.flatMap(AuditEntry.Outcome.init)
        )
    }
}
