/// Where secrets of others are sealed before they are stored, and opened when they are needed.
///
/// A ``SealingKeyRing`` with the system's random numbers, and with an error that says what to do.
/// Safe to use from any thread; sealing and opening take some microseconds.
package struct SecretBox: Sendable {
    private let keys: SealingKeyRing

    package init(_ keys: SealingKeyRing) {
        self.keys = keys
    }

    /// Seals a secret of at most ``SealedSecret/maximumBytes``.
    ///
    /// - Parameters:
    ///   - secret: What is to be kept.
    ///   - context: What it is for, such as `integration/7/password`: only for that can it be
    ///     opened, so that whoever can write the store cannot have it sent to somebody else.
    /// - Returns: What can be stored: ASCII that JSON needs not escape.
    /// - Throws: ``SealingProblem/tooLong``.
    package func seal(
        _ secret: borrowing SecretBytes,
        for context: String
    ) throws(SealingProblem) -> String {
        guard secret.count <= SealedSecret.maximumBytes else { throw .tooLong }
        var random = SystemRandomNumberGenerator()
        guard let sealed = keys.seal(secret, for: context, using: &random) else { throw .damaged }
        return sealed.text
    }

    /// Opens what ``seal(_:for:)`` gave for the same context.
    package func open(_ text: String, for context: String) throws(SealingProblem) -> SecretBytes {
        guard let sealed = SealedSecret(text: text) else { throw .damaged }
        guard keys.holds(sealed.keyID) else { throw .missingKey(id: sealed.keyID) }
        guard let secret = keys.open(sealed, for: context) else {
            throw .wrongKey(id: sealed.keyID)
        }
        return secret
    }

    /// Whether the key that seals now has sealed it; if not, it should be sealed anew, so that the
    /// older key can be taken away.
    package func isCurrent(_ text: String) -> Bool {
        SealedSecret(text: text).map(keys.isCurrent) ?? false
    }

    /// Which keys are missing for what is stored, to be told at the start rather than at the first
    /// use.
    package func missingKeys(for texts: some Sequence<String>) -> Set<String> {
        Set(texts.compactMap { SealedSecret(text: $0)?.keyID }.filter { !keys.holds($0) })
    }
}

/// Why a secret cannot be sealed or opened; the description tells no part of it.
package enum SealingProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// Longer than ``SealedSecret/maximumBytes``.
    case tooLong
    /// The key that sealed it is not among those that the hub was given.
    case missingKey(id: String)
    /// A key of this name is there, and it does not open it for what it is to be used for.
    case wrongKey(id: String)
    /// Not in the form of a sealed secret.
    case damaged

    package var description: String {
        switch self {
        case .tooLong: "a secret may have \(SealedSecret.maximumBytes) bytes"
        case .missingKey(let id):
            "it was sealed with the key '\(id)', which auth.sealingKeys does not hold: put that key "
                + "back, or enter the secret again"
        case .wrongKey(let id):
            "the key '\(id)' in auth.sealingKeys does not open it: it is not the key that sealed "
                + "it, or the stored secret was changed; put the right key back, or enter the "
                + "secret again"
        case .damaged: "the stored secret is damaged: enter it again"
        }
    }
}
