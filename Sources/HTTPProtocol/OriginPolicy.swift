/// Decides which web pages may reach this server.
///
/// Browsers let any page open a WebSocket to any server and only tell the server where the
/// page is from (RFC 6455 §10.2). Comparing that with the Host field is not enough: a page of
/// `evil.example`, whose name was made to resolve to 127.0.0.1, is of the same origin as the
/// server then (DNS rebinding). So the Host must be one that nobody else can point here.
package struct OriginPolicy: Equatable, Sendable {
    package enum Verdict: Equatable, Sendable {
        case allowed
        case refused(Refusal)
    }

    package enum Refusal: Equatable, Sendable {
        case severalOrigins
        /// `null`: a sandboxed page, a local file or a redirect across origins.
        case opaqueOrigin
        case malformedOrigin
        case foreignOrigin
        case untrustedHost

        /// One sentence for people; it repeats nothing the peer sent.
        package var reason: String {
            switch self {
            case .severalOrigins: "There is more than one Origin field."
            case .opaqueOrigin: "Pages without an origin of their own are not allowed."
            case .malformedOrigin: "The Origin field is not an origin."
            case .foreignOrigin: "Pages of this origin are not allowed."
            case .untrustedHost: "This host name is not configured as one of this server."
            }
        }
    }

    package var allowedOrigins: Set<WebOrigin>
    package var hosts: Set<HTTPHost>

    /// - Parameters:
    ///   - allowedOrigins: Origins that may always open a WebSocket.
    ///   - hosts: Names of this server besides `localhost` and its addresses.
    package init(allowedOrigins: Set<WebOrigin> = [], hosts: Set<HTTPHost> = []) {
        self.allowedOrigins = allowedOrigins
        self.hosts = hosts
    }

    /// Whether the sender of this request may open a WebSocket.
    ///
    /// `isTLS` says how the request came. Behind a proxy that ends TLS, the outer origin must be
    /// among the allowed ones.
    package func verdict(on head: HTTPRequestHead, isTLS: Bool) -> Verdict {
        verdict(
            origins: head.headers.values(of: "Origin"),
            host: head.headers.single("Host"),
            isTLS: isTLS
        )
    }

    /// Whether a request with these fields may open a WebSocket.
    ///
    /// A request without Origin is not a browser's and is allowed.
    package func verdict(origins: [String], host: String?, isTLS: Bool) -> Verdict {
        guard let text = origins.first else { return .allowed }
        guard origins.count == 1 else { return .refused(.severalOrigins) }
        guard text != "null" else { return .refused(.opaqueOrigin) }
        guard let origin = WebOrigin(text) else { return .refused(.malformedOrigin) }
        guard !allowedOrigins.contains(origin) else { return .allowed }
        guard let host, let authority = HTTPAuthority(host),
            origin == WebOrigin(scheme: isTLS ? "https" : "http", authority: authority)
        else { return .refused(.foreignOrigin) }
        guard trusts(authority.host) else { return .refused(.untrustedHost) }
        return .allowed
    }

    /// Whether a plain request with this Host field can be answered without serving a page of
    /// a rebound name.
    ///
    /// A request without Host is HTTP/1.0, which no browser speaks, and is trusted.
    package func hostIsTrusted(_ host: String?) -> Bool {
        guard let host else { return true }
        return HTTPAuthority(host).map { trusts($0.host) } ?? false
    }

    /// Addresses need no resolver, and `localhost` never reaches one (RFC 6761 §6.3).
    private func trusts(_ host: HTTPHost) -> Bool {
        switch host {
        case .ipv4, .ipv6: true
        case .name: host == .localhost || hosts.contains(host)
        }
    }
}
