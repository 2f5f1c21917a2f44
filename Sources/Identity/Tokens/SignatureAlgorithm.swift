/// The algorithms of RFC 7518 and RFC 8037 that the hub knows; each key has exactly one.
package enum SignatureAlgorithm: String, CaseIterable, Sendable {
    case edDSA = "EdDSA"
    case es256 = "ES256"
    case rs256 = "RS256"
    case hs256 = "HS256"
}
