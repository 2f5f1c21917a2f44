/// A secret as it is stored: encrypted with a key that is kept elsewhere.
///
/// As text it is `v1.<key>.<data>`: the id of the key, and in base64url without padding the nonce
/// (12 bytes), the ciphertext and the tag (16 bytes) of AES-256-GCM.
package struct SealedSecret: Equatable, Sendable {
    static let nonceBytes = 12
    static let tagBytes = 16
    /// A secret of others is a token or a password; more is something else.
    package static let maximumBytes = 64 << 10

    /// Which key opens it.
    package let keyID: String
    let nonce: [UInt8]
    let ciphertext: [UInt8]
    let tag: [UInt8]

    init(keyID: String, nonce: [UInt8], ciphertext: [UInt8], tag: [UInt8]) {
        self.keyID = keyID
        self.nonce = nonce
        self.ciphertext = ciphertext
        self.tag = tag
    }

    /// Reads what ``text`` gave.
    package init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let overhead = Self.nonceBytes + Self.tagBytes
        guard parts.count == 3, parts[0] == "v1", SealingKey.isID(parts[1]),
            parts[2].utf8.count <= (Self.maximumBytes + overhead) * 4 / 3 + 4,
            let bytes = Base64URL.decode(parts[2].utf8), bytes.count >= overhead
        else { return nil }
        keyID = String(parts[1])
        nonce = Array(bytes.prefix(Self.nonceBytes))
        ciphertext = Array(bytes.dropFirst(Self.nonceBytes).dropLast(Self.tagBytes))
        tag = Array(bytes.suffix(Self.tagBytes))
    }

    package var text: String { "v1.\(keyID).\(Base64URL.encode(nonce + ciphertext + tag))" }
}
