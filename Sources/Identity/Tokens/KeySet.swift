import JSONRPC

/// The keys of an issuer by their names: the exact map that says which algorithm and key a token
/// is checked with, whatever the token itself asks for.
package struct KeySet: Sendable {
    /// By `kid`.
    private var named: [String: TokenKey] = [:]
    /// For tokens without `kid`.
    private var unnamed: TokenKey?

    package static let maximumKeys = 64

    package init() {}

    package mutating func add(_ key: TokenKey, named name: String) {
        named[name] = key
    }

    package mutating func add(unnamed key: TokenKey) {
        unnamed = key
    }

    package var count: Int { named.count + (unnamed == nil ? 0 : 1) }

    func key(named name: String?) -> TokenKey? {
        guard let name else { return unnamed }
        return named[name]
    }
}

/// What is wrong with a file of keys, for whoever configured it.
package struct KeyFileProblem: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension KeySet {
    /// Reads a file of keys: a JWK Set (RFC 7517 §5), a public key in PEM, or for HS256 the secret
    /// itself without the line break at its end.
    ///
    /// `algorithm` is that of the one key of a file that is no JWK Set, and of keys in a set that
    /// name none. `name` is the `kid` of the one key of a file that is no JWK Set; without it, the
    /// key is for tokens without `kid`.
    ///
    /// - Throws: What is wrong with the file.
    package init(
        file: borrowing SecretBytes,
        algorithm: SignatureAlgorithm?,
        name: String?
    ) throws(KeyFileProblem) {
        self.init()
        let bytes = file.copy()
        if let document = try? JSONValue(parsing: bytes), let keys = document["keys"] {
            try add(jwks: keys, algorithm: algorithm)
            return
        }
        guard let algorithm else {
            throw KeyFileProblem(
                "is no JWK Set, so the algorithm of its key has to be configured"
            )
        }
        let key: TokenKey
        if algorithm == .hs256 {
            var secret = bytes
            if secret.last == UInt8(ascii: "\n") { secret.removeLast() }
            guard let hmac = TokenKey(secret: secret) else {
                throw KeyFileProblem(
                    "holds a secret of less than \(TokenKey.minimumSecretBytes) bytes"
                )
            }
            key = hmac
        } else {
            guard let handle = KeyHandle.pem(file, isPrivate: false) else {
                throw KeyFileProblem("holds neither a JWK Set nor a public key in PEM")
            }
            guard let pinned = TokenKey(algorithm, handle) else {
                throw KeyFileProblem("holds a key that is none for \(algorithm.rawValue)")
            }
            key = pinned
        }
        if let name { add(key, named: name) } else { add(unnamed: key) }
    }

    private mutating func add(
        jwks keys: JSONValue,
        algorithm: SignatureAlgorithm?
    ) throws(KeyFileProblem) {
        guard let keys = keys.arrayValue, !keys.isEmpty, keys.count <= Self.maximumKeys else {
            throw KeyFileProblem("holds a JWK Set without keys, or with over \(Self.maximumKeys)")
        }
        for (index, key) in keys.enumerated() {
            if let use = key["use"]?.stringValue, use != "sig" { continue }
            let place = "key \(index + 1) of the JWK Set"
            let pinned: SignatureAlgorithm
            switch key["alg"] {
            case .string(let name)?:
                guard let known = SignatureAlgorithm(rawValue: name) else {
                    throw KeyFileProblem("\(place) has an 'alg' that the hub does not know")
                }
                pinned = known
            case nil:
                guard let algorithm else { throw KeyFileProblem("\(place) names no 'alg'") }
                pinned = algorithm
            default:
                throw KeyFileProblem("\(place) has an 'alg' that is no string")
            }
            guard let tokenKey = TokenKey(jwk: key, algorithm: pinned) else {
                throw KeyFileProblem("\(place) is no key for \(pinned.rawValue)")
            }
            switch key["kid"] {
            case .string(let name)?:
                guard named[name] == nil else {
                    throw KeyFileProblem("two keys of the JWK Set have the same 'kid'")
                }
                add(tokenKey, named: name)
            case nil:
                guard unnamed == nil else {
                    throw KeyFileProblem("two keys of the JWK Set have no 'kid'")
                }
                add(unnamed: tokenKey)
            default:
                throw KeyFileProblem("\(place) has a 'kid' that is no string")
            }
        }
        guard count > 0 else { throw KeyFileProblem("holds a JWK Set without keys to sign with") }
    }
}

extension TokenKey {
    /// A key of RFC 7517, of which only the public part is read.
    fileprivate init?(jwk: JSONValue, algorithm: SignatureAlgorithm) {
        func bytes(_ name: String) -> [UInt8]? { jwk[name]?.stringValue.flatMap(Base64URL.decode) }
        let handle: KeyHandle?
        switch (algorithm, jwk["kty"]?.stringValue) {
        case (.edDSA, "OKP"):
            guard jwk["crv"] == "Ed25519", let x = bytes("x") else { return nil }
            handle = .ed25519(publicKey: x)
        case (.es256, "EC"):
            guard jwk["crv"] == "P-256", let x = bytes("x"), let y = bytes("y"), x.count == 32,
                y.count == 32
            else { return nil }
            handle = .subjectPublicKey(PublicKeyInfo.p256(x: x, y: y))
        case (.rs256, "RSA"):
            guard let n = bytes("n"), let e = bytes("e"), n.count <= 2048, e.count <= 8 else {
                return nil
            }
            handle = .subjectPublicKey(PublicKeyInfo.rsa(n: n, e: e))
        case (.hs256, "oct"):
            guard let secret = bytes("k") else { return nil }
            self.init(secret: secret)
            return
        default:
            return nil
        }
        guard let handle else { return nil }
        self.init(algorithm, handle)
    }
}

/// Public keys as `SubjectPublicKeyInfo`.
private enum PublicKeyInfo {
    /// RFC 5480: id-ecPublicKey, prime256v1.
    static func p256(x: [UInt8], y: [UInt8]) -> [UInt8] {
        let algorithm: [UInt8] = [
            0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
            0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
        ]
        return DER.sequence(DER.sequence(algorithm) + DER.bitString([0x04] + x + y))
    }

    /// RFC 8017 §A.1.1: rsaEncryption.
    static func rsa(n: [UInt8], e: [UInt8]) -> [UInt8] {
        let algorithm: [UInt8] = [
            0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
        ]
        let key = DER.sequence(DER.integer(n) + DER.integer(e))
        return DER.sequence(DER.sequence(algorithm) + DER.bitString(key))
    }
}
