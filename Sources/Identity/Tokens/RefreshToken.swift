/// A token that is good for one renewal of a login session.
///
/// `ohr_` and base64url of three parts: the session's id, a secret of the session that stays, and a
/// secret that every renewal replaces. Whoever knows the first secret has had a token of the
/// session in hand; with an outdated second one, that is a token used twice, and not a guess by
/// which a stranger could end the session. So two digests are enough to recognise every token that
/// was ever issued.
package struct RefreshToken: Sendable {
    package static let prefix = "ohr_"
    private static let idBytes = 16
    private static let familyBytes = 16
    private static let secretBytes = 32

    package let sessionID: String
    private let family: [UInt8]
    private let secret: [UInt8]

    /// The first token of a new session.
    package static func first(using random: inout some RandomNumberGenerator) -> RefreshToken {
        RefreshToken(
            sessionID: Hexadecimal.encode(randomBytes(idBytes, using: &random)),
            family: randomBytes(familyBytes, using: &random),
            secret: randomBytes(secretBytes, using: &random)
        )
    }

    /// The token that replaces this one.
    package func next(using random: inout some RandomNumberGenerator) -> RefreshToken {
        RefreshToken(
            sessionID: sessionID,
            family: family,
            secret: randomBytes(Self.secretBytes, using: &random)
        )
    }

    private init(sessionID: String, family: [UInt8], secret: [UInt8]) {
        self.sessionID = sessionID
        self.family = family
        self.secret = secret
    }

    /// Reads what ``text`` gave; `nil` for anything else.
    package init?(_ text: String) {
        let (id, family) = (Self.idBytes, Self.familyBytes)
        guard text.hasPrefix(Self.prefix),
            let bytes = Base64URL.decode(text.dropFirst(Self.prefix.count).utf8),
            bytes.count == id + family + Self.secretBytes
        else { return nil }
        sessionID = Hexadecimal.encode(bytes[..<id])
        self.family = Array(bytes[id..<id + family])
        secret = Array(bytes[(id + family)...])
    }

    package var text: String {
        Self.prefix + Base64URL.encode((Hexadecimal.decode(sessionID) ?? []) + family + secret)
    }

    package var familyDigest: SecretDigest { SecretDigest(of: family) }
    package var secretDigest: SecretDigest { SecretDigest(of: secret) }
}
