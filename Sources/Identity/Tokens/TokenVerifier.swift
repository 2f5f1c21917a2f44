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

extension TokenIssuer {
    /// Whether a token says that it is one of these.
    fileprivate func issues(_ token: SignedToken) -> Bool {
        token.claims["iss"]?.stringValue == name
            && (token.type.map(types.contains) ?? acceptsUntyped)
    }
}

/// What an accepted token says.
package struct TokenClaims: Equatable, Sendable {
    package var issuer: String
    package var subject: String
    /// `typ`, in lower case; `nil` for none.
    package var type: String?
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

    private let issuers: [TokenIssuer]

    /// One issuer may be there several times, with other types and another audience each.
    package init(_ issuers: [TokenIssuer]) {
        self.issuers = issuers
    }

    /// Believes a token or does not; `now` is in milliseconds since 1970.
    ///
    /// - Returns: What it says.
    /// - Throws: ``TokenRejection``.
    package func verify(_ text: String, now: Int64) throws(TokenRejection) -> TokenClaims {
        guard let token = SignedToken(text),
            let issuer = issuers.first(where: { $0.issues(token) }),
            let key = issuer.keys.key(named: token.keyName),
            token.algorithm == key.algorithm.rawValue,
            key.verifies(token.signature, of: token.message)
        else { throw .invalid }
        return try check(token, of: issuer, now: now)
    }

    /// What a token says that the caller has signed itself, a moment ago.
    package func believe(_ own: String, now: Int64) throws(TokenRejection) -> TokenClaims {
        guard let token = SignedToken(own),
            let issuer = issuers.first(where: { $0.issues(token) })
        else { throw .invalid }
        return try check(token, of: issuer, now: now)
    }

    /// Whether what a token says, which was believed before, still holds at `now`.
    ///
    /// - Throws: ``TokenRejection/expired``.
    package func recheck(_ claims: TokenClaims, now: Int64) throws(TokenRejection) {
        guard claims.expiresAt > now - Self.leewayMs else { throw .expired }
    }

    private func check(
        _ token: SignedToken,
        of issuer: TokenIssuer,
        now: Int64
    ) throws(TokenRejection) -> TokenClaims {
        let claims = token.claims
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
            type: token.type,
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
