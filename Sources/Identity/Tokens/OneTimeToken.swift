/// A token with which a user sets the first password: `oha_` and base64url of the user's id and a
/// secret.
package struct OneTimeToken: Sendable {
    package static let prefix = "oha_"
    private static let secretBytes = 32

    package let userID: String
    private let secret: [UInt8]

    package init(userID: String, using random: inout some RandomNumberGenerator) {
        self.userID = userID
        secret = randomBytes(Self.secretBytes, using: &random)
    }

    /// Reads what ``text`` gave; `nil` for anything else.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let bytes = Base64URL.decode(text.dropFirst(Self.prefix.count).utf8),
            bytes.count == UserRecord.idBytes + Self.secretBytes
        else { return nil }
        userID = Hexadecimal.encode(bytes[..<UserRecord.idBytes])
        secret = Array(bytes[UserRecord.idBytes...])
    }

    package var text: String {
        Self.prefix + Base64URL.encode((Hexadecimal.decode(userID) ?? []) + secret)
    }

    package var digest: SecretDigest { SecretDigest(of: secret) }
}
