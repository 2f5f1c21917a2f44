import AgentRuntime
import EventLoops
import HubCore
import Identity
import JSONRPC
import Synchronization
import Transport
import WebSocketProtocol

// Who is subscribed to the channels of clients: everybody who is subscribed by name is a member,
// and those who asked for it are told when somebody comes, goes or changes.
extension HubLoop {
    /// Notes a new subscriber of a client channel.
    mutating func join(_ id: ConnectionID, _ request: SubscribeRequest) throws(RPCError) {
        guard let session = session(of: id), ChannelKind(request.channel) == .client,
            context.namespaces.rules(of: request.channel).hasPresence
        else { return }
        let member = PresenceMember(
            id: request.presence?.id ?? session.id,
            userID: session.principal?.ownUserID,
            info: request.presence?.info,
            joinedAt: WallClock.milliseconds
        )
        let watches = request.presence != nil
        do {
            try context.presence.join(
                request.channel,
                session: session.id,
                as: member,
                watches: watches
            )
        } catch {
            exceeded.note(.presenceMembers)
            // Who did not ask to be seen is just not listed.
            guard watches else { return }
            let limit = context.configuration.channels.presenceMembers
            throw .busy(
                "'\(request.channel)' has \(limit) members; raise channels.presenceMembers"
            )
        }
    }

    /// Notes that a session is no longer subscribed.
    func leave(_ session: Session, _ channel: Channel, watched: Bool, isLost: Bool) {
        guard ChannelKind(channel.name) == .client else { return }
        context.presence.leave(
            channel.name,
            session: session.id,
            watched: watched,
            isLost: isLost,
            now: transport.now
        )
    }

    /// Lets those go who did not come back in time.
    func expirePresence() {
        context.presence.expire(now: transport.now)
    }

    /// `hub.presence`: who is there, after the caller's own entry was changed if it said so.
    func presence(_ id: ConnectionID, _ params: JSONObject) throws(RPCError) -> JSONValue {
        let name = params["channel"]?.stringValue ?? ""
        if let problem = ChannelName.problem(with: name) { throw .validation("/channel", problem) }
        guard ChannelKind(name) == .client else {
            throw .validation("/channel", "is for channels of clients: 'app.…'")
        }
        try checkReading(name, id, calling: "hub.presence")
        try checkPresence(context.namespaces.rules(of: name), of: name)
        if let info = params["info"] { try update(id, name, try encodedInfo(info, "/info")) }
        let limit = params["limit"]?.intValue ?? 100
        let after = params["after"]?.stringValue
        let (members, count) = context.presence.members(of: name, after: after, limit: limit)
        return [
            "channel": .string(name), "count": .integer(count),
            "members": .array(members.map(\.json)),
        ]
    }

    private func update(
        _ id: ConnectionID,
        _ channel: String,
        _ info: [UInt8]
    ) throws(RPCError) {
        guard let session = session(of: id) else { return }
        guard context.presence.update(channel, session: session.id, info: info) else {
            throw RPCError(.notSubscribed, "not subscribed to '\(channel)', so not a member")
        }
    }

    /// Tells the subscribers of this loop who want to know.
    mutating func tellPresence(_ message: [UInt8], of channel: Channel) {
        guard let position = channels.index(of: channel) else { return }
        var subscribers: [Subscriber] = []
        channels.swapSubscribers(of: position, with: &subscribers)
        for subscriber in subscribers where subscriber.watchesPresence {
            message.withUnsafeBytes { transport.send(.text, $0, to: subscriber.connection) }
        }
        channels.swapSubscribers(of: position, with: &subscribers)
    }
}

/// How a subscriber wants to be seen; having one, it is told of changes.
struct PresenceRequest: Equatable, Sendable {
    var id: String?
    /// JSON text.
    var info: [UInt8]?

    /// - Parameter value: `true`, or `{id?, info?}`; anything else asks for nothing.
    /// - Throws: VALIDATION_ERROR when `info` is too long.
    init?(_ value: JSONValue?) throws(RPCError) {
        switch value {
        case .bool(true): return
        case .object(let wanted):
            id = wanted["id"]?.stringValue
            if let info = wanted["info"] { self.info = try encodedInfo(info, "/presence/info") }
        default: return nil
        }
    }
}

/// The most bytes that a member may say of itself, as JSON text.
private let maximumInfoBytes = 1_024

private func encodedInfo(_ info: JSONValue, _ path: String) throws(RPCError) -> [UInt8] {
    let bytes = info.encoded()
    guard bytes.count <= maximumInfoBytes else {
        throw .validation(path, "must be at most \(maximumInfoBytes) bytes as JSON")
    }
    return bytes
}

extension PresenceMember {
    fileprivate var json: JSONValue {
        var member: JSONObject = ["id": .string(id)]
        if let userID { member["userId"] = .string(userID) }
        if let info { member["info"] = JSONValue(validated: info.span, 0..<info.count) }
        member["joinedAt"] = .string(Timestamps.text(joinedAt))
        return .object(member)
    }
}

extension [Mailbox<LoopMessage>] {
    /// Tells all loops that somebody came, went or changed.
    func tell(_ change: PresenceChange, in registry: ChannelRegistry) {
        guard let channel = registry[change.channel] else { return }
        var message: [UInt8] = []
        message.appendNotification(method: "hub.presence", params: change.json.encoded())
        for mailbox in self { mailbox.post(.presence(channel, message)) }
    }
}

extension PresenceChange {
    fileprivate var json: JSONValue {
        [
            "channel": .string(channel), "action": .string(action.rawValue), "member": member.json,
        ]
    }
}
