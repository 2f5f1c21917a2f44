import COpenSSL
import Glibc

/// What a step of a TLS handshake led to.
package enum TLSHandshakeStep: Equatable {
    /// The peer has to send something first.
    case needsMore
    case done
    case failed(TLSFailure)
}

/// What reading from a TLS session gave.
package enum TLSReading: Equatable {
    case bytes(Int)
    /// All input is used up.
    case needsMore
    /// The peer has ended its side in good order (`close_notify`).
    case ended
    case failed(TLSFailure)
}

/// TLS on one connection, either side, with no socket: ciphertext comes from and goes to a
/// ``TLSWire``.
///
/// After each call the owner sends what the wire holds. After a failure that is the alert which
/// tells the peer, and nothing else may be called.
package final class TLSSession {
    /// Plaintext of one record (RFC 8446 §5.1).
    package static let recordLength = 16_384

    private let ssl: OpaquePointer
    /// Kept for OpenSSL, which holds its address.
    private let wire: TLSWire

    /// The side of a server.
    package convenience init(serving context: TLSContext, over wire: TLSWire) throws(TLSError) {
        try self.init(context, wire)
        SSL_set_accept_state(ssl)
    }

    /// The side of a client that wants to talk to `host`, a name or a numeric address, and to
    /// nobody else.
    package convenience init(
        connectingTo host: String,
        _ context: TLSContext,
        over wire: TLSWire
    ) throws(TLSError) {
        try self.init(context, wire)
        let isSet: Bool
        if InternetAddress(host: host, port: 0) != nil {
            isSet = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1
        } else {
            SSL_set_hostflags(ssl, CUnsignedInt(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            isSet = SSL_set1_host(ssl, host) == 1 && copenssl_set_server_name(ssl, host) == 1
        }
        guard isSet else { throw TLSError(.library, TLSErrorQueue.takeReason()) }
        SSL_set_connect_state(ssl)
    }

    private init(_ context: TLSContext, _ wire: TLSWire) throws(TLSError) {
        guard let ssl = SSL_new(context.pointer) else {
            throw TLSError(.library, TLSErrorQueue.takeReason())
        }
        guard let bio = TLSWireMethod.makeBIO(wire) else {
            SSL_free(ssl)
            throw TLSError(.library, TLSErrorQueue.takeReason())
        }
        SSL_set_bio(ssl, bio, bio)
        self.ssl = ssl
        self.wire = wire
    }

    deinit {
        SSL_free(ssl)
    }

    /// Goes on with the handshake as far as the input allows.
    package func handshake() -> TLSHandshakeStep {
        TLSErrorQueue.clear()
        let result = SSL_do_handshake(ssl)
        if result == 1 { return .done }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsMore
        default: return .failed(takeFailure())
        }
    }

    /// Decrypts into `target`, which should have room for a whole record.
    ///
    /// Call it again until it gives something other than bytes: only then is the input used up.
    package func read(into target: UnsafeMutableRawBufferPointer) -> TLSReading {
        TLSErrorQueue.clear()
        let result = SSL_read(ssl, target.baseAddress, CInt(clamping: target.count))
        if result > 0 { return .bytes(Int(result)) }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsMore
        case SSL_ERROR_ZERO_RETURN: return .ended
        default: return .failed(takeFailure())
        }
    }

    /// Whether ``read(into:)`` has something left to look at.
    package var hasInput: Bool {
        wire.contents.pointee.inputPosition < wire.contents.pointee.inputEnd
            || SSL_pending(ssl) > 0
    }

    /// Encrypts the first bytes of `source`, at most one record.
    ///
    /// - Returns: How many bytes were taken; 0 when the session has failed.
    package func write(_ source: UnsafeRawBufferPointer) -> Int {
        TLSErrorQueue.clear()
        let count = min(source.count, Self.recordLength)
        guard count > 0 else { return 0 }
        return Int(max(0, SSL_write(ssl, source.baseAddress, CInt(count))))
    }

    /// Ends our side in good order; nothing can be written from now on.
    package func end() {
        TLSErrorQueue.clear()
        guard SSL_is_init_finished(ssl) == 1 else { return }
        _ = SSL_shutdown(ssl)
    }

    /// Whether the handshake went on from an earlier session; known when it is done.
    package var isResumed: Bool { SSL_session_reused(ssl) == 1 }

    /// Such as `TLSv1.3`.
    package var version: String { SSL_get_version(ssl).map { String(cString: $0) } ?? "" }

    private func takeFailure() -> TLSFailure {
        let verdict = SSL_get_verify_result(ssl)
        guard verdict != X509_V_OK, SSL_is_server(ssl) == 0 else {
            return TLSFailure(reason: TLSErrorQueue.takeReason(), isDistrust: false)
        }
        ERR_clear_error()
        let text = X509_verify_cert_error_string(verdict).map { String(cString: $0) }
        return TLSFailure(reason: text ?? "the certificate is not valid", isDistrust: true)
    }
}
