/// A key for programs: `ohk_<id>_<secret><checksum>`, shown once.
///
/// The prefix lets scanners find keys that were leaked, the checksum lets everybody tell a mistyped
/// one from one that was revoked without asking the hub. Id and secret are hexadecimal.
package struct APIKey: Sendable {
    package static let prefix = "ohk_"
    private static let idBytes = 8
    private static let secretBytes = 32
    private static let checksumBytes = 4

    package let id: String
    private let secret: [UInt8]

    package init(using random: inout some RandomNumberGenerator) {
        id = Hexadecimal.encode(randomBytes(Self.idBytes, using: &random))
        secret = randomBytes(Self.secretBytes, using: &random)
    }

    /// Reads what ``text`` gave; `nil` for anything else.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let parts = text.dropFirst(Self.prefix.count).split(
            separator: "_",
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, parts[0].utf8.count == 2 * Self.idBytes,
            Hexadecimal.decode(String(parts[0])) != nil,
            let rest = Hexadecimal.decode(String(parts[1])),
            rest.count == Self.secretBytes + Self.checksumBytes
        else { return nil }
        id = String(parts[0])
        secret = Array(rest[..<Self.secretBytes])
        guard rest[Self.secretBytes...].elementsEqual(checksum) else { return nil }
    }

    package var text: String { body + Hexadecimal.encode(checksum) }

    package var digest: SecretDigest { SecretDigest(of: secret) }

    private var body: String { Self.prefix + id + "_" + Hexadecimal.encode(secret) }

    private var checksum: ArraySlice<UInt8> {
        SHA256Digest.of(Array(body.utf8))[..<Self.checksumBytes]
    }
}
