import JSONRPC

/// What a ``ClientSession`` has to tell.
enum SessionEvent: Equatable, Sendable {
    /// The hub is ready for requests.
    case welcomed
    /// The answer to the request of this number.
    case answered(Int, Result<JSONValue, HubError>)
    case notified(method: String, params: JSONValue)
    /// Nothing comes after this, and the transport is to be closed.
    case ended(SessionEnd)
}

/// The error object that a request was answered with.
struct HubError: Error, Equatable, Sendable {
    struct Detail: Equatable, Sendable {
        var path: String
        var reason: String
    }

    /// The stable name, such as `VALIDATION_ERROR`, or the number when there is none.
    var name: String
    var message: String
    var isTemporary: Bool
    var details: [Detail]

    init(name: String, message: String, isTemporary: Bool = false, details: [Detail] = []) {
        self.name = name
        self.message = message
        self.isTemporary = isTemporary
        self.details = details
    }

    /// Reads the `error` member of a response.
    init(_ error: JSONValue) {
        let data = error["data"]
        let code = error["code"]?.numberValue
        name = data?["code"]?.stringValue ?? code?.text ?? "UNKNOWN"
        message = error["message"]?.stringValue ?? "the hub gives no reason"
        isTemporary = data?["temporary"]?.boolValue ?? false
        details = (data?["details"]?.arrayValue ?? []).map { detail in
            Detail(
                path: detail["path"]?.stringValue ?? "",
                reason: detail["reason"]?.stringValue ?? ""
            )
        }
    }
}
