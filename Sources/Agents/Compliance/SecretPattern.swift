/// Tokens that are known by their form.
struct SecretPattern {
    enum Alphabet {
        case base62
        /// Also `-` and `_`.
        case base64URL
        case upperBase32
        case hexadecimal

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .base62: TextScan.isAlphanumeric(scalar)
            case .base64URL: TextScan.isAlphanumeric(scalar) || scalar == "-" || scalar == "_"
            case .upperBase32: ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            case .hexadecimal:
                ("0"..."9").contains(scalar) || ("a"..."f").contains(scalar)
            }
        }
    }

    var type: String
    var prefix: [Unicode.Scalar]
    var alphabet: Alphabet
    /// How many characters follow the prefix.
    var length: ClosedRange<Int>
    var confidence: Double

    private init(
        _ type: String,
        _ prefix: String,
        _ alphabet: Alphabet,
        _ length: ClosedRange<Int>,
        _ confidence: Double = 0.95
    ) {
        self.type = type
        self.prefix = Array(prefix.unicodeScalars)
        self.alphabet = alphabet
        self.length = length
        self.confidence = confidence
    }

    /// The token that begins at a place, if one does.
    static func finding(_ scan: TextScan, at start: Int) -> TextScan.Finding? {
        guard let first = scan[start] else { return nil }
        for pattern in all where pattern.prefix.first == first {
            guard scan.hasPrefix(pattern.prefix, at: start) else { continue }
            let body = start + pattern.prefix.count
            let end = scan.end(
                from: body,
                limit: pattern.length.upperBound + 1,
                while: pattern.alphabet.contains
            )
            guard pattern.length.contains(end - body) else { continue }
            var confidence = pattern.confidence
            if pattern.type == "github-token", pattern.length == 36...36 {
                let isGenuine = GitHubChecksum.isValid(scan.scalars[body..<end])
                confidence = isGenuine ? 0.99 : 0.6
            }
            return TextScan.Finding(
                type: pattern.type,
                range: start..<end,
                confidence: confidence
            )
        }
        return nil
    }

    /// A longer prefix stands before a shorter one.
    private static let all: [SecretPattern] = [
        SecretPattern("aws-access-key", "AKIA", .upperBase32, 16...16),
        SecretPattern("aws-access-key", "ASIA", .upperBase32, 16...16),
        SecretPattern("github-token", "ghp_", .base62, 36...36),
        SecretPattern("github-token", "gho_", .base62, 36...36),
        SecretPattern("github-token", "ghu_", .base62, 36...36),
        SecretPattern("github-token", "ghs_", .base62, 36...36),
        SecretPattern("github-token", "ghr_", .base62, 36...36),
        SecretPattern("github-token", "github_pat_", .base64URL, 82...82),
        SecretPattern("gitlab-token", "glpat-", .base64URL, 20...64),
        SecretPattern("slack-token", "xoxb-", .base64URL, 20...120),
        SecretPattern("slack-token", "xoxp-", .base64URL, 20...120),
        SecretPattern("slack-token", "xoxa-", .base64URL, 20...120),
        SecretPattern("slack-token", "xoxr-", .base64URL, 20...120),
        SecretPattern("slack-token", "xoxs-", .base64URL, 20...120),
        SecretPattern("slack-token", "xapp-", .base64URL, 20...120),
        SecretPattern("stripe-key", "sk_live_", .base62, 16...120),
        SecretPattern("stripe-key", "rk_live_", .base62, 16...120),
        SecretPattern("stripe-key", "sk_test_", .base62, 16...120, 0.7),
        SecretPattern("google-api-key", "AIza", .base64URL, 35...35),
        SecretPattern("anthropic-key", "sk-ant-", .base64URL, 20...200),
        SecretPattern("openai-key", "sk-proj-", .base64URL, 20...200),
        SecretPattern("openai-key", "sk-", .base62, 40...64, 0.8),
        SecretPattern("npm-token", "npm_", .base62, 36...36),
        SecretPattern("pypi-token", "pypi-AgEIcHlwaS5vcmc", .base64URL, 50...400),
        SecretPattern("twilio-key", "SK", .hexadecimal, 32...32, 0.8),
        SecretPattern("sendgrid-key", "SG.", .base64URL, 22...22, 0.8),
        SecretPattern("hub-token", "ohub_", .base64URL, 20...120),
    ]
}

/// The checksum at the end of GitHub's tokens: CRC-32 of the 30 characters before, in base 62.
enum GitHubChecksum {
    private static let digits = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".unicodeScalars
    )

    /// Whether `body`, the 36 characters after a prefix, ends with its checksum.
    static func isValid(_ body: ArraySlice<Unicode.Scalar>) -> Bool {
        checksum(body.dropLast(6)).elementsEqual(body.suffix(6))
    }

    static func checksum(_ body: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        var rest = crc32(body.map { UInt8(truncatingIfNeeded: $0.value) })
        var text: [Unicode.Scalar] = []
        for _ in 0..<6 {
            text.append(digits[Int(rest % 62)])
            rest /= 62
        }
        return text.reversed()
    }

    /// CRC-32 of ISO 3309, as in zlib.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
