/// The error object of JSON-RPC 2.0 (§5.1), with what a client needs to act on it.
package struct RPCError: Error, Equatable, Sendable {
    /// One parameter that is not as it must be.
    package struct Detail: Equatable, Sendable {
        /// JSON pointer (RFC 6901) into `params`.
        package var path: String
        package var reason: String

        package init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    package var code: ErrorCode
    /// One sentence for people, without secrets.
    package var message: String
    /// Whether the same request may succeed later.
    package var isTemporary: Bool
    /// The earliest time at which to try again.
    package var retryAfter: Duration?
    package var details: [Detail]

    /// Creates an error; `isTemporary` is what the code usually means unless it is given.
    package init(
        _ code: ErrorCode,
        _ message: String,
        isTemporary: Bool? = nil,
        retryAfter: Duration? = nil,
        details: [Detail] = []
    ) {
        self.code = code
        self.message = message
        self.isTemporary = isTemporary ?? code.isUsuallyTemporary
        self.retryAfter = retryAfter
        self.details = details
    }
}

extension RPCError {
    package static func parseError(_ error: JSONError) -> RPCError {
        RPCError(.parseError, "not JSON: \(error)")
    }

    package static func invalidRequest(_ problem: InvalidMessage) -> RPCError {
        RPCError(.invalidRequest, problem.rawValue)
    }

    package static func methodNotFound(_ method: String) -> RPCError {
        RPCError(.methodNotFound, "method '\(method)' does not exist")
    }

    package static func validation(_ details: [Detail]) -> RPCError {
        RPCError(.validationError, "invalid params", details: details)
    }

    package static func validation(_ path: String, _ reason: String) -> RPCError {
        .validation([Detail(path: path, reason: reason)])
    }

    /// An error of ours; the cause goes to the log and not to the peer.
    package static let `internal` = RPCError(.internal, "internal error")

    package static func unauthenticated(_ message: String) -> RPCError {
        RPCError(.unauthenticated, message)
    }

    package static func forbidden(_ message: String) -> RPCError { RPCError(.forbidden, message) }

    package static func notFound(_ message: String) -> RPCError { RPCError(.notFound, message) }

    package static func conflict(_ message: String) -> RPCError { RPCError(.conflict, message) }

    package static func rateLimited(retryAfter: Duration) -> RPCError {
        RPCError(.rateLimited, "too many requests", retryAfter: retryAfter)
    }

    package static func busy(_ message: String, retryAfter: Duration? = nil) -> RPCError {
        RPCError(.busy, message, retryAfter: retryAfter)
    }

    package static func batchTooLarge(limit: Int) -> RPCError {
        RPCError(.batchTooLarge, "a batch must not have more than \(limit) requests")
    }

    package static func storageUnavailable(_ message: String) -> RPCError {
        RPCError(.storageUnavailable, message)
    }
}
