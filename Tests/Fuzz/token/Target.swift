import Identity
import JSONRPC

// Input: a byte that chooses a way, then a token, a key, a hash or the claims of a token that is signed
// well.
//
// Nothing crashes; what is read is written the same; and of texts with the hub's own signature only those
// with strict claims for this hub are accepted.
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
        TokenIssuer(name: "omnihub", audience: "omnihub", types: ["at+jwt"], keys: keys)
    ])
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = Array(FuzzInput(data, size).rest)
    guard let way = bytes.first else { return 0 }
    let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
    switch way % 3 {
    case 0: forge(text)
    case 1: sign(text)
    default: read(text)
    }
    return 0
}

/// A whole token of a stranger: without the key there is no signature.
private func forge(_ text: String) {
    let accepted = try? verifier.verify(text, now: now)
    expect(accepted == nil, "a forged token was accepted: \(text)")
}

/// Claims of any kind.
private func sign(_ text: String) {
    guard let value = try? JSONValue(parsing: text), let claims = value.objectValue,
        let token = key.sign(claims, type: "at+jwt")
    else { return }
    guard let accepted = try? verifier.verify(token, now: now) else { return }
    expect(claims["iss"] == "omnihub", "issuer")
    expectEqual(claims["sub"]?.stringValue, accepted.subject, "subject")
    expect(accepted.expiresAt > now - TokenVerifier.leewayMs, "expired")
    expect(claims["exp"]?.numberValue != nil, "no number")
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
    _ = try? KeySet(file: SecretBytes(text), algorithm: nil, name: nil)
    _ = try? KeySet(file: SecretBytes(text), algorithm: .edDSA, name: "a")
    expect(SigningKey(pem: SecretBytes(text)) == nil || text.contains("PRIVATE"), "a key")
}
