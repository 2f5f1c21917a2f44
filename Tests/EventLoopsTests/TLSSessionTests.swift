import EventLoops
import Testing

@Suite("TLS sessions")
struct TLSSessionTests {
    private static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    }

    @Test(arguments: [1, 2, 3, 5, 6, 17, 100, 1_000, 5_000, 16_406, 100_000])
    func `what one side writes the other reads, however the bytes are cut`(chunk: Int) throws {
        var pair = try TLSPair(chunk: chunk)
        pair.run()
        #expect(pair.client.isOpen && pair.server.isOpen)
        #expect(pair.server.session.version == "TLSv1.3")
        let request = Self.pattern(300)
        let answer = Self.pattern(40_000)
        pair.client.send(request)
        pair.server.send(answer)
        pair.run()
        #expect(pair.server.received == request)
        #expect(pair.client.received == answer)
    }

    @Test func `one write takes no more than a record`() throws {
        var pair = try TLSPair()
        pair.run()
        let bytes = Self.pattern(50_000)
        let count = bytes.withUnsafeBytes { pair.client.session.write($0) }
        #expect(count == TLSSession.recordLength)
    }

    @Test func `a write of nothing takes nothing`() throws {
        var pair = try TLSPair()
        pair.run()
        #expect(pair.client.session.write(UnsafeRawBufferPointer(start: nil, count: 0)) == 0)
        #expect(pair.client.wire.output.isEmpty)
    }

    @Test func `the end of a side is told after its bytes`() throws {
        var pair = try TLSPair(chunk: 7)
        pair.run()
        pair.server.send([1, 2, 3])
        pair.server.end()
        pair.run()
        #expect(pair.client.received == [1, 2, 3])
        #expect(pair.client.hasEnded)
        // The other direction is still open.
        pair.client.send([4])
        pair.run()
        #expect(pair.client.failure == nil)
    }

    @Test(arguments: ["hub.example", "127.0.0.1"])
    func `a client takes the certificate of its host`(host: String) throws {
        var pair = try TLSPair(host: host)
        pair.run()
        #expect(pair.client.isOpen)
    }

    @Test(arguments: ["other.example", "127.0.0.2", "example"])
    func `a client refuses the certificate of another host`(host: String) throws {
        var pair = try TLSPair(host: host)
        pair.run()
        #expect(!pair.client.isOpen && !pair.server.isOpen)
        #expect(pair.client.failure?.isDistrust == true)
        // The alert has told the server.
        #expect(pair.server.failure?.isDistrust == false)
    }

    @Test func `a client refuses a certificate that nobody it trusts has signed`() throws {
        var pair = try TLSPair(trusting: nil)
        pair.run()
        #expect(pair.client.failure?.isDistrust == true)
    }

    @Test(arguments: [0, 3, 5, 20])
    func `a changed byte ends the session`(position: Int) throws {
        var pair = try TLSPair()
        pair.run()
        pair.client.send(Self.pattern(16))
        pair.client.outbox[position] ^= 0x41
        pair.run()
        #expect(pair.server.received.isEmpty)
        #expect(pair.server.failure != nil || pair.server.session.hasInput == false)
        pair.client.send(Self.pattern(16))
        pair.run()
        #expect(pair.server.received.isEmpty)
    }

    @Test func `a peer that does not speak TLS is refused`() throws {
        var pair = try TLSPair()
        pair.server.receive(Array("GET / HTTP/1.1\r\nHost: hub.example\r\n\r\n".utf8)[...])
        #expect(pair.server.failure != nil)
    }
}

@Suite("TLS contexts")
struct TLSContextTests {
    private static func error(
        certificates: [UInt8] = TestCertificate.certificate,
        key: [UInt8] = TestCertificate.key,
        authorities: [UInt8]? = nil
    ) -> TLSError? {
        var settings = TLSServerSettings(certificates: certificates, key: key)
        if let authorities {
            settings.clientCertificates = .required
            settings.clientAuthorities = authorities
        }
        do throws(TLSError) {
            _ = try TLSContext(server: settings)
            return nil
        } catch {
            return error
        }
    }

    @Test func `tells of its certificate`() throws {
        let settings = TLSServerSettings(
            certificates: TestCertificate.certificate,
            key: TestCertificate.key
        )
        let certificate = try #require(try TLSContext(server: settings).certificate)
        #expect(certificate.subject == "CN=test hub")
        #expect(certificate.notAfter - certificate.notBefore == 36_500 * 86_400)
    }

    @Test func `refuses a key of another certificate`() {
        let error = Self.error(key: TestCertificate.foreignKey)
        #expect(error == TLSError(.key, "does not belong to the certificate"))
    }

    @Test func `names the part that holds nothing of use`() {
        let text = Array("nothing".utf8)
        #expect(Self.error(certificates: text)?.part == .certificate)
        #expect(Self.error(certificates: [])?.part == .certificate)
        #expect(Self.error(key: text)?.part == .key)
        #expect(Self.error(key: [])?.part == .key)
        #expect(Self.error(authorities: text)?.part == .authorities)
        #expect(Self.error(authorities: TestCertificate.certificate) == nil)
    }

    @Test func `refuses a chain whose end is damaged`() {
        let damaged =
            TestCertificate.certificate
            + Array("\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)
        #expect(Self.error(certificates: damaged)?.part == .certificate)
    }
}
