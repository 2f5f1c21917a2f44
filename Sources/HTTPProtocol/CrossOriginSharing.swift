/// How pages of other origins may use the endpoints over HTTP: CORS of the Fetch standard (§3.3).
///
/// A browser lets any page send simple requests anywhere, but shows it the answer only when that
/// says so; before any other request it asks first. Authority is never a cookie here, so nothing is
/// said of credentials.
extension OriginPolicy {
    package enum Preflight: Equatable, Sendable {
        /// The request is none.
        case none
        case allowed
        case refused
    }

    /// What the answer says of who may read it, for a configured origin; empty for others, whose
    /// pages their browser then shows nothing.
    package func sharingFields(for head: HTTPRequestHead) -> HTTPHeaders {
        guard head.headers.contains("Origin") else { return HTTPHeaders() }
        // A cache must not give one origin's answer to another.
        var fields = HTTPHeaders([("Vary", "Origin")])
        guard let origin = sharingOrigin(of: head) else { return fields }
        fields.append("Access-Control-Allow-Origin", origin)
        fields.append("Access-Control-Expose-Headers", "Retry-After")
        guard preflight(head) == .allowed else { return fields }
        fields.append("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE")
        fields.append(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, Idempotency-Key, Last-Event-ID"
        )
        fields.append("Access-Control-Max-Age", "600")
        return fields
    }

    /// Whether the request only asks what a page may send, and whether it may.
    package func preflight(_ head: HTTPRequestHead) -> Preflight {
        guard head.method == "OPTIONS", head.headers.contains("Origin"),
            head.headers.contains("Access-Control-Request-Method")
        else { return .none }
        return sharingOrigin(of: head) == nil ? .refused : .allowed
    }

    /// The configured origin that the page is of, as its browser wrote it.
    private func sharingOrigin(of head: HTTPRequestHead) -> String? {
        guard let text = head.headers.single("Origin"), let origin = WebOrigin(text),
            allowedOrigins.contains(origin)
        else { return nil }
        return text
    }
}
