import JSONRPC

/// One JSON-RPC 2.0 message of the hub, as a client sees it.
enum HubMessage: Equatable, Sendable {
    /// The answer to the request of this number; without one it is about what was sent last,
    /// which the hub could not read.
    case answer(Int?, Result<JSONValue, HubError>)
    case notification(method: String, params: JSONValue)
    /// What the hub wants of us.
    case request(id: JSONValue, method: String)

    /// Reads a message or a batch; what is neither of the three is left out.
    static func messages(in value: JSONValue) -> [HubMessage] {
        (value.arrayValue ?? [value]).compactMap(HubMessage.init)
    }

    private init?(_ item: JSONValue) {
        let id = item["id"]
        if let method = item["method"]?.stringValue {
            if let id {
                self = .request(id: id, method: method)
            } else {
                self = .notification(method: method, params: item["params"] ?? .object([:]))
            }
        } else if let error = item["error"] {
            self = .answer(id?.intValue, .failure(HubError(error)))
        } else if let number = id?.intValue, let result = item["result"] {
            self = .answer(number, .success(result))
        } else {
            return nil
        }
    }
}
