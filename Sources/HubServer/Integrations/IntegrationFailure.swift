import AgentRuntime
import Integrations
import JSONRPC
import Outbound

/// Why a request of a connection has no good answer; no text of it holds a secret.
struct IntegrationFailure: Error, Equatable, Sendable {
    enum Kind: String, Sendable {
        /// What was asked for does not fit the connection.
        case invalid = "VALIDATION_ERROR"
        /// Nothing is sent: it is paused, too much is sent, or the service is left alone.
        case held = "INTEGRATION_HELD"
        case unreachable = "INTEGRATION_UNREACHABLE"
        /// The service answered, and refused.
        case refused = "INTEGRATION_REFUSED"
        case secret = "INTEGRATION_SECRET"
    }

    var kind: Kind
    var message: String
    /// Whether the same request may be sent again without harm, and with hope.
    var isRetryable = false
    var retryAfter: Duration?
    /// Of HTTP.
    var status: Int?
    /// Whether it speaks against the service, for the circuit breaker.
    var isService = false
    var problems: [IntegrationProblem] = []

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    init(_ problems: [IntegrationProblem]) {
        kind = .invalid
        message = problems.map { "\($0.path) \($0.reason)" }.joined(separator: "; ")
        self.problems = problems
    }

    /// A request that did not come through.
    ///
    /// With `isRepeatable`, doing it twice is as doing it once; without, it is only tried again when
    /// it cannot have arrived.
    init(_ error: OutboundError, isRepeatable: Bool) {
        kind = .unreachable
        message = error.description
        switch error {
        case .timeout, .idle, .closed:
            isService = true
            isRetryable = isRepeatable
        case .connection, .name:
            isService = true
            isRetryable = error.isTemporary
        case .busy:
            isRetryable = true
            retryAfter = .seconds(1)
        case .tls, .protocolViolation, .tooLarge:
            isService = true
        case .url, .forbiddenAddress:
            kind = .invalid
        case .cancelled:
            break
        }
    }

    /// An answer with a status that is no success.
    init(status: Int, retryAfter: Int?, isRepeatable: Bool) {
        kind = .refused
        self.status = status
        message = "the service answered with status \(status)"
        isService = status >= 500 || status == 429
        isRetryable = status == 429 || status == 503 || status >= 500 && isRepeatable
        self.retryAfter = retryAfter.map { .seconds($0) }
    }

    var taskFailure: TaskFailure {
        TaskFailure(
            code: kind.rawValue,
            message: message,
            isRetryable: isRetryable,
            retryAfter: retryAfter
        )
    }

    /// As answers have it: `{code, message, retryable}`.
    var json: JSONValue {
        [
            "code": .string(kind.rawValue), "message": .string(message),
            "retryable": .bool(isRetryable),
        ]
    }
}
