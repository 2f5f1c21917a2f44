import AgentRuntime
import JSONRPC

/// Finds credentials in a text.
///
/// Tokens are known by the fixed prefix, alphabet and length that their issuers document
/// (``SecretPattern``); of GitHub's also the checksum is verified (“Behind GitHub's new
/// authentication token formats”, 2021). Besides, private keys in PEM (RFC 7468), JSON Web Tokens
/// (RFC 7519), passwords in URLs (RFC 3986) and what is assigned to a name such as `password`,
/// whose confidence follows the entropy of its characters (C. E. Shannon, 1948).
struct SecretScan: TaskInput {
    static let listed = 1_000

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
        var index = 0
        while index < scan.scalars.count {
            if index.isMultiple(of: 4_096) { try Task.checkCancellation() }
            // Everything that is looked for begins where a word does, or with dashes.
            guard scan.isBoundary(index) else {
                index += 1
                continue
            }
            let found =
                SecretPattern.finding(scan, at: index) ?? privateKey(scan, at: index)
                ?? webToken(scan, at: index) ?? urlPassword(scan, at: index)
                ?? SecretAssignment.finding(scan, at: index)
            if let found { findings.append(found) }
            index = found.map { max($0.range.upperBound, index + 1) } ?? index + 1
        }
        return TextScan.apart(findings)
    }

    private static let begin = Array("-----BEGIN ".unicodeScalars)
    private static let finish = Array("-----END ".unicodeScalars)

    private static func privateKey(_ scan: TextScan, at start: Int) -> TextScan.Finding? {
        guard scan[start] == "-", scan.hasPrefix(begin, at: start) else { return nil }
        let label = start + begin.count
        let end = scan.end(from: label, limit: 60) { $0 != "-" && $0 != "\n" }
        guard scan.text(label..<end).hasSuffix("PRIVATE KEY") else { return nil }
        // An end mark that is missing was cut off: a few lines of a key are a secret too.
        var close = scan.end(from: end, limit: 16_384) { _ in true }
        for index in end..<close where scan[index] == "-" && scan.hasPrefix(finish, at: index) {
            close = scan.end(from: index + finish.count, limit: 80) { $0 != "\n" && $0 != "\r" }
            break
        }
        return TextScan.Finding(type: "private-key", range: start..<close, confidence: 0.99)
    }

    private static let tokenStart = Array("eyJ".unicodeScalars)

    private static func webToken(_ scan: TextScan, at start: Int) -> TextScan.Finding? {
        guard scan.hasPrefix(tokenStart, at: start) else { return nil }
        var end = start
        for part in 0..<3 {
            let next = scan.end(from: end, limit: 8_192) {
                TextScan.isAlphanumeric($0) || $0 == "-" || $0 == "_"
            }
            guard next - end >= (part < 2 ? 8 : 1) else { return nil }
            end = next
            if part < 2 {
                guard scan[end] == "." else { return nil }
                end += 1
            }
        }
        return TextScan.Finding(type: "json-web-token", range: start..<end, confidence: 0.9)
    }

    private static let schemeEnd = Array("://".unicodeScalars)

    /// The password in `scheme://user:password@host`.
    private static func urlPassword(_ scan: TextScan, at start: Int) -> TextScan.Finding? {
        guard let first = scan[start], TextScan.isASCIILetter(first) else { return nil }
        let scheme = scan.end(from: start, limit: 20) {
            TextScan.isAlphanumeric($0) || $0 == "+" || $0 == "."
        }
        guard scan.hasPrefix(schemeEnd, at: scheme) else { return nil }
        func isPart(_ scalar: Unicode.Scalar) -> Bool {
            !scalar.properties.isWhitespace && !"/?#@:\"'<>".unicodeScalars.contains(scalar)
        }
        let user = scan.end(from: scheme + 3, limit: 200, while: isPart)
        guard scan[user] == ":" else { return nil }
        let password = scan.end(from: user + 1, limit: 200, while: isPart)
        guard scan[password] == "@", password > user + 1 else { return nil }
        return TextScan.Finding(
            type: "url-password",
            range: user + 1..<password,
            confidence: 0.8
        )
    }
}

extension SecretScan {
    static let task = TaskFunction(
        "scan.secrets",
        summary: "Finds tokens, keys and passwords in a text, and returns it without them.",
        definition: """
            documented forms of tokens, GitHub's checksum, PEM (RFC 7468), JSON Web Tokens (RFC \
            7519), passwords in URLs, assignments by entropy. Places of scans are in Unicode code \
            points
            """,
        payload: Schema.object(["text": Schema.string(0...262_144)]),
        result: TextScan.resultSchema(limit: listed),
        example: [
            "text": """
            aws_key: AKIAIOSFODNN7EXAMPLE
            postgres://app:hunter2hunter2@db.internal/main
            """
        ],
        perform: { (input: SecretScan, _) in try input.result() }
    )
}
