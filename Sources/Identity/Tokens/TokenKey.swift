import COpenSSL

/// A key that verifies tokens, pinned to one algorithm.
package struct TokenKey: Sendable {
    package let algorithm: SignatureAlgorithm
    private let material: Material

    private enum Material: Sendable {
        case handle(KeyHandle)
        case secret([UInt8])
    }

    static let minimumRSABits = 2048
    /// RFC 7518 §3.2: as long as the hash at least.
    static let minimumSecretBytes = 32

    /// - Returns: `nil` when the key is not one for the algorithm, or too weak for it.
    init?(_ algorithm: SignatureAlgorithm, _ handle: KeyHandle) {
        let fits =
            switch algorithm {
            case .edDSA: handle.isKind("ED25519")
            case .es256: handle.isKind("EC") && handle.isP256
            case .rs256: handle.isKind("RSA") && handle.bits >= Self.minimumRSABits
            case .hs256: false
            }
        guard fits else { return nil }
        self.algorithm = algorithm
        material = .handle(handle)
    }

    /// A key for HS256, of at least 32 bytes.
    package init?(secret: [UInt8]) {
        guard secret.count >= Self.minimumSecretBytes else { return nil }
        algorithm = .hs256
        material = .secret(secret)
    }

    /// Whether `signature` is one of `message`, in the form that JWS demands (RFC 7518 §3).
    func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        switch (algorithm, material) {
        case (.edDSA, .handle(let key)):
            return signature.count == 64 && key.verifies(signature, of: message, hashes: false)
        case (.rs256, .handle(let key)):
            return signature.count == (key.bits + 7) / 8
                && key.verifies(signature, of: message, hashes: true)
        case (.es256, .handle(let key)):
            guard let der = ECDSASignature.der(signature) else { return false }
            return key.verifies(der, of: message, hashes: true)
        case (.hs256, .secret(let secret)):
            var expected = [UInt8](repeating: 0, count: 32)
            var count: UInt32 = 0
            let result = unsafe HMAC(
                EVP_sha256(),
                secret,
                Int32(clamping: secret.count),
                message,
                message.count,
                &expected,
                &count
            )
            return unsafe result != nil && areEqualInConstantTime(signature, expected)
        case (.hs256, .handle), (_, .secret):
            return false
        }
    }
}

/// ECDSA signatures over P-256, which JWS writes as two numbers of 32 bytes and OpenSSL in DER.
enum ECDSASignature {
    static func der(_ raw: [UInt8]) -> [UInt8]? {
        guard raw.count == 64 else { return nil }
        return DER.sequence(DER.integer(raw[..<32]) + DER.integer(raw[32...]))
    }
}

/// The few forms of DER (X.690) that keys and signatures need.
enum DER {
    static func sequence(_ contents: [UInt8]) -> [UInt8] { element(0x30, contents) }

    /// An unsigned number, most significant byte first.
    static func integer(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        if digits.isEmpty || digits[0] & 0x80 != 0 { digits.insert(0, at: 0) }
        return element(0x02, digits)
    }

    static func bitString(_ bytes: [UInt8]) -> [UInt8] { element(0x03, [0] + bytes) }

    private static func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        let count = contents.count
        if count < 0x80 { return [tag, UInt8(count)] + contents }
        var digits: [UInt8] = []
        var rest = count
        while rest > 0 {
            digits.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(digits.count)] + digits + contents
    }
}
