import Testing

@testable import Identity

@Suite("Base64url")
struct Base64URLTests {
    @Test(
        "Bytes are written as in RFC 4648 §10, without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
        ]
    )
    func encoding(_ bytes: String, _ text: String) {
        #expect(Base64URL.encode(bytes.utf8) == text)
        #expect(Base64URL.decode(text) == Array(bytes.utf8))
    }

    @Test("All bytes survive the way there and back")
    func roundTrip() {
        var random = SeededGenerator(seed: 7)
        for count in 0..<100 {
            let bytes = randomBytes(count, using: &random)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }

    @Test(
        "Other spellings of the same bytes, and no spellings at all, are refused",
        arguments: [
            "Zg==", "Zh", "Zm9", "Zm8=", "Z", "Zm9vY", "Zm+v", "Zm/v", "Zm 9", "Zm9v\n", "é",
        ]
    )
    func refusals(_ text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
