import JSONRPC
import Testing

@testable import Agents

@Suite struct PersonalDataScanTests {
    private static func found(_ text: String) throws -> [String] {
        let scan = TextScan(text)
        return try PersonalDataScan.findings(scan).map { "\($0.type) \(scan.text($0.range))" }
    }

    @Test(
        arguments: [
            ("Mail to <a.b+c@x-y.example.org>.", ["email a.b+c@x-y.example.org"]),
            ("a@b, .a@x.org, a..b@x.org, a@-x.org", ["email a@x.org"]),
            ("GB82WEST12345698765432", ["iban GB82WEST12345698765432"]),
            ("DE89 3704 0044 0532 0130 00 is it", ["iban DE89 3704 0044 0532 0130 00"]),
            ("GB82WEST12345698765433 XX82WEST12345698765432", []),
            ("4111 1111 1111 1111", ["card 4111 1111 1111 1111"]),
            ("4111111111111112 0000000000000000", []),
            ("At 192.168.0.1. Or 10.0.0.256, 1.2.3.4.5", ["ip 192.168.0.1"]),
            ("::1 and 2001:db8::ff00:42:8329", ["ip ::1", "ip 2001:db8::ff00:42:8329"]),
            ("12:30:45 a::b::c", []),
            ("Call +44 20 7946 0958!", ["phone +44 20 7946 0958"]),
            ("(02) 9374 4000 or 212-555-0187", ["phone (02) 9374 4000", "phone 212-555-0187"]),
            ("SSN 078-05-1120, 666-12-1234, 900-12-1234", ["us-ssn 078-05-1120"]),
            ("TFN: 123 456 782", ["au-tfn 123 456 782"]),
            ("NINO AB 12 34 56 C", ["gb-nino AB 12 34 56 C"]),
            ("DNI 12345678Z y X1234567L", ["es-dni 12345678Z", "es-dni X1234567L"]),
            ("NIR 2 55 08 14 168 025 38", ["fr-nir 2 55 08 14 168 025 38"]),
            ("Version 1.2.3, order 12345, 2026-11-26", []),
        ]
    )
    func `what is personal is found and nothing else`(text: String, found: [String]) throws {
        #expect(try Self.found(text) == found)
    }

    @Test func `the redacted text has the types instead`() throws {
        let result = try PersonalDataScan.task(["text": "😀 a@b.org\n1.2.3.4"])
        #expect(result["redacted"] == "😀 [EMAIL]\n[IP]")
        #expect(result["findings"]?.numbers("start") == [2, 10])
    }

    @Test(
        arguments: [
            "@", "+", "(", ":", "1", "1 ", "a@", "@a", "::", "4111 1111 ", "GB82", "AB", "1.", "é@",
        ]
    )
    func `endless repeats are scanned in linear time`(part: String) throws {
        let text = String(repeating: part, count: 100_000 / part.utf8.count)
        _ = try PersonalDataScan.task(["text": .string(text)])
        _ = try SecretScan.task(["text": .string(text)])
    }
}
