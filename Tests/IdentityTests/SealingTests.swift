import Testing

@testable import Identity

@Suite("Sealing, NIST SP 800-38D")
struct SealingTests {
    /// One number after the other.
    private struct Counter: RandomNumberGenerator {
        var last: UInt64 = 99

        mutating func next() -> UInt64 {
            last += 1
            return last
        }
    }

    struct Vector: Sendable {
        var context: String
        var secret: String
        var sealed: String
    }

    /// Made with AESGCM of Python's `cryptography`: the key is the bytes from 0, the nonce those
    /// from 100.
    static let vectors = [
        Vector(
            context: "integration 7 token",
            secret: "hunter2",
            sealed: "v1.2026-11.ZGVmZ2hpamtsbW5vIG6wEhybZGB1RhOfclwCbj98tYM9MM4"
        ),
        Vector(
            context: "",
            secret: "",
            sealed: "v1.2026-11.ZGVmZ2hpamtsbW5vbfbb4KFGF0mSHFMbrH4anQ"
        ),
    ]

    /// All bytes, for the context `café`.
    static let longSealed =
        "v1.2026-11.ZGVmZ2hpamtsbW5vSBrcZX3sUJk2a1Xj1mhk8lLTFBmfeeVlv8i2U-e-u1e0yGLjaDe9I9XaUhTRb-Tg"
        + "K2qq1BR_dx_CyJbt07ybtUjNmU2SDn1CwyanCF3Hf6k0KU1n85DbkYeobJ8nThAO7hDwHQ8o3hnbk7SuzmDWh1Ja"
        + "8my1DM9DygDpyqbJdriyHhor7bfErEHA3I4FDdINBlZv1cTeEAWpCOTWfIw7ZTCQhf80eUdHw_ELXEDZDWEmQH8a"
        + "gwbkeMC4q_N-PaFxCu7EKWzQssaKtqGoifc8x5CZRNFTjdpqKsHYDzA4zzSuxkAYRmDN2fJFtjpEuG4-oCf1WAcx"
        + "Gzw_CeCQ3sMEZL1kt_z80h5U6Fp4-PVNbpw"

    private static let firstKey = "2026-11 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n"
    private static let secondKey = "2026-12 HxwdHhsYGRoXFBUWExAREg8MDQ4LCAkKBwQFBgMAAQI\n"

    private func ring(_ text: String = firstKey) throws -> SealingKeyRing {
        try SealingKeyRing(file: SecretBytes(text))
    }

    private func opened(_ ring: SealingKeyRing, _ text: String, _ context: String) -> [UInt8]? {
        guard let sealed = SealedSecret(text: text) else { return nil }
        guard let secret = ring.open(sealed, for: context) else { return nil }
        return secret.copy()
    }

    @Test(arguments: vectors)
    func `what others sealed is opened, and sealed alike`(vector: Vector) throws {
        let ring = try ring()
        #expect(opened(ring, vector.sealed, vector.context) == Array(vector.secret.utf8))
        var counter = Counter()
        let secret = SecretBytes(vector.secret)
        let sealed = ring.seal(secret, for: vector.context, using: &counter)
        #expect(sealed?.text == vector.sealed)
    }

    @Test func `every byte comes back`() throws {
        let bytes = (0...255).map { UInt8($0) }
        #expect(try opened(ring(), Self.longSealed, "café") == bytes)
    }

    @Test func `a secret is opened only for what it was sealed for`() throws {
        let ring = try ring()
        #expect(opened(ring, Self.vectors[0].sealed, "integration 8 token") == nil)
        #expect(opened(ring, Self.vectors[0].sealed, "") == nil)
    }

    @Test func `a change of any character is noticed`() throws {
        let ring = try ring()
        let text = Array(Self.vectors[0].sealed.utf8)
        for index in text.indices {
            for other in [UInt8(ascii: "A"), UInt8(ascii: "B"), UInt8(ascii: ".")]
            where other != text[index] {
                var changed = text
                changed[index] = other
                let changedText = String(decoding: changed, as: UTF8.self)
                #expect(opened(ring, changedText, Self.vectors[0].context) == nil, "\(changedText)")
            }
            let cut = String(decoding: text[..<index], as: UTF8.self)
            #expect(opened(ring, cut, Self.vectors[0].context) == nil)
        }
    }

    @Test func `the same secret is never sealed alike`() throws {
        let ring = try ring()
        var random = SystemRandomNumberGenerator()
        var texts: Set<String> = []
        for _ in 0..<100 {
            let sealed = ring.seal(SecretBytes("hunter2"), for: "x", using: &random)
            texts.insert(try #require(sealed).text)
        }
        #expect(texts.count == 100)
    }

    @Test func `with a new key in front old secrets are opened and known as old`() throws {
        let old = try #require(SealedSecret(text: Self.vectors[0].sealed))
        let rotated = try ring("# newest first\n\n" + Self.secondKey + Self.firstKey)
        let context = Self.vectors[0].context
        #expect(opened(rotated, old.text, context) == Array("hunter2".utf8))
        #expect(!rotated.isCurrent(old))
        var counter = Counter()
        let sealed = rotated.seal(SecretBytes("hunter2"), for: context, using: &counter)
        let new = try #require(sealed)
        #expect(rotated.isCurrent(new) && new.keyID == "2026-12")
        // Once the old key is away, the old secret is lost and the new one is not.
        let rest = try ring(Self.secondKey)
        #expect(opened(rest, old.text, context) == nil)
        #expect(opened(rest, new.text, context) == Array("hunter2".utf8))
    }

    @Test func `a secret that is too long is refused`() throws {
        let ring = try ring()
        var random = SystemRandomNumberGenerator()
        func isSealed(_ count: Int) -> Bool {
            let sealed = ring.seal(SecretBytes(count: count), for: "", using: &random)
            return sealed.flatMap { opened(ring, $0.text, "") }?.count == count
        }
        #expect(isSealed(SealedSecret.maximumBytes))
        #expect(!isSealed(SealedSecret.maximumBytes + 1))
    }

    @Test(
        arguments: [
            ("", "holds no key"),
            ("# nothing\n\n", "holds no key"),
            ("2026-11\n", "has no id and key in base64url in line 1"),
            ("\na AAE=\n", "has no id and key in base64url in line 2"),
            ("a AAECAwQ\n", "a key of 32 bytes in line 1"),
            ("a.b AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n", "needs an id of up to 32"),
            (firstKey + firstKey, "has two keys with the id of line 2"),
        ]
    )
    func `a file that is no good is refused, without a word of its secrets`(
        text: String,
        reason: String
    ) throws {
        let problem = #expect(throws: KeyFileProblem.self) { try ring(text) }
        let description = try #require(problem).description
        #expect(description.contains(reason))
        #expect(!description.contains("AAE"))
    }
}
