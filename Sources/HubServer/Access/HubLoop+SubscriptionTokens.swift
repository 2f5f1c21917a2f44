import AgentRuntime
import EventLoops
import HubCore
import Identity
import JSONRPC
import Transport

// Tokens by which a page gets some channels and nothing else.
extension HubLoop {
    /// `auth.subscriptionToken`: of what the caller may do itself.
    mutating func issueSubscriptionToken(
        _ params: JSONObject,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        guard let rules = session(of: pending.connection)?.rules else {
            throw .unauthenticated("the session is not authenticated")
        }
        let grant = try grant(params, rules, pending.connection)
        let now = WallClock.milliseconds
        let seconds = try lifetime(params)
        // A token does not outlive what it was issued with, as far as that is known now.
        let expiresAt = min(now + Int64(seconds) * 1_000, rules.expiry(in: context) ?? .max)
        let issued = context.identity.tokens.issue(
            grant,
            by: rules.principal,
            now: now,
            expiresAt: expiresAt
        )
        guard let token = issued else { throw .internal }
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.member("token", token)
        writer.member("tokenId", grant.id)
        writer.member("expiresIn", Int(max(0, expiresAt - now) / 1_000))
        grant.writeMembers(to: &writer)
        writer.endObject()
        let answer = writer.takeBytes()
        // Nothing changes, but who gave what away is in the audit.
        let channels = grant.channels.joined(separator: " ")
        try deferred(pending).submit(.issueToken(channels: channels)) { _ in answer }
    }

    private func lifetime(_ params: JSONObject) throws(RPCError) -> Int {
        let auth = context.configuration.auth
        let longest = auth.maxSubscriptionTokenMs / 1_000
        guard let seconds = params["expiresIn"]?.intValue else {
            return max(1, min(auth.subscriptionTokenMs, auth.maxSubscriptionTokenMs) / 1_000)
        }
        guard (1...max(1, longest)).contains(seconds) else {
            throw .validation(
                "/expiresIn",
                "must be 1 to \(longest) seconds (auth.maxSubscriptionTokenMs)"
            )
        }
        return seconds
    }

    private func grant(
        _ params: JSONObject,
        _ rules: AccessRules,
        _ id: ConnectionID
    ) throws(RPCError) -> ChannelGrant {
        let actions = Set(
            (params["actions"]?.arrayValue ?? []).compactMap { action in
                action.stringValue.flatMap(ChannelGrant.Action.init(rawValue:))
            }
        )
        for action in ChannelGrant.Action.allCases where actions.contains(action) {
            try Permission.read.check(rules, calling: action.method)
        }
        let channels = (params["channels"]?.arrayValue ?? []).compactMap(\.stringValue)
        let limit = context.configuration.auth.subscriptionTokenChannels
        guard channels.count <= limit else {
            throw .validation(
                "/channels",
                "must be at most \(limit) (auth.subscriptionTokenChannels)"
            )
        }
        for (index, channel) in channels.enumerated() {
            do throws(RPCError) {
                try checkGranting(channel, actions, rules, id, path: "/channels/\(index)")
            } catch {
                if error.isDenial || error.code == ErrorCode.notFound {
                    noteDenial(of: "auth.subscriptionToken", .channel(channel), from: id)
                }
                throw error
            }
        }
        var random = SystemRandomNumberGenerator()
        let name = Hexadecimal.encode(randomBytes(16, using: &random))
        guard let grant = ChannelGrant(id: name, channels: channels, actions: actions) else {
            throw .validation("/channels", "must be names or patterns, with actions")
        }
        return grant
    }

    /// Refuses to give away what the caller may not do itself.
    private func checkGranting(
        _ channel: String,
        _ actions: Set<ChannelGrant.Action>,
        _ rules: AccessRules,
        _ id: ConnectionID,
        path: String
    ) throws(RPCError) {
        let isOfClients = channel.hasPrefix("app.")
        if let problem = SubscribeRequest.problem(with: channel) {
            throw .validation(path, problem)
        }
        let unknown = RPCError.notFound("channel '\(channel.prefix(64))' does not exist")
        guard isOfClients || ChannelKind(channel) != .unknown else { throw unknown }
        let namespace = isOfClients ? context.namespaces.rules(of: channel) : nil
        if actions != [.publish] {
            guard rules.mayRead(channel),
                namespace.map({ rules.mayGrant(by: $0.subscribe) }) ?? true
            else { throw unknown }
        }
        guard actions.contains(.publish) else { return }
        guard let namespace else {
            throw .forbidden("only the hub publishes on '\(channel)'; clients publish on 'app.…'")
        }
        guard rules.mayGrant(by: namespace.publish) else {
            throw .forbidden("you may not publish on '\(channel)'")
        }
    }
}

extension AccessRules {
    /// When what the caller has proved itself by ends for good; `nil` for what has no such end.
    fileprivate func expiry(in context: HubContext) -> Int64? {
        switch principal.credential {
        case .session(let id):
            context.identity.directory.read { $0.sessions[id]?.expiresAt }
        case .apiKey, .foreign, .grant:
            principal.expiresAt
        case .development:
            nil
        }
    }
}

extension ChannelGrant {
    /// `channels` and `actions`, as they are described to clients.
    func writeMembers(to writer: inout JSONWriter) {
        for case (let name, let value) in members { writer.member(name, value) }
    }

    /// What the session that holds it is told of it.
    var description: JSONValue {
        var object = JSONObject([("tokenId", .string(id))])
        for case (let name, let value) in members { object[name] = value }
        return .object(object)
    }

    private var members: [(String, JSONValue)] {
        let names = Action.allCases.filter(actions.contains).map { JSONValue.string($0.rawValue) }
        return [("channels", .array(channels.map(JSONValue.string))), ("actions", .array(names))]
    }
}
