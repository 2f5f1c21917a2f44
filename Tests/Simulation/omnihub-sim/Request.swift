import JSONRPC

/// A command of a client, with all attempts at it: the same key goes with each.
final class Request {
    enum Kind: Equatable {
        case command
        case subscribe(Int)
        case unsubscribe(Int)
        case members(Int)
        case registration
    }

    let kind: Kind
    let method: String
    let params: JSONValue
    /// Without one it is sent once.
    let key: String?
    /// The channel of a publication.
    let channel: String
    /// Of the attempt that a worker says something of.
    let lease: String?
    /// Not to be sent before this moment.
    var notBefore: UInt64 = 0

    init(
        _ method: String,
        _ params: JSONObject,
        key: String? = nil,
        channel: String = "",
        lease: String? = nil,
        kind: Kind = .command
    ) {
        self.kind = kind
        self.method = method
        var params = params
        if let key { params["idempotencyKey"] = .string(key) }
        self.params = .object(params)
        self.key = key
        self.channel = channel
        self.lease = lease
    }
}
