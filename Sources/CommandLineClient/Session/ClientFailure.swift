import EventLoops
import HTTPProtocol
import WebSocketProtocol

/// Why a command did not do what it was asked for.
enum ClientFailure: Error, Equatable, Sendable {
    case usage(UsageError)
    /// No connection could be made.
    case unreachable(HubAddress, SystemError)
    case connectTimeout(HubAddress)
    case unknownHost(NameResolutionError)
    /// What answers cannot show that it is the hub.
    case untrusted(HubAddress, reason: String)
    /// TLS could not be agreed on, or was broken.
    case tls(HubAddress, reason: String)
    /// The session ended in between.
    case ended(HubAddress, SessionEnd)
    /// The session ended after a request was sent and before its answer came.
    case unanswered(SessionEnd)
    /// The hub answered with an error.
    case refused(HubError)
    /// The answer is not what the protocol says.
    case unexpectedAnswer(method: String)
    case file(path: String, SystemError)
    case emptyTokenFile(path: String)
    /// A file that can be read does not hold what it should.
    case badFile(path: String, reason: String)
    case input(SystemError)
    case output(SystemError)
    case system(SystemError)
    /// A signal asked the program to end.
    case interrupted(signal: Int32)
}

extension ClientFailure {
    var status: ExitStatus {
        switch self {
        case .usage(let error): error.status
        case .unreachable, .connectTimeout: .unavailable
        case .unknownHost: .noHost
        case .untrusted, .tls: .protocolError
        case .ended(_, let end): Self.status(of: end)
        case .unanswered(let end):
            end.verdict == .reconnect ? .temporaryFailure : Self.status(of: end)
        case .refused(let error): error.isTemporary ? .temporaryFailure : .failure
        case .unexpectedAnswer: .protocolError
        case .file, .emptyTokenFile, .badFile, .input: .noInput
        case .output: .outputError
        case .system: .systemError
        case .interrupted(let signal): .interrupted(by: signal)
        }
    }

    private static func status(of end: SessionEnd) -> ExitStatus {
        switch end {
        case .incomprehensible: return .protocolError
        case .refused(.forbidden): return .noPermission
        case .closed(let frame) where frame.code?.rawValue ?? 0 >= 4200: return .noPermission
        case .closed(let frame) where frame.code == .normalClosure: return .unavailable
        case .refused, .closed, .finished, .lost, .silent, .unwelcomed: break
        }
        return switch end.verdict {
        case .reconnect: .unavailable
        case .authenticate: .noPermission
        case .giveUp: .protocolError
        }
    }

    /// Whether it makes sense to connect again.
    var isWorthRetrying: Bool {
        switch self {
        case .unreachable, .connectTimeout, .unknownHost: true
        case .ended(_, let end), .unanswered(let end): end.verdict == .reconnect
        case .refused(let error): error.isTemporary
        case .usage, .untrusted, .tls, .unexpectedAnswer, .file, .emptyTokenFile, .badFile, .input,
            .output, .system, .interrupted:
            false
        }
    }

    /// What to tell people: one line, and one more for each detail of a refusal; nothing when
    /// they interrupted the program themselves.
    var lines: [String] {
        switch self {
        case .usage(let error):
            [error.message]
        case .unreachable(let address, let error):
            [
                "no hub answers at \(address) (\(error.reason.lowercased())); "
                    + "start one with 'omnihubd --dev' or name it with --url"
            ]
        case .connectTimeout(let address):
            ["no hub answers at \(address) (timed out after 10 s); name another with --url"]
        case .unknownHost(let error):
            ["the host '\(error.host)' is not known (\(error.reason.lowercased()))"]
        case .untrusted(let address, let reason):
            [
                "the certificate of \(address) is not to be trusted (\(reason)); "
                    + "a private authority's is given with --ca"
            ]
        case .tls(let address, let reason):
            ["no TLS with \(address): \(reason)"]
        case .ended(let address, let end):
            ["\(address): \(end.description)" + Self.advice(end)]
        case .unanswered(let end):
            ["\(end.description) before the answer came; it may have been carried out or not"]
        case .refused(let error):
            ["\(error.name): \(error.message)"]
                + error.details.map { "  \($0.path.isEmpty ? "/" : $0.path): \($0.reason)" }
        case .unexpectedAnswer(let method):
            ["the hub's answer to \(method) is not what the protocol says"]
        case .file(let path, let error):
            ["cannot read '\(path)': \(error.reason.lowercased())"]
        case .emptyTokenFile(let path):
            ["'\(path)' must hold one access token and nothing else"]
        case .badFile(let path, let reason):
            ["'\(path)' \(reason)"]
        case .input(let error):
            ["cannot read standard input: \(error.reason.lowercased())"]
        case .output(let error):
            ["cannot write the output: \(error.reason.lowercased())"]
        case .system(let error):
            [error.description]
        case .interrupted:
            []
        }
    }

    /// Why there is no session any more, as a clause.
    var cause: String {
        if case .unanswered(let end) = self { return end.description }
        return lines.first ?? "the connection was lost"
    }

    private static func advice(_ end: SessionEnd) -> String {
        switch end {
        case .refused(.notFound): "; is the path of --url right?"
        default:
            end.verdict == .authenticate
                ? "; sign in with 'omnihub login', or give a valid token with --token-file" : ""
        }
    }
}
