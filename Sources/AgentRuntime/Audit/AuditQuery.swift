/// Which entries `system.audit` answers.
package struct AuditQuery: Equatable, Sendable {
    package static let maximumLimit = 1000

    /// Only entries that were written at this time or later.
    package var since: Timestamp?
    /// Only entries behind this one.
    package var after: UInt64
    /// 1…``maximumLimit``.
    package var limit: Int
    package var userID: String?
    package var method: String?
    package var objectKind: String?
    package var objectID: String?
    package var outcome: AuditEntry.Outcome?

    package init(
        since: Timestamp? = nil,
        after: UInt64 = 0,
        limit: Int = 100,
        userID: String? = nil,
        method: String? = nil,
        objectKind: String? = nil,
        objectID: String? = nil,
        outcome: AuditEntry.Outcome? = nil
    ) {
        self.since = since
        self.after = after
        self.limit = limit
        self.userID = userID
        self.method = method
        self.objectKind = objectKind
        self.objectID = objectID
        self.outcome = outcome
    }

    /// Whether an entry that was written at `time` is one of them.
    package func includes(_ entry: AuditEntry, at time: Timestamp) -> Bool {
        if entry.number <= after { return false }
        if let since, time < since { return false }
        if let userID, entry.actor.userID != userID { return false }
        if let method, entry.method != method { return false }
        if let objectKind, entry.object?.kind != objectKind { return false }
        if let objectID, entry.object?.id != objectID { return false }
        if let outcome, entry.outcome != outcome { return false }
        return true
    }
}
