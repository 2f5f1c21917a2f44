import JSONRPC
import Testing

@testable import Identity

@Suite("Access tokens")
struct TokenVerifierTests {
    private static let seed = [UInt8](repeating: 7, count: 32)

    private func signingKey(_ byte: UInt8 = 7) throws -> SigningKey {
        try #require(SigningKey(seed: [UInt8](repeating: byte, count: 32)))
    }

    private func verifier(_ keys: SigningKey...) throws -> TokenVerifier {
        var set = KeySet()
        for key in keys { set.add(try #require(key.tokenKey), named: key.name) }
        return TokenVerifier([
            TokenIssuer(name: "omnihub", audience: "omnihub", types: ["at+jwt"], keys: set)
        ])
    }

    private func claims(_ changes: JSONObject = [:]) -> JSONObject {
        var claims = AccessToken.claims(
            issuer: "omnihub",
            audience: "omnihub",
            userID: "u1",
            sessionID: "s1",
            tokenID: "t1",
            now: now,
            lifetimeMs: 900_000
        )
        for member in changes.members {
            claims[member.name] = member.value.isNull ? Optional<JSONValue>.none : member.value
        }
        return claims
    }

    /// A token whose header and claims are any text, with a good signature.
    private func token(header: String, claims: String, _ key: SigningKey) throws -> String {
        let message = Base64URL.encode(header.utf8) + "." + Base64URL.encode(claims.utf8)
        let handle = try #require(KeyHandle.ed25519(privateKey: Self.seed))
        let signature = try #require(handle.sign(Array(message.utf8)))
        return message + "." + Base64URL.encode(signature)
    }

    @Test("A token of the hub is accepted, and says who and until when")
    func accepted() throws {
        let key = try signingKey()
        let token = try #require(key.sign(claims(), type: AccessToken.type))
        let accepted = try verifier(key).verify(token, now: now)
        #expect(accepted.subject == "u1")
        #expect(accepted.expiresAt == now + 900_000)
        #expect(accepted.all["sid"] == "s1")
    }

    @Test("While keys are rotated, tokens of both are accepted, and of a third are not")
    func rotation() throws {
        let (old, new, foreign) = (try signingKey(1), try signingKey(2), try signingKey(3))
        let both = try verifier(old, new)
        for key in [old, new] {
            let token = try #require(key.sign(claims(), type: AccessToken.type))
            #expect(throws: Never.self) { try both.verify(token, now: now) }
        }
        let token = try #require(foreign.sign(claims(), type: AccessToken.type))
        #expect(throws: TokenRejection.invalid) { try both.verify(token, now: now) }
    }

    @Test(
        "Claims that are not for this hub, not yet or not at all good are refused",
        arguments: [
            ["iss": "other"], ["iss": nil], ["iss": 7], ["aud": "other"], ["aud": nil],
            ["aud": []], ["aud": ["other"]], ["aud": ["omnihub", 7]], ["aud": "OMNIHUB"],
            ["sub": nil], ["sub": ""], ["sub": 7], ["exp": nil], ["exp": "1790000900"],
            ["exp": -1], ["exp": 1e300], ["exp": true], ["nbf": "x"], ["iat": []],
            ["nbf": 1_790_000_061], ["iat": 1_790_000_061],
        ] as [JSONObject]
    )
    func wrongClaims(_ changes: JSONObject) throws {
        let key = try signingKey()
        let token = try #require(key.sign(claims(changes), type: AccessToken.type))
        #expect(throws: TokenRejection.invalid) { try verifier(key).verify(token, now: now) }
    }

    @Test("Clocks may be a minute apart and no more")
    func leeway() throws {
        let key = try signingKey()
        let verifier = try verifier(key)
        let early = try #require(
            key.sign(claims(["nbf": 1_790_000_060, "iat": 1_790_000_060]), type: "at+jwt")
        )
        #expect(throws: Never.self) { try verifier.verify(early, now: now) }
        let token = try #require(key.sign(claims(), type: "at+jwt"))
        #expect(throws: Never.self) { try verifier.verify(token, now: now + 959_999) }
        #expect(throws: TokenRejection.expired) { try verifier.verify(token, now: now + 960_000) }
    }

    @Test(
        "A header that asks for another algorithm, key or rule is refused",
        arguments: [
            #"{"alg":"none","typ":"at+jwt","kid":"KID"}"#,
            #"{"alg":"None","typ":"at+jwt","kid":"KID"}"#,
            #"{"alg":"NONE","typ":"at+jwt","kid":"KID"}"#,
            #"{"alg":"nOnE","typ":"at+jwt","kid":"KID"}"#,
            #"{"alg":"","typ":"at+jwt","kid":"KID"}"#,
            #"{"alg":"HS256","typ":"at+jwt","kid":"KID"}"#,
            #"{"alg":"eddsa","typ":"at+jwt","kid":"KID"}"#,
            #"{"alg":["EdDSA"],"typ":"at+jwt","kid":"KID"}"#,
            #"{"typ":"at+jwt","kid":"KID"}"#,
            #"{"alg":"EdDSA","typ":"at+jwt"}"#,
            #"{"alg":"EdDSA","typ":"at+jwt","kid":"../../../../dev/null"}"#,
            #"{"alg":"EdDSA","typ":"at+jwt","kid":""}"#,
            #"{"alg":"EdDSA","typ":"at+jwt","kid":null}"#,
            #"{"alg":"EdDSA","typ":"at+jwt","kid":["KID"]}"#,
            #"{"alg":"EdDSA","typ":"at+jwt","kid":"KID","jku":"https://example.org/keys"}"#,
            #"{"alg":"EdDSA","typ":"at+jwt","kid":"KID","jwk":{"kty":"OKP"}}"#,
            #"{"alg":"EdDSA","typ":"at+jwt","kid":"KID","x5u":"https://example.org/x"}"#,
            #"{"alg":"EdDSA","typ":"at+jwt","kid":"KID","x5c":[]}"#,
            #"{"alg":"EdDSA","typ":"at+jwt","kid":"KID","crit":["b64"],"b64":false}"#,
            #"{"alg":"EdDSA","typ":"at+jwt","kid":"KID","crit":[]}"#,
            #"{"alg":"EdDSA","typ":"at+jwt","kid":"KID","zip":"DEF"}"#,
            #"{"alg":"EdDSA","alg":"EdDSA","typ":"at+jwt","kid":"KID"}"#,
            #"{"alg":"EdDSA","typ":"JWT","kid":"KID"}"#,
            #"{"alg":"EdDSA","kid":"KID"}"#,
            #"{"alg":"EdDSA","typ":"at+jwt","kid":"KID"},"#,
            #"["alg","EdDSA"]"#,
        ]
    )
    func wrongHeaders(_ header: String) throws {
        let key = try signingKey()
        let header = header.replacing("KID", with: key.name)
        let claims = String(decoding: JSONValue.object(claims()).encoded(), as: UTF8.self)
        let forged = try token(header: header, claims: claims, key)
        #expect(throws: TokenRejection.invalid) { try verifier(key).verify(forged, now: now) }
        let good = #"{"alg":"EdDSA","typ":"application/AT+JWT","kid":"\#(key.name)"}"#
        let signed = try token(header: good, claims: claims, key)
        #expect(throws: Never.self) { try verifier(key).verify(signed, now: now) }
    }

    @Test(
        "Claims that are no strict JSON are refused, though their signature is good",
        arguments: [
            #"{"iss":"omnihub","aud":"omnihub","sub":"u1","sid":"s1","exp":1e400}"#,
            #"{"iss":"omnihub","aud":"omnihub","sub":"u1","sub":"u2","exp":1790000900}"#,
            #"{"iss":"omnihub","aud":"omnihub","sub":"u1","exp":1790000900,}"#,
            #"{"iss":"omnihub","aud":"omnihub","sub":"u1","exp":NaN}"#,
            "\u{FEFF}" + #"{"iss":"omnihub","aud":"omnihub","sub":"u1","exp":1790000900}"#,
            #"[{"iss":"omnihub","aud":"omnihub","sub":"u1","exp":1790000900}]"#,
            "",
        ]
    )
    func wrongJSON(_ claims: String) throws {
        let key = try signingKey()
        let header = #"{"alg":"EdDSA","typ":"at+jwt","kid":"\#(key.name)"}"#
        let forged = try token(header: header, claims: claims, key)
        #expect(throws: TokenRejection.invalid) { try verifier(key).verify(forged, now: now) }
    }

    @Test("Another spelling of a token is not the token")
    func spellings() throws {
        let key = try signingKey()
        let verifier = try verifier(key)
        let token = try #require(key.sign(claims(), type: "at+jwt"))
        let parts = token.split(separator: ".").map(String.init)
        // The last character of 64 bytes carries four bits that mean nothing.
        let loose = String(token.dropLast()) + (token.hasSuffix("A") ? "B" : "A")
        let others = [
            loose, token + "=", token + "==", token + ".", "." + token, " " + token, token + "\n",
            parts[0] + "." + parts[1], parts[0] + "." + parts[1] + ".", token.lowercased(),
            parts[0] + "=." + parts[1] + "." + parts[2], String(token.dropLast(2)), "", ".", "..",
            parts[1] + "." + parts[0] + "." + parts[2],
            String(repeating: "A", count: 9_000) + "." + parts[1] + "." + parts[2],
        ]
        for other in others {
            #expect(throws: TokenRejection.invalid) { try verifier.verify(other, now: now) }
        }
    }

    @Test("A secret that is the public key of the hub signs nothing")
    func confusion() throws {
        let key = try signingKey()
        let publicKey = try #require(key.publicJWK["x"]?.stringValue.flatMap(Base64URL.decode))
        let hmac = try #require(TokenKey(secret: publicKey))
        #expect(hmac.algorithm == .hs256)
        let set = try verifier(key)
        let header = #"{"alg":"HS256","typ":"at+jwt","kid":"\#(key.name)"}"#
        let claims = String(decoding: JSONValue.object(claims()).encoded(), as: UTF8.self)
        let forged = try token(header: header, claims: claims, key)
        #expect(throws: TokenRejection.invalid) { try set.verify(forged, now: now) }
    }
}
