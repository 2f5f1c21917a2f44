import HubCore
import JSONRPC

/// The params of `hub.subscribe`.
struct SubscribeRequest: Equatable, Sendable {
    var channel: String
    var since: StreamPosition?
    var last: Int?
    var wantsState: Bool
    /// How many objects of the state the answer may hold.
    var stateLimit: Int?

    /// Reads params that are valid by the method's schema.
    init(_ params: JSONObject) throws(RPCError) {
        channel = params["channel"]?.stringValue ?? ""
        if let problem = ChannelName.problem(with: channel) {
            if channel.contains("*") || channel.contains(">") {
                throw .validation("/channel", "patterns are not offered by this version")
            }
            throw .validation("/channel", problem)
        }
        if let policy = params["policy"]?.stringValue, policy != "all" {
            throw .validation("/policy", "only \"all\" is offered by this version")
        }
        if let filter = params["filter"], !filter.isNull {
            throw .validation("/filter", "filters are not offered by this version")
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
}
