import EventLoops

/// A key and a certificate for `hub.example` and 127.0.0.1, which is its own authority.
enum TestCertificate {
    static let certificate = Array(
        """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUYV8hYZmqaIEY/oRehuMMyrh/KB4wCgYIKoZIzj0EAwIw
        EzERMA8GA1UEAwwIdGVzdCBodWIwIBcNMjYxMTI2MTI0NTA4WhgPMjEyNjExMDIx
        MjQ1MDhaMBMxETAPBgNVBAMMCHRlc3QgaHViMFkwEwYHKoZIzj0CAQYIKoZIzj0D
        AQcDQgAEo2hUTmVvfWSLlIOPFWuqMiht6Yr6RBK1JUCk50W3eUrX/FTmPoDX92S3
        duHnKnkxNUv1n6RtgJjRlFnz4+33KaNxMG8wHQYDVR0OBBYEFCmLuyU2j9VKriwJ
        PTPL8Ol4XVdBMB8GA1UdIwQYMBaAFCmLuyU2j9VKriwJPTPL8Ol4XVdBMA8GA1Ud
        EwEB/wQFMAMBAf8wHAYDVR0RBBUwE4ILaHViLmV4YW1wbGWHBH8AAAEwCgYIKoZI
        zj0EAwIDSAAwRQIgG3y4Qk9lYgdt1hAZFWDAyaXfdfatIPbG80/Om5bsdtcCIQD8
        hIuhVxKv4Tw3iCTvf0NdEOrNo/DDd8W3paLBrf0hmQ==
        -----END CERTIFICATE-----
        """.utf8
    )

    static let key = Array(
        """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKeMd71roXbBlBfmd
        rGmzcld6Zbd9gelpFH+tH4trn1uhRANCAASjaFROZW99ZIuUg48Va6oyKG3pivpE
        ErUlQKTnRbd5Stf8VOY+gNf3ZLd24ecqeTE1S/WfpG2AmNGUWfPj7fcp
        -----END PRIVATE KEY-----
        """.utf8
    )

    /// One that belongs to another certificate.
    static let foreignKey = Array(
        """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCIl6QeHUwZF1jmF5
        OE4U6Na4BNcc88oRdMaOTkLcCb2hRANCAASyL5Abw0Acb6JXeULYDIOOHwwzju29
        c1yMPw9yKL10pwzVzc8Nqq49MzakJWbqhJnDsRxuJOXaqj/MNzNWYEEC
        -----END PRIVATE KEY-----
        """.utf8
    )
}

/// A client and a server that talk TLS through memory, so many bytes at a time.
struct TLSPair {
    struct Side {
        let session: TLSSession
        let wire: TLSWire
        var isOpen = false
        var hasEnded = false
        var failure: TLSFailure?
        var received: [UInt8] = []
        /// What waits for the other side.
        var outbox: [UInt8] = []

        init(_ session: TLSSession, _ wire: TLSWire) {
            self.session = session
            self.wire = wire
        }

        mutating func takeOutput() {
            outbox += Array(wire.output)
            wire.removeOutput()
        }

        mutating func shakeHands() {
            switch session.handshake() {
            case .needsMore: break
            case .done: isOpen = true
            case .failed(let failure): self.failure = failure
            }
            takeOutput()
        }

        mutating func receive(_ bytes: ArraySlice<UInt8>) {
            guard failure == nil else { return }
            let taken = Array(bytes).withUnsafeBytes { wire.receive($0) }
            precondition(taken == bytes.count)
            if !isOpen { shakeHands() }
            var buffer = [UInt8](repeating: 0, count: TLSSession.recordLength)
            while isOpen, !hasEnded, failure == nil, session.hasInput {
                switch buffer.withUnsafeMutableBytes({ session.read(into: $0) }) {
                case .bytes(let count): received += buffer[..<count]
                case .needsMore: return
                case .ended: hasEnded = true
                case .failed(let failure): self.failure = failure
                }
            }
            takeOutput()
        }

        mutating func send(_ bytes: [UInt8]) {
            guard failure == nil else { return }
            bytes.withUnsafeBytes { bytes in
                var taken = 0
                while taken < bytes.count {
                    let rest = UnsafeRawBufferPointer(rebasing: bytes[taken...])
                    let count = session.write(rest)
                    precondition(count > 0)
                    taken += count
                }
            }
            takeOutput()
        }

        mutating func end() {
            session.end()
            takeOutput()
        }
    }

    var client: Side
    var server: Side
    let chunk: Int

    init(
        host: String = "hub.example",
        trusting authorities: [UInt8]? = TestCertificate.certificate,
        chunk: Int = 4096
    ) throws {
        let context = try TLSContext(
            server: TLSServerSettings(
                certificates: TestCertificate.certificate,
                key: TestCertificate.key
            )
        )
        let wires = (TLSWire(), TLSWire())
        let trusted = try TLSContext(clientTrusting: authorities)
        client = Side(try TLSSession(connectingTo: host, trusted, over: wires.0), wires.0)
        server = Side(try TLSSession(serving: context, over: wires.1), wires.1)
        self.chunk = chunk
        client.shakeHands()
    }

    /// Moves bytes until neither side has any left.
    mutating func run() {
        while !client.outbox.isEmpty || !server.outbox.isEmpty {
            let up = client.outbox.prefix(chunk)
            client.outbox.removeFirst(up.count)
            if !up.isEmpty { server.receive(up) }
            let down = server.outbox.prefix(chunk)
            server.outbox.removeFirst(down.count)
            if !down.isEmpty { client.receive(down) }
        }
    }
}
