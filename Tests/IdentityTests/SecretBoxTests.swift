import Testing

@testable import Identity

@Suite("A box of secrets")
struct SecretBoxTests {
    private static let first = "one AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n"
    private static let second = "two HxwdHhsYGRoXFBUWExAREg8MDQ4LCAkKBwQFBgMAAQI\n"
    /// The name of the first key, and the bytes of the second.
    private static let impostor = "one HxwdHhsYGRoXFBUWExAREg8MDQ4LCAkKBwQFBgMAAQI\n"

    private func box(_ file: String = first) throws -> SecretBox {
        SecretBox(try SealingKeyRing(file: SecretBytes(file)))
    }

    private func opened(_ box: SecretBox, _ text: String, _ context: String) throws -> String {
        String(decoding: try box.open(text, for: context).copy(), as: UTF8.self)
    }

    @Test func `what was sealed is opened for the same purpose`() throws {
        let box = try box()
        let text = try box.seal(SecretBytes("hunter2"), for: "integration/7")
        #expect(!text.contains("hunter2"))
        #expect(try opened(box, text, "integration/7") == "hunter2")
        #expect(throws: SealingProblem.wrongKey(id: "one")) {
            try opened(box, text, "integration/8")
        }
    }

    @Test func `a missing key, a wrong one and damage are told apart`() throws {
        let text = try box().seal(SecretBytes("hunter2"), for: "x")
        let (other, impostor) = (try box(Self.second), try box(Self.impostor))
        let missing = #expect(throws: SealingProblem.self) { try opened(other, text, "x") }
        #expect(missing == .missingKey(id: "one"))
        #expect(missing?.description.contains("'one', which auth.sealingKeys does not") == true)
        #expect(throws: SealingProblem.wrongKey(id: "one")) { try opened(impostor, text, "x") }
        #expect(throws: SealingProblem.damaged) { try opened(other, "hunter2", "x") }
        #expect(other.missingKeys(for: [text, text, "hunter2"]) == ["one"])
        #expect(impostor.missingKeys(for: [text]) == [])
    }

    @Test func `with a new key in front old secrets are opened and known as old`() throws {
        let old = try box().seal(SecretBytes("hunter2"), for: "x")
        let rotated = try box(Self.second + Self.first)
        let new = try rotated.seal(SecretBytes("hunter2"), for: "x")
        #expect(try opened(rotated, old, "x") == "hunter2")
        #expect(!rotated.isCurrent(old) && rotated.isCurrent(new))
        #expect(try opened(box(Self.second), new, "x") == "hunter2")
    }

    @Test func `a secret that is too long is refused`() throws {
        let box = try box()
        #expect(throws: SealingProblem.tooLong) {
            try box.seal(SecretBytes(count: SealedSecret.maximumBytes + 1), for: "x")
        }
    }

    @Test func `a new file holds one key, which no other file has`() throws {
        var random = SystemRandomNumberGenerator()
        let files = (0..<20).map { _ in SealingKeyRing.newFile(using: &random) }
        #expect(Set(files).count == 20)
        for file in files {
            let box = SecretBox(try SealingKeyRing(file: SecretBytes(file)))
            let text = try box.seal(SecretBytes("hunter2"), for: "x")
            #expect(try opened(box, text, "x") == "hunter2")
        }
    }
}
