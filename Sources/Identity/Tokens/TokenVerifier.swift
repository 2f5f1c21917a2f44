package import JSONRPC

/// Why a token was not accepted.
package enum TokenRejection: Error, Equatable, Sendable {
    /// It was good once; the only thing that is told apart, so that clients know to refresh.
    case expired
    /// Malformed, forged, for somebody else, or not valid yet.
    case invalid
}

/// Who may issue tokens for the hub, and with which keys.
package struct TokenIssuer: Sendable {
    /// `iss`, exactly.
    package var name: String
    /// One of `aud`, exactly.
    package var audience: String
    /// Values of `typ` that are accepted, in lower case.
    package var types: Set<String>
    /// Whether a token without `typ` is.
    package var acceptsUntyped: Bool
    package var keys: KeySet

    package init(
        name: String,
        audience: String,
        types: Set<String>,
        acceptsUntyped: Bool = false,
        keys: KeySet
    ) {
        self.name = name
        self.audience = audience
        self.types = types
        self.acceptsUntyped = acceptsUntyped
        self.keys = keys
    }
}

/// What an accepted token says.
package struct TokenClaims: Equatable, Sendable {
    package var issuer: String
    package var subject: String
    /// Milliseconds since 1970.
    package var expiresAt: Int64
    package var all: JSONObject
}

/// Verifies JWTs (RFC 7519) as RFC 8725 advises: issuer, key, algorithm and type are pinned, and
/// nothing in the token chooses them.
package struct TokenVerifier: Sendable {
    /// How far clocks may be apart.
    package static let leewayMs: Int64 = 60_000
    package static let maximumSubjectBytes = 256
    /// Seconds since 1970 at the end of the year 9999.
    private static let latest = 253_402_300_799.0

    private let issuers: [String: TokenIssuer]

    package init(_ issuers: [TokenIssuer]) {
        self.issuers = Dictionary(issuers.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Believes a token or does not; `now` is in milliseconds since 1970.
    ///
    /// - Returns: What it says.
    /// - Throws: ``TokenRejection``.
    package func verify(_ text: String, now: Int64) throws(TokenRejection) -> TokenClaims {
        guard let token = SignedToken(text),
            let name = token.claims["iss"]?.stringValue, let issuer = issuers[name],
            token.type.map(issuer.types.contains) ?? issuer.acceptsUntyped,
            let key = issuer.keys.key(named: token.keyName),
            token.algorithm == key.algorithm.rawValue,
            key.verifies(token.signature, of: token.message)
        else { throw .invalid }
        return try check(token.claims, of: issuer, now: now)
    }

    private func check(
        _ claims: JSONObject,
        of issuer: TokenIssuer,
        now: Int64
    ) throws(TokenRejection) -> TokenClaims {
        guard Self.names(issuer.audience, claims["aud"]),
            let subject = claims["sub"]?.stringValue,
            (1...Self.maximumSubjectBytes).contains(subject.utf8.count),
            let expiresAt = try Self.time(claims["exp"])
        else { throw .invalid }
        let latestBegin = now + Self.leewayMs
        for name in ["nbf", "iat"] {
            if let begin = try Self.time(claims[name]), begin > latestBegin { throw .invalid }
        }
        guard expiresAt > now - Self.leewayMs else { throw .expired }
        return TokenClaims(
            issuer: issuer.name,
            subject: subject,
            expiresAt: expiresAt,
            all: claims
        )
    }

    /// RFC 7519 §4.1.3: one string, or an array of them.
    private static func names(_ audience: String, _ claim: JSONValue?) -> Bool {
        switch claim {
        case .string(let one)?: one == audience
        case .array(let several)?:
            several.allSatisfy { $0.stringValue != nil } && several.contains(.string(audience))
        default: false
        }
    }

    /// A NumericDate (RFC 7519 §2) in milliseconds; `nil` when there is none.
    private static func time(_ claim: JSONValue?) throws(TokenRejection) -> Int64? {
        guard let claim else { return nil }
        guard let seconds = claim.doubleValue, (0...latest).contains(seconds) else {
            throw .invalid
        }
        return Int64(seconds * 1000)
    }
}
