/// Tokens whose signatures were found to be good, so that each is verified once and not at every
/// connection and request that shows it.
///
/// A signature that was good stays good: what can change is looked at each time, namely whether the
/// token has expired (``TokenVerifier``) and what its user may do (``IdentityState``). Tokens are
/// known by their SHA-256, so that nobody finds one here. The table is bounded: of two halves the
/// younger takes newcomers, and when it is full the older one is let go.
package struct VerifiedTokens: Sendable {
    private let capacity: Int
    private var young: [SHA256Key: TokenClaims] = [:]
    private var old: [SHA256Key: TokenClaims] = [:]

    /// The SHA-256 of a token.
    package struct SHA256Key: Hashable, Sendable {
        private let bytes: [UInt8]

        package init(of token: String) {
            bytes = SHA256Digest.of(Array(token.utf8))
        }
    }

    /// - Parameter capacity: The most tokens to remember; 0 for none.
    package init(capacity: Int) {
        self.capacity = capacity
    }

    package var count: Int { young.count + old.count }

    package mutating func claims(of key: SHA256Key) -> TokenClaims? {
        if let claims = young[key] { return claims }
        guard let claims = old.removeValue(forKey: key) else { return nil }
        insert(claims, for: key)
        return claims
    }

    package mutating func insert(_ claims: TokenClaims, for key: SHA256Key) {
        guard capacity > 0 else { return }
        if young.count >= max(1, capacity / 2) {
            old = young
            young = [:]
        }
        young[key] = claims
    }
}
