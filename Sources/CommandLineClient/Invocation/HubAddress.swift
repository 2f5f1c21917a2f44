import HTTPProtocol

/// Where the hub is: the meaning of `--url`.
struct HubAddress: Equatable, Sendable, CustomStringConvertible {
    enum Endpoint: Equatable, Sendable {
        /// A name or a numeric address, without brackets.
        case host(String, port: UInt16)
        case unix(String)
    }

    var endpoint: Endpoint
    /// The path of the WebSocket endpoint.
    var target: String
    /// Whether the hub is reached over TLS, and has to show a certificate for its host.
    var usesTLS = false

    /// The hub of this machine.
    static let standard = HubAddress(
        endpoint: .host("127.0.0.1", port: 7420),
        target: standardTarget
    )
    private static let standardTarget = "/ws"

    init(endpoint: Endpoint, target: String, usesTLS: Bool = false) {
        self.endpoint = endpoint
        self.target = target
        self.usesTLS = usesTLS
    }

    /// Reads `ws://HOST[:PORT][/PATH]`, the same with `wss://`, `http://` or `https://`,
    /// `HOST[:PORT]`, or `unix:PATH`.
    ///
    /// With a scheme the port is 80, or 443 over TLS, unless it is given; without one it is 7420.
    /// The path is `/ws`.
    init(_ text: String) throws(UsageError) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard (1...107).contains(path.utf8.count) else {
                throw UsageError("'unix:' needs a path of 1 to 107 bytes behind it")
            }
            self.init(endpoint: .unix(path), target: Self.standardTarget)
            return
        }
        let (rest, standardPort, usesTLS) = try Self.withoutScheme(text)
        let authorityEnd = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        let path = rest[authorityEnd...]
        guard !authority.contains("@") else {
            throw UsageError("a URL must not hold credentials; use --token-file")
        }
        guard !rest.contains("?"), !rest.contains("#") else {
            throw UsageError("a URL of a hub ends with its path; a token goes into --token-file")
        }
        guard let parsed = HTTPAuthority(authority), parsed.port != 0 else {
            throw UsageError("'\(text)' is no address; write ws://HOST:PORT/ws or unix:PATH")
        }
        self.init(
            endpoint: .host(Self.host(of: authority), port: parsed.port ?? standardPort),
            target: path.isEmpty || path == "/" ? Self.standardTarget : String(path),
            usesTLS: usesTLS
        )
    }

    private static func withoutScheme(
        _ text: String
    ) throws(UsageError) -> (rest: Substring, port: UInt16, usesTLS: Bool) {
        guard let separator = text.firstRange(of: "://") else { return (text[...], 7420, false) }
        let rest = text[separator.upperBound...]
        switch text[..<separator.lowerBound].lowercased() {
        case "ws", "http": return (rest, 80, false)
        case "wss", "https": return (rest, 443, true)
        case let scheme:
            throw UsageError("the scheme '\(scheme)' is none of ws, wss, http, https and unix")
        }
    }

    private static func host(of authority: Substring) -> String {
        if authority.hasPrefix("[") {
            return String(authority.dropFirst().prefix { $0 != "]" })
        }
        return authority.prefix { $0 != ":" }.lowercased()
    }

    /// The value of the Host field.
    var hostField: String {
        switch endpoint {
        case .host: description
        case .unix: "localhost"
        }
    }

    /// `HOST:PORT` or `unix:PATH`.
    var description: String {
        switch endpoint {
        case .host(let host, let port):
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
