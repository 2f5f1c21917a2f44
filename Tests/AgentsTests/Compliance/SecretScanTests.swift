import JSONRPC
import Testing

@testable import Agents

@Suite struct SecretScanTests {
    private static func found(_ text: String) throws -> [String] {
        let scan = TextScan(text)
        return try SecretScan.findings(scan).map { "\($0.type) \(scan.text($0.range))" }
    }

    @Test(
        arguments: [
            ("id AKIAIOSFODNN7EXAMPLE.", ["aws-access-key AKIAIOSFODNN7EXAMPLE"]),
            ("AKIAIOSFODNN7EXAMPLEX", []),
            ("postgres://u:s3cr3t@h/db", ["url-password s3cr3t"]),
            ("http://host:80/a@b", []),
            ("{\"api_key\": \"q9X-73kfPz\"}", ["secret q9X-73kfPz"]),
            ("PASSWORD=hunter2hunter2", ["secret hunter2hunter2"]),
            ("password = \"aaaaaaaaaa\"; token: ${TOKEN_FROM_ENV}", []),
            ("passwords are hashed", []),
            ("-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----", []),
        ]
    )
    func `secrets are found and nothing else`(text: String, found: [String]) throws {
        #expect(try Self.found(text) == found)
    }

    @Test func `a private key goes with all its lines`() throws {
        let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----"
        let result = try SecretScan.task(["text": .string("a\n\(key)\nb")])
        #expect(result["redacted"] == "a\n[PRIVATE-KEY]\nb")
    }

    @Test func `a token of GitHub is sure when its checksum is right`() throws {
        let body = Array("0123456789abcdefghijABCDEFGHIJ".unicodeScalars)
        let checksum = String(String.UnicodeScalarView(GitHubChecksum.checksum(body[...])))
        let genuine = "ghp_" + String(String.UnicodeScalarView(body)) + checksum
        let forged = "ghp_" + String(String.UnicodeScalarView(body)) + "000000"
        for (token, confidence) in [(genuine, 0.99), (forged, 0.6)] {
            let result = try SecretScan.task(["text": .string("key \(token)")])
            #expect(result["findings"]?.numbers("confidence") == [confidence])
        }
        // The check value of CRC-32.
        #expect(GitHubChecksum.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    }
}
