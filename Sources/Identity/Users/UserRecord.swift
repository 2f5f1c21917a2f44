/// A user as the state keeps it.
package struct UserRecord: Equatable, Sendable {
    static let idBytes = 16
    package static let maximumNameBytes = 256

    /// 32 hexadecimal digits.
    package let id: String
    package var email: EmailAddress
    package var name: String
    package var role: Role
    package var isDisabled: Bool
    /// Milliseconds since 1970, like all times in this module.
    package let createdAt: Int64
    package var updatedAt: Int64
    /// Ids of the agents that the user may see and work with.
    package var agents: Set<String> = []
    /// `nil` until the user has set a password.
    package var password: PasswordHash?
    /// A token with which the first password can be set.
    package var activation: Activation?

    package struct Activation: Equatable, Sendable {
        package var digest: SecretDigest
        package var expiresAt: Int64

        package init(digest: SecretDigest, expiresAt: Int64) {
            self.digest = digest
            self.expiresAt = expiresAt
        }
    }

    package init(
        id: String,
        email: EmailAddress,
        name: String,
        role: Role,
        isDisabled: Bool = false,
        createdAt: Int64
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.role = role
        self.isDisabled = isDisabled
        self.createdAt = createdAt
        updatedAt = createdAt
    }

    /// A new id.
    package static func newID(using random: inout some RandomNumberGenerator) -> String {
        Hexadecimal.encode(randomBytes(idBytes, using: &random))
    }
}

/// An address by which a user signs in, in the spelling by which it is compared.
///
/// ASCII letters are lower case: no mail provider tells them apart, and nobody should be able to
/// register `Alice@` beside `alice@`. Other characters stay as they are.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    /// RFC 5321 §4.5.3.1.3, without the angle brackets.
    package static let maximumBytes = 254

    package let text: String

    /// - Returns: `nil` unless there is exactly one `@` with something on both sides, and no
    ///   whitespace or control characters.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard bytes.count <= Self.maximumBytes, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            text.unicodeScalars.allSatisfy({ !$0.properties.isWhitespace && !$0.isControl })
        else { return nil }
        self.text = String(decoding: bytes.map(\.lowercasedASCII), as: UTF8.self)
    }

    package var description: String { text }
}

extension Unicode.Scalar {
    /// Characters that do not print, and those that change the direction of text.
    var isControl: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            true
        default: false
        }
    }
}

extension UInt8 {
    fileprivate var lowercasedASCII: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
