import AgentRuntime
import JSONRPC

/// Finds personal data in a text.
///
/// - `email`: an address of RFC 5321 without quoted or literal parts.
/// - `iban`: length and form by the SWIFT registry, check digits by ISO 7064 MOD 97-10
///   (ISO 13616).
/// - `card`: 13 to 19 digits with the check digit of Luhn (ISO/IEC 7812-1).
/// - `ip`: IPv4 as four decimals, IPv6 by RFC 4291.
/// - `phone`: ITU-T E.164 with `+`, or a number in national groups, of which one is less sure.
/// - ``NationalID``: `us-ssn`, `gb-nino`, `fr-nir`, `es-dni`, `au-tfn`.
///
/// Of what overlaps, the surer one is kept.
struct PersonalDataScan: TaskInput {
    static let listed = 2_000

    var text: String

    init(payload: JSONValue) throws(InvalidPayload) {
        text = try PayloadFields(payload).string("text")
    }

    func result() throws -> JSONValue {
        let scan = TextScan(text)
        return scan.result(try Self.findings(scan), limit: Self.listed)
    }

    static func findings(_ scan: TextScan) throws -> [TextScan.Finding] {
        var findings: [TextScan.Finding] = []
        for (index, scalar) in scan.scalars.enumerated() {
            if index.isMultiple(of: 4_096) { try Task.checkCancellation() }
            if scalar == "@" {
                if let found = EmailAddress.finding(scan, at: index) { findings.append(found) }
                continue
            }
            let isStart = scan.isBoundary(index)
            if scalar == "+" || scalar == "(" || scalar == ":" || isStart {
                findings += candidates(scan, at: index, isStart)
            }
        }
        return TextScan.apart(findings)
    }

    private static func candidates(
        _ scan: TextScan,
        at index: Int,
        _ isStart: Bool
    ) -> [TextScan.Finding] {
        var found: [TextScan.Finding?] = [NetworkAddress.finding(scan, at: index)]
        if isStart {
            found += [
                BankAccount.finding(scan, at: index), PaymentCard.finding(scan, at: index),
                NationalID.finding(scan, at: index),
            ]
        }
        found.append(PhoneNumber.finding(scan, at: index))
        return found.compactMap { $0 }
    }
}

extension PersonalDataScan {
    static let task = TaskFunction(
        "scan.pii",
        summary: """
            Finds e-mail and IP addresses, phone, bank, card and national numbers in a text, and \
            returns it without them.
            """,
        definition: """
            `email` (RFC 5321), `iban` (ISO 13616, MOD 97-10), `card` (Luhn, ISO/IEC 7812-1), \
            `ip` (RFC 4291), `phone` (E.164), `us-ssn`, `gb-nino`, `fr-nir`, `es-dni`, `au-tfn`
            """,
        payload: Schema.object(["text": Schema.string(0...262_144)]),
        result: TextScan.resultSchema(limit: listed),
        example: [
            "text": "Ada (ada@example.org, +44 20 7946 0958) pays from GB82 WEST 1234 5698 7654 32."
        ],
        perform: { (input: PersonalDataScan, _) in try input.result() }
    )
}
