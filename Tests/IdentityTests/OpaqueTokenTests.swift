import Testing

@testable import Identity

@Suite("Refresh tokens, one-time tokens and API keys")
struct OpaqueTokenTests {
    @Test("A refresh token survives being written, and its successor keeps the family only")
    func refreshTokens() throws {
        var random = SeededGenerator(seed: 3)
        let first = RefreshToken.first(using: &random)
        let second = first.next(using: &random)
        let read = try #require(RefreshToken(second.text))
        #expect(read.sessionID == first.sessionID)
        #expect(read.familyDigest == first.familyDigest)
        #expect(read.secretDigest == second.secretDigest)
        #expect(read.secretDigest != first.secretDigest)
        #expect(RefreshToken.first(using: &random).familyDigest != first.familyDigest)
    }

    @Test("A one-time token names its user")
    func oneTimeTokens() throws {
        var random = SeededGenerator(seed: 4)
        let id = UserRecord.newID(using: &random)
        let token = OneTimeToken(userID: id, using: &random)
        let read = try #require(OneTimeToken(token.text))
        #expect(read.userID == id)
        #expect(read.digest == token.digest)
    }

    @Test("An API key with a letter changed is told from a good one by its checksum")
    func keys() throws {
        var random = SeededGenerator(seed: 5)
        let key = APIKey(using: &random)
        let read = try #require(APIKey(key.text))
        #expect(read.id == key.id)
        #expect(read.digest == key.digest)
        for index in key.text.indices {
            var changed = key.text
            changed.replaceSubrange(index...index, with: key.text[index] == "0" ? "1" : "0")
            #expect(APIKey(changed) == nil)
        }
    }

    @Test(
        "What is no token is not read",
        arguments: ["", "ohr_", "oha_", "ohk_", "ohr_AAAA", "ohk_0123456789abcdef_", "ohk__", "x"]
    )
    func refusals(_ text: String) {
        #expect(RefreshToken(text) == nil)
        #expect(OneTimeToken(text) == nil)
        #expect(APIKey(text) == nil)
    }
}
