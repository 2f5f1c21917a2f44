package import JSONRPC

/// The hub's own Ed25519 key, by which it signs tokens.
package struct SigningKey: Sendable {
    /// Its thumbprint (RFC 7638), which tokens carry as `kid`.
    package let name: String
    private let handle: KeyHandle

    private init?(_ handle: KeyHandle) {
        guard handle.isKind("ED25519"), let publicKey = handle.rawPublicKey else { return nil }
        self.handle = handle
        let x = Base64URL.encode(publicKey)
        let members = #"{"crv":"Ed25519","kty":"OKP","x":"\#(x)"}"#
        name = Base64URL.encode(SHA256Digest.of(Array(members.utf8)))
    }

    /// A new key; `nil` when OpenSSL has no randomness.
    package static func make() -> SigningKey? {
        KeyHandle.makeEd25519().flatMap(SigningKey.init)
    }

    /// The key of 32 secret bytes.
    package init?(seed: [UInt8]) {
        guard let handle = KeyHandle.ed25519(privateKey: seed) else { return nil }
        self.init(handle)
    }

    /// Reads a private key in PEM (PKCS #8), as ``pem`` or `openssl genpkey -algorithm ed25519`
    /// writes it.
    package init?(pem: borrowing SecretBytes) {
        guard let handle = KeyHandle.pem(pem, isPrivate: true) else { return nil }
        self.init(handle)
    }

    /// For a file of mode 0600.
    package var pem: SecretBytes? { handle.privatePEM }

    /// The public part as a JWK (RFC 8037 §2).
    package var publicJWK: JSONValue {
        [
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": .string(name),
            "x": .string(Base64URL.encode(handle.rawPublicKey ?? [])),
        ]
    }

    /// What verifies its signatures.
    package var tokenKey: TokenKey? { TokenKey(.edDSA, handle) }

    /// A JWT (RFC 7519) of these claims; `type` becomes `typ`, which keeps tokens of one use from
    /// passing for another's.
    package func sign(_ claims: JSONObject, type: String) -> String? {
        let header: JSONObject = ["alg": "EdDSA", "typ": .string(type), "kid": .string(name)]
        let text =
            Base64URL.encode(JSONValue.object(header).encoded()) + "."
            + Base64URL.encode(JSONValue.object(claims).encoded())
        guard let signature = handle.sign(Array(text.utf8)) else { return nil }
        return text + "." + Base64URL.encode(signature)
    }
}

/// Reads the public part of an older signing key, whose tokens stay valid while it is rotated.
package struct RetiredKey: Sendable {
    package let name: String
    package let tokenKey: TokenKey

    /// - Parameter pem: A private or a public key.
    package init?(pem: borrowing SecretBytes) {
        if let key = SigningKey(pem: pem), let tokenKey = key.tokenKey {
            name = key.name
            self.tokenKey = tokenKey
            return
        }
        guard let handle = KeyHandle.pem(pem, isPrivate: false),
            let publicKey = handle.rawPublicKey, let tokenKey = TokenKey(.edDSA, handle)
        else { return nil }
        let x = Base64URL.encode(publicKey)
        let members = #"{"crv":"Ed25519","kty":"OKP","x":"\#(x)"}"#
        name = Base64URL.encode(SHA256Digest.of(Array(members.utf8)))
        self.tokenKey = tokenKey
    }
}
