import EventLoops
import HTTPProtocol

/// Why a request to the outside failed; no text of it holds a secret.
package enum OutboundError: Error, Equatable, Sendable, CustomStringConvertible {
    case url(String)
    case name(host: String, reason: String, isTemporary: Bool)
    /// The policy forbids every address that the host has.
    case forbiddenAddress(host: String)
    case connection(String)
    case tls(String)
    case timeout(seconds: Int)
    /// The peer kept silent.
    case idle(seconds: Int)
    /// The peer ended the connection in the middle.
    case closed
    case protocolViolation(String)
    case tooLarge(limit: Int)
    case cancelled
    /// So many requests are under way that no more are taken.
    case busy

    /// Whether the same request may succeed later.
    package var isTemporary: Bool {
        switch self {
        case .name(_, _, let isTemporary): isTemporary
        case .connection, .timeout, .idle, .closed, .busy: true
        case .url, .forbiddenAddress, .tls, .protocolViolation, .tooLarge, .cancelled: false
        }
    }

    package var description: String {
        switch self {
        case .url(let reason): "the URL \(reason)"
        case .name(let host, let reason, _): "the host \(host) was not found: \(reason)"
        case .forbiddenAddress(let host):
            "\(host) is at a private or local address; allow it in outbound.allowedAddresses"
        case .connection(let reason): "no connection: \(reason)"
        case .tls(let reason): "no TLS: \(reason)"
        case .timeout(let seconds): "no answer within \(seconds) s"
        case .idle(let seconds): "the peer was silent for \(seconds) s"
        case .closed: "the peer closed the connection before the answer was complete"
        case .protocolViolation(let reason): "the answer breaks the protocol: \(reason)"
        case .tooLarge(let limit): "the answer has more than \(limit) bytes"
        case .cancelled: "cancelled"
        case .busy: "too many requests are under way"
        }
    }
}
