import COpenSSL
import Glibc

/// What an operator wants to know of a certificate.
package struct TLSCertificate: Equatable, Sendable {
    /// As RFC 2253 writes names, such as `CN=hub.example.org`.
    package let subject: String
    /// Seconds since 1970.
    package let notBefore: Int
    package let notAfter: Int

    fileprivate init(_ certificate: OpaquePointer) {
        subject = Self.text(of: X509_get_subject_name(certificate))
        notBefore = Self.seconds(X509_get0_notBefore(certificate))
        notAfter = Self.seconds(X509_get0_notAfter(certificate))
    }

    private static func text(of name: OpaquePointer?) -> String {
        guard let bio = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(bio) }
        X509_NAME_print_ex(bio, name, 0, copenssl_name_flags)
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = BIO_read(bio, &buffer, CInt(buffer.count))
        return String(decoding: buffer.prefix(Int(max(0, count))), as: UTF8.self)
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int {
        var fields = tm()
        guard ASN1_TIME_to_tm(time, &fields) == 1 else { return 0 }
        return timegm(&fields)
    }
}

/// Reads certificates and keys from PEM and gives them to a context.
enum TLSCredentials {
    /// Has a server show its certificates.
    static func use(
        _ settings: TLSServerSettings,
        in context: OpaquePointer
    ) throws(TLSError) -> TLSCertificate {
        let certificates = try certificates(in: settings.certificates, .certificate)
        defer { for certificate in certificates { X509_free(certificate) } }
        let leaf = certificates[0]
        guard SSL_CTX_use_certificate(context, leaf) == 1 else {
            throw TLSError(.certificate, "is refused: \(TLSErrorQueue.takeReason())")
        }
        for certificate in certificates.dropFirst()
        where copenssl_add_chain_certificate(context, certificate) != 1 {
            throw TLSError(.certificate, "has a bad chain: \(TLSErrorQueue.takeReason())")
        }
        let key = try privateKey(in: settings.key)
        defer { EVP_PKEY_free(key) }
        guard X509_check_private_key(leaf, key) == 1 else {
            ERR_clear_error()
            throw TLSError(.key, "does not belong to the certificate")
        }
        guard SSL_CTX_use_PrivateKey(context, key) == 1 else {
            throw TLSError(.key, "is refused: \(TLSErrorQueue.takeReason())")
        }
        return TLSCertificate(leaf)
    }

    /// Trusts the certificates in `pem`; `announces` says whether their names are told to clients
    /// that are asked for one.
    static func trust(
        _ pem: [UInt8],
        in context: OpaquePointer,
        announces: Bool
    ) throws(TLSError) {
        let certificates = try certificates(in: pem, .authorities)
        defer { for certificate in certificates { X509_free(certificate) } }
        let store = SSL_CTX_get_cert_store(context)
        for certificate in certificates {
            guard X509_STORE_add_cert(store, certificate) == 1,
                !announces || SSL_CTX_add_client_CA(context, certificate) == 1
            else { throw TLSError(.authorities, "is refused: \(TLSErrorQueue.takeReason())") }
        }
    }

    /// All certificates in `pem`, at least one; the caller frees them.
    private static func certificates(
        in pem: [UInt8],
        _ part: TLSError.Part
    ) throws(TLSError) -> [OpaquePointer] {
        guard let bio = BIO_new_mem_buf(pem, CInt(clamping: pem.count)) else {
            throw TLSError(.library, TLSErrorQueue.takeReason())
        }
        defer { BIO_free(bio) }
        var found: [OpaquePointer] = []
        while let certificate = PEM_read_bio_X509(bio, nil, refusePassphrase, nil) {
            found.append(certificate)
        }
        // What ends the reading is that there is no further one, or that one is damaged.
        let isDamaged = !found.isEmpty && !endedForLackOfPEM()
        guard !found.isEmpty, !isDamaged else {
            let reason = TLSErrorQueue.takeReason()
            for certificate in found { X509_free(certificate) }
            let problem = reason == "no start line" ? "holds no certificate in PEM" : reason
            throw TLSError(part, isDamaged ? "holds a damaged certificate: \(reason)" : problem)
        }
        ERR_clear_error()
        return found
    }

    private static func endedForLackOfPEM() -> Bool {
        let code = ERR_peek_last_error()
        return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE
    }

    /// The caller frees it.
    private static func privateKey(in pem: [UInt8]) throws(TLSError) -> OpaquePointer {
        guard let bio = BIO_new_mem_buf(pem, CInt(clamping: pem.count)) else {
            throw TLSError(.library, TLSErrorQueue.takeReason())
        }
        defer { BIO_free(bio) }
        guard let key = PEM_read_bio_PrivateKey(bio, nil, refusePassphrase, nil) else {
            ERR_clear_error()
            let isEncrypted = String(decoding: pem, as: UTF8.self).contains("ENCRYPTED")
            throw TLSError(
                .key,
                isEncrypted
                    ? "is encrypted; give one without a passphrase"
                    : "holds no private key in PEM"
            )
        }
        return key
    }
}

/// In place of OpenSSL's own function, which would ask on the terminal.
private func refusePassphrase(
    _: UnsafeMutablePointer<CChar>?,
    _: CInt,
    _: CInt,
    _: UnsafeMutableRawPointer?
) -> CInt {
    -1
}
