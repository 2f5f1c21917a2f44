import COpenSSL
import Glibc
import Synchronization

/// Whether clients show certificates.
package enum TLSClientCertificates: String, CaseIterable, Sendable {
    case none
    /// Who shows one must show a good one.
    case optional
    case required
}

/// The oldest version of TLS that is spoken.
package enum TLSVersion: String, CaseIterable, Sendable {
    case v1_2 = "1.2"
    case v1_3 = "1.3"

    var code: CInt {
        switch self {
        case .v1_2: TLS1_2_VERSION
        case .v1_3: TLS1_3_VERSION
        }
    }
}

/// Who a server is, and whom it lets in; all files are given as their bytes, in PEM.
package struct TLSServerSettings: Sendable {
    /// The server's certificate, then those that lead to its root.
    package var certificates: [UInt8]
    package var key: [UInt8]
    package var minimumVersion = TLSVersion.v1_2
    package var clientCertificates = TLSClientCertificates.none
    /// Whose certificates clients may show.
    package var clientAuthorities: [UInt8] = []

    package init(certificates: [UInt8], key: [UInt8]) {
        self.certificates = certificates
        self.key = key
    }
}

/// What the TLS sessions of a server, or of a client, have in common.
///
/// TLS 1.2 and 1.3 without renegotiation and compression, ALPN `http/1.1` (RFC 7301), and for a
/// server its own preference of ciphers and resumption by tickets (RFC 5077, RFC 8446 §2.2), for
/// which it keeps nothing but a key of its own.
package final class TLSContext: Sendable {
    /// Not changed after `init`; OpenSSL lets any thread make sessions from it.
    nonisolated(unsafe) let pointer: OpaquePointer
    /// The server's own; `nil` for a client.
    package let certificate: TLSCertificate?

    /// AEAD with forward secrecy only (RFC 9325 §4.2).
    private static let ciphers =
        "ECDHE+AESGCM+AES128:ECDHE+AESGCM+AES256:ECDHE+CHACHA20:!aNULL:!PSK"
    private static let ciphersuites =
        "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    private static let groups = "X25519:P-256:P-384"

    /// For a server.
    ///
    /// - Throws: What is wrong with the certificate, the key or the authorities.
    package init(server settings: TLSServerSettings) throws(TLSError) {
        guard let context = SSL_CTX_new(TLS_server_method()) else {
            throw TLSError(.library, TLSErrorQueue.takeReason())
        }
        do throws(TLSError) {
            certificate = try Self.setUp(context, server: settings)
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        pointer = context
    }

    /// For a client, which trusts the authorities of this machine, or in their place those whose
    /// certificates are given in PEM.
    package init(clientTrusting authorities: [UInt8]? = nil) throws(TLSError) {
        guard let context = SSL_CTX_new(TLS_client_method()) else {
            throw TLSError(.library, TLSErrorQueue.takeReason())
        }
        do throws(TLSError) {
            try Self.setUp(context, clientTrusting: authorities)
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        pointer = context
        certificate = nil
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    private static func setUpBoth(
        _ context: OpaquePointer,
        _ minimumVersion: TLSVersion
    ) throws(TLSError) {
        _ = SSL_CTX_set_options(
            context,
            copenssl_option_no_compression | copenssl_option_no_renegotiation
        )
        // An idle connection gives its buffers back; a write takes as much as there is.
        copenssl_set_mode(
            context,
            Int(
                SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                    | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
            )
        )
        guard copenssl_set_minimum_version(context, minimumVersion.code) == 1,
            SSL_CTX_set_cipher_list(context, ciphers) == 1,
            SSL_CTX_set_ciphersuites(context, ciphersuites) == 1,
            copenssl_set_groups(context, groups) == 1
        else { throw TLSError(.library, TLSErrorQueue.takeReason()) }
    }

    private static func setUp(
        _ context: OpaquePointer,
        server settings: TLSServerSettings
    ) throws(TLSError) -> TLSCertificate {
        try setUpBoth(context, settings.minimumVersion)
        _ = SSL_CTX_set_options(
            context,
            copenssl_option_server_preference | copenssl_option_prioritize_chacha
        )
        // Without a cache TLS 1.3 tickets hold all of a session, as those of TLS 1.2 always do.
        copenssl_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
        SSL_CTX_set_num_tickets(context, 1)
        let name: StaticString = "omnihub"
        SSL_CTX_set_session_id_context(
            context,
            name.utf8Start,
            CUnsignedInt(name.utf8CodeUnitCount)
        )
        SSL_CTX_set_alpn_select_cb(context, selectProtocol, nil)
        let certificate = try TLSCredentials.use(settings, in: context)
        guard settings.clientCertificates != .none else { return certificate }
        try TLSCredentials.trust(settings.clientAuthorities, in: context, announces: true)
        let required = settings.clientCertificates == .required
        SSL_CTX_set_verify(
            context,
            SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
            nil
        )
        return certificate
    }

    private static func setUp(
        _ context: OpaquePointer,
        clientTrusting authorities: [UInt8]?
    ) throws(TLSError) {
        try setUpBoth(context, .v1_2)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        if let authorities {
            try TLSCredentials.trust(authorities, in: context, announces: false)
        } else if SSL_CTX_set_default_verify_paths(context) != 1 {
            throw TLSError(.authorities, TLSErrorQueue.takeReason())
        }
        let offered: [UInt8] = [8] + Array("http/1.1".utf8)
        guard SSL_CTX_set_alpn_protos(context, offered, CUnsignedInt(offered.count)) == 0 else {
            throw TLSError(.library, TLSErrorQueue.takeReason())
        }
    }
}

/// Takes `http/1.1` from what a client offers; one that offers only others is refused with
/// `no_application_protocol` (RFC 7301 §3.2).
private func selectProtocol(
    _: OpaquePointer?,
    _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ chosenLength: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?,
    _ count: CUnsignedInt,
    _: UnsafeMutableRawPointer?
) -> CInt {
    let name: StaticString = "http/1.1"
    var rest = UnsafeBufferPointer(start: offered, count: Int(count))[...]
    while let length = rest.popFirst().map(Int.init), length <= rest.count {
        let candidate = UnsafeBufferPointer(rebasing: rest.prefix(length))
        if name.withUTF8Buffer({ candidate.elementsEqual($0) }) {
            chosen?.pointee = candidate.baseAddress
            chosenLength?.pointee = UInt8(length)
            return SSL_TLSEXT_ERR_OK
        }
        rest = rest.dropFirst(length)
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}

/// The context that new sessions are made from; it can be replaced while others go on.
package final class TLSContextSource: Sendable {
    private let context: Mutex<TLSContext>

    package init(_ context: TLSContext) {
        self.context = Mutex(context)
    }

    /// Any thread may read and replace it.
    package var current: TLSContext {
        get { context.withLock { $0 } }
        set { context.withLock { $0 = newValue } }
    }
}
