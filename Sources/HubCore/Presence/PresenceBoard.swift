import Synchronization

/// Who is in the channels of clients, for all threads; tells of changes in the order in which they
/// happen.
///
/// Telling is part of the change: another thread's change waits for it, else a member that came and
/// went at once could be seen to go before it came, and stay for ever.
package final class PresenceBoard: Sendable {
    private let table: Mutex<PresenceTable>
    private let tell: @Sendable (PresenceChange) -> Void

    /// - Parameters:
    ///   - table: Who is there.
    ///   - tell: Called with each change that somebody watches, by the thread that makes it and one
    ///     call at a time: must be short and change nothing here.
    package init(
        _ table: consuming PresenceTable,
        tell: @escaping @Sendable (PresenceChange) -> Void
    ) {
        self.table = Mutex(table)
        self.tell = tell
    }

    package var memberCount: Int { table.withLock { $0.memberCount } }

    /// What ``PresenceTable/join(_:session:as:watches:)`` does.
    package func join(
        _ channel: String,
        session: String,
        as member: PresenceMember,
        watches: Bool
    ) throws(PresenceFull) {
        try table.withLock { (table) throws(PresenceFull) in
            let change = try table.join(channel, session: session, as: member, watches: watches)
            if let change { tell(change) }
        }
    }

    /// What ``PresenceTable/leave(_:session:watched:isLost:now:)`` does.
    package func leave(
        _ channel: String,
        session: String,
        watched: Bool,
        isLost: Bool,
        now: UInt64
    ) {
        table.withLock { table in
            let change = table.leave(
                channel,
                session: session,
                watched: watched,
                isLost: isLost,
                now: now
            )
            if let change { tell(change) }
        }
    }

    /// Changes what a session's member says of itself; false when the session is no member.
    package func update(_ channel: String, session: String, info: [UInt8]) -> Bool {
        table.withLock { table in
            let (isMember, change) = table.update(channel, session: session, info: info)
            if let change { tell(change) }
            return isMember
        }
    }

    /// Lets members go whose grace period is over.
    package func expire(now: UInt64) {
        table.withLock { table in
            for change in table.expire(now: now) { tell(change) }
        }
    }

    /// The members of a channel by id, those after `id` and at most `limit`; and how many there are.
    package func members(
        of channel: String,
        after id: String?,
        limit: Int
    ) -> (members: [PresenceMember], count: Int) {
        table.withLock { $0.members(of: channel, after: id, limit: limit) }
    }
}
