import COpenSSL

/// The SHA-256 of a secret with at least 128 random bits: what is kept of tokens and keys.
///
/// Such secrets cannot be guessed, so unlike passwords they need no slow hash.
package struct SecretDigest: Equatable, Sendable {
    package static let byteCount = 32

    /// 32 bytes.
    package let bytes: [UInt8]

    package init(of secret: [UInt8]) {
        bytes = SHA256Digest.of(secret)
    }

    /// Reads what ``text`` gave.
    package init?(text: String) {
        guard let bytes = Base64URL.decode(text), bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Base64url without padding.
    package var text: String { Base64URL.encode(bytes) }

    package static func == (one: SecretDigest, other: SecretDigest) -> Bool {
        areEqualInConstantTime(one.bytes, other.bytes)
    }
}

enum SHA256Digest {
    static func of(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe _ = SHA256(bytes, bytes.count, &digest)
        return digest
    }
}
