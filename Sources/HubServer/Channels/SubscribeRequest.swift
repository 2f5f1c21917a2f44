import HubCore
import JSONRPC

/// The params of `hub.subscribe`.
struct SubscribeRequest: Equatable, Sendable {
    /// A name or a pattern.
    var channel: String
    var since: StreamPosition?
    var last: Int?
    var wantsState: Bool
    /// How many objects of the state the answer may hold.
    var stateLimit: Int?
    /// While the client is behind, only the newest publication of each key is for it.
    var keepsLatest: Bool
    var filter: EventFilter?
    /// How it wants to be seen, and that it wants to see.
    var presence: PresenceRequest?

    /// Reads params that are valid by the method's schema.
    init(_ params: JSONObject) throws(RPCError) {
        channel = params["channel"]?.stringValue ?? ""
        if let problem = Self.problem(with: channel) { throw .validation("/channel", problem) }
        keepsLatest = params["policy"]?.stringValue == "latest"
        if let wanted = params["filter"]?.objectValue {
            guard !channel.hasPrefix("app.") else {
                throw .validation("/filter", "is for channels of the runtime, which have events")
            }
            filter = EventFilter(wanted)
        }
        presence = try PresenceRequest(params["presence"])
        guard presence == nil || ChannelKind(channel) == .client else {
            throw .validation("/presence", "is for channels of clients: 'app.…'")
        }
        if let position = params["since"]?.objectValue {
            since = StreamPosition(
                epoch: position["epoch"]?.stringValue ?? "",
                // What no integer of ours holds lies in the future as well.
                offset: UInt64(clamping: position["offset"]?.intValue ?? .max)
            )
        }
        last = params["last"]?.intValue
        wantsState = params["state"]?.boolValue ?? false
        stateLimit = params["stateLimit"]?.intValue
        guard since == nil || last == nil else {
            throw .validation("/last", "give either since or last")
        }
    }

    /// Which part of the channel's past the answer repeats.
    var history: HistoryRequest {
        if let since { return .since(since, limit: .max) }
        if let last { return .last(last) }
        return .none
    }

    /// Why a text can be no channel or pattern to subscribe to; `nil` when it can.
    static func problem(with channel: String) -> String? {
        guard let pattern = ChannelPattern(channel) else {
            return ChannelName.problem(with: channel)
        }
        if let problem = pattern.problem { return problem }
        switch pattern.head {
        case "app", "agents": return nil
        case "tasks": return "cannot be a pattern of tasks; 'tasks' has the events of all of them"
        case "workflows":
            return "cannot be a pattern of runs; 'workflows' has the events of all of them"
        default: return "as a pattern begins with 'app.' or 'agents.'"
        }
    }
}

extension EventFilter {
    /// Reads a filter that is valid by the method's schema.
    fileprivate init(_ filter: JSONObject) {
        self.init()
        types = (filter["types"]?.arrayValue ?? []).compactMap { $0.stringValue.map(MarkHash.of) }
        severity = EventMark.rank(filter["severity"]?.stringValue)
        agent = filter["agentId"]?.stringValue.map(MarkHash.of)
        task = filter["taskId"]?.stringValue.map(MarkHash.of)
        correlation = filter["correlationId"]?.stringValue.map(MarkHash.of)
    }
}
