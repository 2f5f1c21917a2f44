import EventLoops
import Glibc

/// What the encrypted connections of a load have in common: whom they trust, and the buffers
/// through which they take turns.
final class LoadTLS {
    let wire = TLSWire()
    private let context: TLSContext

    /// Trusts whoever has `certificate`.
    init(trusting certificate: TestCertificate) throws {
        guard let text = SmallText(certificate.certificatePath).contents else {
            throw BenchError("cannot read \(certificate.certificatePath)")
        }
        context = try TLSContext(clientTrusting: Array(text.utf8))
    }

    func makeSession() throws -> TLSSession {
        try TLSSession(connectingTo: "127.0.0.1", context, over: wire)
    }

    /// Sends what sessions have written.
    func flush(to descriptor: CInt) throws(BenchError) {
        let count = wire.output.count
        guard count > 0 else { return }
        guard StreamSocket.send(descriptor, wire.output) == .bytes(count) else {
            throw .disconnected
        }
        wire.removeOutput()
    }

    /// Encrypts and sends.
    func send(
        _ bytes: ArraySlice<UInt8>,
        by session: TLSSession,
        to descriptor: CInt
    ) throws(BenchError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { session.write($0) }
            guard count > 0 else { throw .disconnected }
            rest = rest.dropFirst(count)
        }
        try flush(to: descriptor)
    }

    /// Goes on with a handshake after the socket was read.
    ///
    /// - Returns: Whether it is done.
    func shakeHands(_ session: TLSSession, on descriptor: CInt) throws(BenchError) -> Bool {
        let step = session.handshake()
        try flush(to: descriptor)
        switch step {
        case .done: return true
        case .needsMore: return false
        case .failed(let failure): throw BenchError("the TLS handshake failed: \(failure.reason)")
        }
    }
}

/// A key and a certificate for 127.0.0.1 that the `openssl` program makes.
final class TestCertificate {
    let certificatePath: String
    let keyPath: String
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        certificatePath = "\(folder.path)/certificate.pem"
        keyPath = "\(folder.path)/key.pem"
        let arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", keyPath, "-out", certificatePath,
        ]
        do {
            try ChildProcess(arguments, isQuiet: true).wait()
        } catch {
            throw BenchError("openssl could not make a certificate: \(error)")
        }
    }
}
