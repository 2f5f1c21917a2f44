/// The keys with which secrets of others are sealed before they are stored.
///
/// The first of them seals; all of them open. To change keys, put a new one first, seal anew what
/// ``isCurrent(_:)`` says is not, and then take the old one away. With random nonces one key is good
/// for 2^32 secrets (NIST SP 800-38D §8.3).
package struct SealingKeyRing: Sendable {
    private let keys: [SealingKey]

    /// Reads a file of keys.
    ///
    /// It has a line for each: an id of 1 to 32 letters, digits, `-` and `_`, a space, and 32 bytes
    /// in base64url without padding. Empty lines and lines that begin with `#` count for nothing.
    ///
    /// - Throws: What is wrong, without a word of what the file holds.
    package init(file: borrowing SecretBytes) throws(KeyFileProblem) {
        var keys: [SealingKey] = []
        var text = file.copy()
        defer { SecretBytes.clear(&text) }
        for (index, line) in text.split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        )
        .enumerated() {
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            let words = line.split(separator: UInt8(ascii: " "))
            guard words.count == 2, var bytes = Base64URL.decode(words[1]) else {
                throw KeyFileProblem("has no id and key in base64url in line \(index + 1)")
            }
            defer { SecretBytes.clear(&bytes) }
            let id = String(decoding: words[0], as: UTF8.self)
            guard let key = SealingKey(id: Substring(id), bytes: SecretBytes(bytes)) else {
                throw KeyFileProblem(
                    "needs an id of up to 32 letters, digits, '-' and '_' and a key of 32 bytes in "
                        + "line \(index + 1)"
                )
            }
            guard !keys.contains(where: { $0.id == id }) else {
                throw KeyFileProblem("has two keys with the id of line \(index + 1)")
            }
            keys.append(key)
        }
        guard !keys.isEmpty else { throw KeyFileProblem("holds no key") }
        self.keys = keys
    }

    /// The text of a file with one new key; the caller overwrites it after use.
    package static func newFile(using random: inout some RandomNumberGenerator) -> [UInt8] {
        let id = "k" + Hexadecimal.encode(randomBytes(4, using: &random))
        var bytes = randomBytes(SealingKey.byteCount, using: &random)
        defer { SecretBytes.clear(&bytes) }
        return Array(
            """
            # Keys of stored secrets, one a line; the first seals, all of them open.
            # Who loses them loses the secrets.
            \(id) \(Base64URL.encode(bytes))

            """.utf8
        )
    }

    /// Whether there is a key of that id.
    package func holds(_ id: String) -> Bool { keys.contains { $0.id == id } }

    /// Seals a secret.
    ///
    /// - Parameters:
    ///   - secret: At most ``SealedSecret/maximumBytes``.
    ///   - context: What it is for, such as the record it belongs to: only for that can it be
    ///     opened, so that whoever can write the store cannot have it sent to somebody else.
    ///   - random: A generator that nobody can foretell.
    /// - Returns: `nil` for a longer secret.
    package func seal(
        _ secret: borrowing SecretBytes,
        for context: String,
        using random: inout some RandomNumberGenerator
    ) -> SealedSecret? {
        guard secret.count <= SealedSecret.maximumBytes, let key = keys.first else { return nil }
        let nonce = randomBytes(SealedSecret.nonceBytes, using: &random)
        return key.seal(secret, for: context, nonce: nonce)
    }

    /// The secret; `nil` when its key is not here, when it was sealed for something else, or when
    /// it was changed.
    package func open(_ sealed: SealedSecret, for context: String) -> SecretBytes? {
        keys.first { $0.id == sealed.keyID }?.open(sealed, for: context)
    }

    /// Whether it was sealed with the key that seals now.
    package func isCurrent(_ sealed: SealedSecret) -> Bool { keys.first?.id == sealed.keyID }
}
