import COpenSSL

/// A key of AES-256 that seals secrets of others (AES-GCM, NIST SP 800-38D).
///
/// Safe to share between threads: its bytes are not changed after `init`, and each operation has
/// a context of its own.
@safe
final class SealingKey: @unchecked Sendable {
    static let byteCount = 32

    let id: String
    private let bytes: SecretBytes

    /// `nil` for a name that is no id, and for a key of another length.
    init?(id: Substring, bytes: consuming SecretBytes) {
        guard Self.isID(id), bytes.count == Self.byteCount else { return nil }
        self.id = String(id)
        self.bytes = bytes
    }

    /// 1 to 32 letters, digits, `-` and `_`.
    static func isID(_ text: Substring) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// What is authenticated beside the secret: the format, the key and what the secret is for.
    private func associatedData(_ context: String) -> [UInt8] {
        Array("omnihub sealed v1\n\(id)\n\(context)".utf8)
    }

    /// Seals a secret; `nil` when OpenSSL refuses, which it has no reason to.
    ///
    /// The nonce was never used before with this key.
    func seal(
        _ secret: borrowing SecretBytes,
        for context: String,
        nonce: [UInt8]
    ) -> SealedSecret? {
        let cipher = GCM(key: bytes, nonce: nonce, encrypts: true)
        guard cipher.isReady, cipher.authenticate(associatedData(context)) else { return nil }
        var ciphertext = [UInt8](repeating: 0, count: secret.count)
        var tag = [UInt8](repeating: 0, count: SealedSecret.tagBytes)
        let isSealed = unsafe secret.withBytes { plain in
            unsafe ciphertext.withUnsafeMutableBufferPointer { target in
                unsafe cipher.update(plain, into: target)
            }
        }
        guard isSealed, cipher.finishes(), cipher.readTag(&tag) else { return nil }
        return SealedSecret(keyID: id, nonce: nonce, ciphertext: ciphertext, tag: tag)
    }

    /// `nil` for what was not sealed with this key for this context, or was changed since.
    func open(_ sealed: SealedSecret, for context: String) -> SecretBytes? {
        let cipher = GCM(key: bytes, nonce: sealed.nonce, encrypts: false)
        guard cipher.isReady, cipher.authenticate(associatedData(context)),
            cipher.expectTag(sealed.tag)
        else { return nil }
        var secret = SecretBytes(count: sealed.ciphertext.count)
        let isOpened = unsafe secret.withMutableBytes { target in
            unsafe sealed.ciphertext.withUnsafeBufferPointer { source in
                unsafe cipher.update(source, into: target)
            }
        }
        // Before the tag is checked, what was decrypted is nobody's business.
        guard isOpened, cipher.finishes() else { return nil }
        return secret
    }
}

/// One operation of AES-256-GCM.
@safe
private struct GCM: ~Copyable {
    private let context: OpaquePointer?
    /// Whether OpenSSL took the key and the nonce; nothing else may be called if not.
    let isReady: Bool

    init(key: borrowing SecretBytes, nonce: [UInt8], encrypts: Bool) {
        let made = unsafe EVP_CIPHER_CTX_new()
        unsafe context = made
        guard nonce.count == SealedSecret.nonceBytes, unsafe made != nil else {
            isReady = false
            return
        }
        isReady = unsafe key.withBytes { key in
            unsafe EVP_CipherInit_ex(
                made,
                EVP_aes_256_gcm(),
                nil,
                key.baseAddress,
                nonce,
                encrypts ? 1 : 0
            ) == 1
        }
        if !isReady { ERR_clear_error() }
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(context)
    }

    func authenticate(_ data: [UInt8]) -> Bool {
        var count: Int32 = 0
        return unsafe EVP_CipherUpdate(context, nil, &count, data, Int32(clamping: data.count)) == 1
    }

    /// `target` has room for as many bytes as `source` has.
    func update(
        _ source: UnsafeBufferPointer<UInt8>,
        into target: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        guard !source.isEmpty else { return true }
        guard target.count >= source.count, source.count <= SealedSecret.maximumBytes else {
            return false
        }
        var count: Int32 = 0
        let status = unsafe EVP_CipherUpdate(
            context,
            target.baseAddress,
            &count,
            source.baseAddress,
            Int32(source.count)
        )
        return status == 1 && Int(count) == source.count
    }

    /// Whether all is well; when decrypting, whether the tag is right.
    func finishes() -> Bool {
        var none: [UInt8] = Array(repeating: 0, count: 16)
        var count: Int32 = 0
        let status = unsafe EVP_CipherFinal_ex(context, &none, &count)
        ERR_clear_error()
        return status == 1
    }

    func readTag(_ tag: inout [UInt8]) -> Bool {
        unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
    }

    func expectTag(_ tag: [UInt8]) -> Bool {
        var tag = tag
        return unsafe EVP_CIPHER_CTX_ctrl(
            context,
            EVP_CTRL_AEAD_SET_TAG,
            Int32(tag.count),
            &tag
        ) == 1
    }
}
