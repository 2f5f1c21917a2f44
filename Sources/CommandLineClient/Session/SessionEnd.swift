import HTTPProtocol
import WebSocketProtocol

/// Why a session is over.
enum SessionEnd: Error, Equatable, Sendable {
    /// We closed it and the hub agreed, or took too long to.
    case finished
    /// The hub closed it.
    case closed(CloseFrame)
    /// The connection broke without a Close frame, which the registry calls 1006.
    case lost
    /// Nothing was heard from the hub for this long, not even a ping.
    case silent(Duration)
    /// The hub took the connection and did not welcome us in time.
    case unwelcomed(Duration)
    /// The hub answered the request to upgrade with a status of its own.
    case refused(HTTPStatus)
    /// The other side does not speak the protocol.
    case incomprehensible(String)
}

extension SessionEnd {
    /// What a client is to do about it.
    enum Verdict: Equatable, Sendable {
        case reconnect
        /// Reconnect only with other credentials.
        case authenticate
        case giveUp
    }

    var verdict: Verdict {
        switch self {
        case .lost, .silent, .unwelcomed: .reconnect
        case .closed(let frame): frame.code.map(Self.verdict) ?? .reconnect
        case .refused(let status): Self.verdict(status)
        case .finished, .incomprehensible: .giveUp
        }
    }

    /// Our own codes carry the verdict in their range; the others as RFC 6455 §7.4.1 means them.
    private static func verdict(_ code: CloseCode) -> Verdict {
        switch code.rawValue {
        case 4000...4099: .reconnect
        case 4100...4199: .authenticate
        default:
            switch code {
            case .goingAway, .internalError, .serviceRestart, .tryAgainLater: .reconnect
            default: .giveUp
            }
        }
    }

    private static func verdict(_ status: HTTPStatus) -> Verdict {
        switch status {
        case .unauthorized: .authenticate
        case .requestTimeout, .tooManyRequests: .reconnect
        default: status.rawValue >= 500 ? .reconnect : .giveUp
        }
    }

    /// What happened, as a clause for people.
    var description: String {
        switch self {
        case .finished: "the session was closed"
        case .closed(let frame): Self.describe(frame)
        case .lost: "the connection broke (1006)"
        case .silent(let time): "the hub was silent for \(time.components.seconds) s"
        case .unwelcomed(let time):
            "the hub did not answer within \(time.components.seconds) s"
        case .refused(let status):
            "the hub refused the connection with HTTP status \(status.rawValue)"
                + (status.reasonPhrase.isEmpty ? "" : " (\(status.reasonPhrase))")
        case .incomprehensible(let problem): problem
        }
    }

    private static func describe(_ frame: CloseFrame) -> String {
        guard let code = frame.code else { return "the hub closed the connection" }
        let reason = frame.reason.isEmpty ? "" : ": \(frame.reason)"
        return "the hub closed the connection with code \(code.rawValue)\(reason)"
    }
}
