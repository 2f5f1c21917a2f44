import Identity
import JSONRPC

// Input: a byte that chooses a way, then a token, a key, a hash, a file of keys, or the claims of a token
// that is signed well.
//
// Nothing crashes; what is read is written the same; of texts with the hub's own signature only those
// with strict claims for this hub are accepted; and a token of one kind never passes for the other.
private let now: Int64 = 1_790_000_000_000

private let key: SigningKey = {
    guard let key = SigningKey(seed: [UInt8](repeating: 7, count: 32)) else {
        fatalError("no Ed25519")
    }
    return key
}()

private let verifier: TokenVerifier = {
    var keys = KeySet()
    if let tokenKey = key.tokenKey { keys.add(tokenKey, named: key.name) }
    return TokenVerifier([
        TokenIssuer(name: "omnihub", audience: "omnihub", types: [AccessToken.type], keys: keys),
        TokenIssuer(
            name: "omnihub",
            audience: SubscriptionToken.audience("omnihub"),
            types: [SubscriptionToken.type],
            keys: keys
        ),
    ])
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = Array(FuzzInput(data, size).rest)
    guard let way = bytes.first else { return 0 }
    let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
    switch way % 4 {
    case 0: forge(text)
    case 1: sign(text, AccessToken.type)
    case 2: read(text)
    default: sign(text, SubscriptionToken.type)
    }
    return 0
}

/// A whole token of a stranger: without the key there is no signature.
private func forge(_ text: String) {
    let accepted = try? verifier.verify(text, now: now)
    expect(accepted == nil, "a forged token was accepted: \(text)")
}

/// Claims of any kind.
private func sign(_ text: String, _ type: String) {
    guard let value = try? JSONValue(parsing: text), let claims = value.objectValue,
        let token = key.sign(claims, type: type)
    else { return }
    guard let accepted = try? verifier.verify(token, now: now) else { return }
    expect(claims["iss"] == "omnihub", "issuer")
    expectEqual(claims["sub"]?.stringValue, accepted.subject, "subject")
    expect(accepted.expiresAt > now - TokenVerifier.leewayMs, "expired")
    expect(claims["exp"]?.numberValue != nil, "no number")
    expectEqual(accepted.type, type, "type")
    let audience = type == AccessToken.type ? "omnihub" : SubscriptionToken.audience("omnihub")
    let audiences = claims["aud"]?.arrayValue ?? [claims["aud"] ?? .null]
    expect(audiences.contains(.string(audience)), "audience")
    if type == SubscriptionToken.type { grant(accepted) }
}

/// What a subscription token is for is bounded, and no more than what it names.
private func grant(_ claims: TokenClaims) {
    guard let grant = SubscriptionToken.principal(claims)?.grant else { return }
    expect((1...ChannelGrant.maximumChannels).contains(grant.channels.count), "channels")
    expect(!grant.actions.isEmpty, "no actions")
    expect(!grant.covers(""), "nothing is covered")
    expect(grant.channels.allSatisfy(grant.covers), "a token that does not cover what it names")
    let names = grant.channels.filter { !$0.contains("*") && !$0.contains(">") }
    if names.count == grant.channels.count { expect(!grant.covers("app.x.>"), "too much") }
}

private func read(_ text: String) {
    if let token = RefreshToken(text) { expectEqual(token.text, text, "refresh token") }
    if let token = OneTimeToken(text) { expectEqual(token.text, text, "one-time token") }
    if let key = APIKey(text) { expectEqual(key.text, text, "API key") }
    if let hash = PasswordHash(text: text) {
        expectEqual(PasswordHash(text: hash.text), hash, "password hash")
    }
    if let bytes = Base64URL.decode(text) {
        expectEqual(Base64URL.encode(bytes), text, "base64url")
    }
    if let email = EmailAddress(text) { expectEqual(EmailAddress(email.text), email, "email") }
    if let scope = Scope([text]) { expectEqual(scope.entries, [text], "scope") }
    if let sealed = SealedSecret(text: text) { expectEqual(sealed.text, text, "sealed secret") }
    _ = try? SealingKeyRing(file: SecretBytes(text))
    _ = try? KeySet(file: SecretBytes(text), algorithm: nil, name: nil)
    _ = try? KeySet(file: SecretBytes(text), algorithm: .edDSA, name: "a")
    expect(SigningKey(pem: SecretBytes(text)) == nil || text.contains("PRIVATE"), "a key")
}
