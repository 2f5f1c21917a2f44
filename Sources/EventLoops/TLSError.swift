import COpenSSL

/// Why TLS cannot be set up, for the operator.
package struct TLSError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Which of the inputs is at fault.
    package enum Part: Equatable, Sendable {
        case certificate
        case key
        case authorities
        case library
    }

    package let part: Part
    /// A clause without the name of the part; never holds anything of a key.
    package let reason: String

    package init(_ part: Part, _ reason: String) {
        self.part = part
        self.reason = reason
    }

    package var description: String { reason }
}

/// Why a TLS session ended in a way it should not.
package struct TLSFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// What OpenSSL says of it, such as `no shared cipher`.
    package let reason: String
    /// Whether the peer's certificate is what was wrong.
    package let isDistrust: Bool

    package var description: String { reason }
}

/// OpenSSL's errors of this thread.
enum TLSErrorQueue {
    /// Forgets errors: what a later call puts there is then its own.
    @inline(__always)
    static func clear() {
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    /// The sentence for the first error, which is the cause of the others; the queue is empty then.
    static func takeReason() -> String {
        let code = ERR_peek_error()
        defer { ERR_clear_error() }
        guard code != 0, let text = ERR_reason_error_string(code) else { return "unknown error" }
        return String(cString: text)
    }
}
