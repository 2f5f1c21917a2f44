import COpenSSL

/// Owns a key of OpenSSL.
///
/// Safe to share between threads: the key is never changed once it was made, its reference count
/// is atomic, and each signature has a context of its own (openssl-threads(7): "objects that are
/// only read may be used by several threads").
@safe
final class KeyHandle: @unchecked Sendable {
    private let key: OpaquePointer

    /// Takes over `key`.
    init(_ key: OpaquePointer) {
        unsafe self.key = key
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// `name` as OpenSSL knows it, such as `ED25519`, `RSA` or `EC`.
    func isKind(_ name: String) -> Bool { unsafe EVP_PKEY_is_a(key, name) == 1 }

    var bits: Int { unsafe Int(EVP_PKEY_get_bits(key)) }

    var isP256: Bool {
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else {
            return false
        }
        return name.prefix(length).elementsEqual("prime256v1".utf8.map { CChar($0) })
    }

    /// 32 bytes of an Ed25519 key.
    var rawPublicKey: [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 32)
        var count = bytes.count
        guard unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1, count == 32 else {
            return nil
        }
        return bytes
    }

    /// Whether a signature is good; `hashes` says to use SHA-256, for Ed25519 does its own hashing.
    func verifies(_ signature: [UInt8], of message: [UInt8], hashes: Bool) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        let digest = unsafe hashes ? EVP_sha256() : nil
        guard unsafe EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1 else {
            ERR_clear_error()
            return false
        }
        let isValid = unsafe EVP_DigestVerify(
            context,
            signature,
            signature.count,
            message,
            message.count
        )
        if isValid != 1 { ERR_clear_error() }
        return isValid == 1
    }

    /// An Ed25519 signature, 64 bytes.
    func sign(_ message: [UInt8]) -> [UInt8]? {
        guard let context = unsafe EVP_MD_CTX_new() else { return nil }
        defer { unsafe EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 64)
        var count = signature.count
        guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1,
            count == 64
        else {
            ERR_clear_error()
            return nil
        }
        return signature
    }

    /// The private key in PEM (RFC 7468, PKCS #8), for a file that only its owner reads.
    var privatePEM: SecretBytes? {
        guard let file = unsafe BIO_new(BIO_s_secmem()) else { return nil }
        defer { unsafe BIO_free(file) }
        guard unsafe PEM_write_bio_PKCS8PrivateKey(file, key, nil, nil, 0, nil, nil) == 1 else {
            ERR_clear_error()
            return nil
        }
        var text = SecretBytes(count: Int(unsafe BIO_ctrl_pending(file)))
        let count = unsafe text.withMutableBytes { bytes in
            unsafe BIO_read(file, bytes.baseAddress, Int32(clamping: bytes.count))
        }
        guard Int(count) == text.count else { return nil }
        return text
    }
}

extension KeyHandle {
    /// A new Ed25519 key.
    static func makeEd25519() -> KeyHandle? {
        guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe EVP_PKEY_keygen(context, &key) == 1, let key = unsafe key
        else {
            ERR_clear_error()
            return nil
        }
        return unsafe KeyHandle(key)
    }

    static func ed25519(publicKey bytes: [UInt8]) -> KeyHandle? {
        guard bytes.count == 32 else { return nil }
        return unsafe adopt(
            EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count)
        )
    }

    static func ed25519(privateKey bytes: [UInt8]) -> KeyHandle? {
        guard bytes.count == 32 else { return nil }
        return unsafe adopt(
            EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, bytes, bytes.count)
        )
    }

    /// A public key as `SubjectPublicKeyInfo` (RFC 5280 §4.1) in DER.
    static func subjectPublicKey(_ der: [UInt8]) -> KeyHandle? {
        unsafe der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return unsafe adopt(d2i_PUBKEY(nil, &next, bytes.count))
        }
    }

    /// The first public or, when `isPrivate`, private key of a PEM file; encrypted ones have no
    /// reader here.
    static func pem(_ text: borrowing SecretBytes, isPrivate: Bool) -> KeyHandle? {
        unsafe text.withBytes { bytes in
            guard let file = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            else { return nil }
            defer { unsafe BIO_free(file) }
            // Without the callback OpenSSL would ask for a passphrase on the terminal.
            return unsafe isPrivate
                ? adopt(PEM_read_bio_PrivateKey(file, nil, { _, _, _, _ in -1 }, nil))
                : adopt(PEM_read_bio_PUBKEY(file, nil, { _, _, _, _ in -1 }, nil))
        }
    }

    private static func adopt(_ key: OpaquePointer?) -> KeyHandle? {
        guard let key = unsafe key else {
            ERR_clear_error()
            return nil
        }
        return unsafe KeyHandle(key)
    }
}
