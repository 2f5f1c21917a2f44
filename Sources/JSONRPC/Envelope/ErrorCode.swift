/// The error codes of the protocol: those of JSON-RPC 2.0 §5.1, then our own.
package enum ErrorCode: Int, CaseIterable, Sendable {
    case parseError = -32700
    case invalidRequest = -32600
    case methodNotFound = -32601
    case validationError = -32602
    case `internal` = -32603
    case unauthenticated = -32001
    case forbidden = -32002
    case notFound = -32003
    case conflict = -32004
    case rateLimited = -32005
    case tooManySubscriptions = -32006
    case requestTooLarge = -32007
    case responseTooLarge = -32008
    case busy = -32009
    case batchTooLarge = -32010
    case alreadySubscribed = -32012
    case notSubscribed = -32013
    case storageUnavailable = -32014

    /// The stable name that `error.data.code` carries.
    package var name: String {
        switch self {
        case .parseError: "PARSE_ERROR"
        case .invalidRequest: "INVALID_REQUEST"
        case .methodNotFound: "METHOD_NOT_FOUND"
        case .validationError: "VALIDATION_ERROR"
        case .internal: "INTERNAL"
        case .unauthenticated: "UNAUTHENTICATED"
        case .forbidden: "FORBIDDEN"
        case .notFound: "NOT_FOUND"
        case .conflict: "CONFLICT"
        case .rateLimited: "RATE_LIMITED"
        case .tooManySubscriptions: "TOO_MANY_SUBSCRIPTIONS"
        case .requestTooLarge: "REQUEST_TOO_LARGE"
        case .responseTooLarge: "RESPONSE_TOO_LARGE"
        case .busy: "BUSY"
        case .batchTooLarge: "BATCH_TOO_LARGE"
        case .alreadySubscribed: "ALREADY_SUBSCRIBED"
        case .notSubscribed: "NOT_SUBSCRIBED"
        case .storageUnavailable: "STORAGE_UNAVAILABLE"
        }
    }

    /// Whether the same request may succeed later without any change.
    var isUsuallyTemporary: Bool {
        switch self {
        case .rateLimited, .busy, .storageUnavailable: true
        case .parseError, .invalidRequest, .methodNotFound, .validationError, .internal,
            .unauthenticated, .forbidden, .notFound, .conflict, .tooManySubscriptions,
            .requestTooLarge, .responseTooLarge, .batchTooLarge, .alreadySubscribed,
            .notSubscribed:
            false
        }
    }
}
