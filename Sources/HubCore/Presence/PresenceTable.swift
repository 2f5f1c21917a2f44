/// Who is in which channel: the members of each, with a grace period for those who come back.
///
/// A member is a session, or several under an id that they chose: such a member stays for the
/// grace period after its last session is lost, so that a reconnect makes no noise. Time is passed
/// in, in milliseconds of a clock that never steps.
package struct PresenceTable {
    /// The most members a channel may have.
    package let capacity: Int
    /// How long a member that lost its last session stays.
    package let grace: UInt64
    private var rooms: [String: Room] = [:]
    /// Members that lost their last session, each once, those first who are due first.
    private var leaving: [Departure] = []
    private var firstLeaving = 0
    package private(set) var memberCount = 0

    private struct Room {
        var members: [String: Entry] = [:]
        /// Of sessions that chose an id.
        var ids: [String: String] = [:]
        /// Sessions that are told of changes.
        var watchers = 0
    }

    private struct Entry {
        var member: PresenceMember
        var sessions: Int
        /// When it leaves unless a session of it comes back.
        var leavesAt: UInt64?
        /// It has a place among those who leave, be it for an earlier loss.
        var isQueued = false
    }

    private struct Departure {
        var at: UInt64
        var channel: String
        var id: String
    }

    package init(capacity: Int, grace: UInt64) {
        self.capacity = capacity
        self.grace = grace
    }

    /// A session is in a channel from now on.
    ///
    /// - Parameters:
    ///   - channel: Name of the channel.
    ///   - session: Id of the session.
    ///   - member: As which member; its `id` is the session's unless the session chose one.
    ///   - watches: Whether the session is told of changes.
    /// - Returns: What changed for those who watch: nothing for a member that was there.
    /// - Throws: When the channel has as many members as may be.
    package mutating func join(
        _ channel: String,
        session: String,
        as member: PresenceMember,
        watches: Bool
    ) throws(PresenceFull) -> PresenceChange? {
        // Taken out while it is changed, so that nothing is copied.
        var room = rooms.removeValue(forKey: channel) ?? Room()
        defer { store(room, as: channel) }
        var change: PresenceChange?
        if var entry = room.members[member.id] {
            entry.sessions += 1
            entry.leavesAt = nil
            if let info = member.info, info != entry.member.info {
                entry.member.info = info
                change = PresenceChange(channel, .update, entry.member)
            }
            room.members[member.id] = entry
        } else {
            guard room.members.count < capacity else { throw PresenceFull() }
            room.members[member.id] = Entry(member: member, sessions: 1)
            memberCount += 1
            change = PresenceChange(channel, .join, member)
        }
        if member.id != session { room.ids[session] = member.id }
        if watches { room.watchers += 1 }
        return room.watchers > 0 ? change : nil
    }

    /// A session is no longer in a channel.
    ///
    /// - Parameters:
    ///   - channel: Name of the channel.
    ///   - session: Id of the session.
    ///   - watched: Whether it was told of changes.
    ///   - isLost: Whether it may come back: the connection was lost, and not left.
    ///   - now: The time.
    /// - Returns: The member that left, if somebody is to be told.
    package mutating func leave(
        _ channel: String,
        session: String,
        watched: Bool,
        isLost: Bool,
        now: UInt64
    ) -> PresenceChange? {
        guard var room = rooms.removeValue(forKey: channel) else { return nil }
        defer { store(room, as: channel) }
        if watched { room.watchers -= 1 }
        let chosen = room.ids.removeValue(forKey: session)
        let id = chosen ?? session
        var change: PresenceChange?
        if var entry = room.members[id] {
            entry.sessions -= 1
            if entry.sessions > 0 {
                room.members[id] = entry
            } else if isLost, chosen != nil, grace > 0 {
                entry.leavesAt = now + grace
                if !entry.isQueued {
                    leaving.append(Departure(at: now + grace, channel: channel, id: id))
                    entry.isQueued = true
                }
                room.members[id] = entry
            } else {
                room.members[id] = nil
                memberCount -= 1
                change = PresenceChange(channel, .leave, entry.member)
            }
        }
        return room.watchers > 0 ? change : nil
    }

    /// Changes what a session's member says of itself.
    ///
    /// - Returns: Whether the session is a member; and what changed, if somebody is to be told.
    package mutating func update(
        _ channel: String,
        session: String,
        info: [UInt8]
    ) -> (isMember: Bool, change: PresenceChange?) {
        guard let room = rooms[channel] else { return (false, nil) }
        let id = room.ids[session] ?? session
        guard var entry = room.members[id], entry.sessions > 0 else { return (false, nil) }
        guard entry.member.info != info else { return (true, nil) }
        entry.member.info = info
        rooms[channel]?.members[id] = entry
        return (true, room.watchers > 0 ? PresenceChange(channel, .update, entry.member) : nil)
    }

    /// Lets members go whose grace period is over.
    ///
    /// - Returns: Those of whom somebody is to be told.
    package mutating func expire(now: UInt64) -> [PresenceChange] {
        var changes: [PresenceChange] = []
        while firstLeaving < leaving.count, leaving[firstLeaving].at <= now {
            let departure = leaving[firstLeaving]
            firstLeaving += 1
            guard var room = rooms.removeValue(forKey: departure.channel) else { continue }
            defer { store(room, as: departure.channel) }
            guard var entry = room.members[departure.id] else { continue }
            if let due = entry.leavesAt, due > now {
                // It was back meanwhile, and lost again.
                leaving.append(Departure(at: due, channel: departure.channel, id: departure.id))
            } else if entry.leavesAt != nil {
                room.members[departure.id] = nil
                memberCount -= 1
                guard room.watchers > 0 else { continue }
                changes.append(PresenceChange(departure.channel, .leave, entry.member))
            } else {
                entry.isQueued = false
                room.members[departure.id] = entry
            }
        }
        if firstLeaving > 64, firstLeaving * 2 > leaving.count {
            leaving.removeFirst(firstLeaving)
            firstLeaving = 0
        }
        return changes
    }

    /// The members of a channel by id, those after `id` and at most `limit`; and how many there are.
    package func members(
        of channel: String,
        after id: String?,
        limit: Int
    ) -> (members: [PresenceMember], count: Int) {
        guard let room = rooms[channel] else { return ([], 0) }
        let ids = room.members.keys.filter { $0 > id ?? "" }.sorted().prefix(limit)
        return (ids.compactMap { room.members[$0]?.member }, room.members.count)
    }

    private mutating func store(_ room: Room, as channel: String) {
        let isEmpty = room.members.isEmpty && room.ids.isEmpty && room.watchers == 0
        rooms[channel] = isEmpty ? nil : room
    }
}

/// Somebody in a channel, as others see it.
package struct PresenceMember: Equatable, Sendable {
    package var id: String
    package var userID: String?
    /// What it says of itself: JSON text.
    package var info: [UInt8]?
    /// Milliseconds since 1970.
    package var joinedAt: Int64

    package init(id: String, userID: String?, info: [UInt8]?, joinedAt: Int64) {
        self.id = id
        self.userID = userID
        self.info = info
        self.joinedAt = joinedAt
    }
}

/// A change of which those who watch a channel are told.
package struct PresenceChange: Equatable, Sendable {
    package enum Action: String, Sendable {
        case join, leave, update
    }

    package var channel: String
    package var action: Action
    package var member: PresenceMember

    package init(_ channel: String, _ action: Action, _ member: PresenceMember) {
        self.channel = channel
        self.action = action
        self.member = member
    }
}

/// A channel has as many members as may be.
package struct PresenceFull: Error, Equatable, Sendable {
    package init() {}
}
