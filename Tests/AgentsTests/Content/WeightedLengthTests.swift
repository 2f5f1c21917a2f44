import Testing

@testable import Agents

/// Reference values: twitter-text-parser 3.0.0, `parse_tweet`.
@Suite struct WeightedLengthTests {
    @Test(
        arguments: [
            ("", 0), ("plain text", 10), ("日本語", 6), ("👨‍👩‍👧‍👦", 2), ("🇩🇪", 2), ("1️⃣ 1", 4), ("©", 2),
            ("é e\u{301}", 3), ("e\u{302}\u{323}", 2), ("\u{1100}\u{1161}\u{11A8}", 2),
            ("a\r\nb", 3), ("see https://example.com/a?b=c.", 28), ("example.com", 23),
            ("user@example.com", 16), ("no.tld.nowhere", 14), ("-example.com", 12),
            ("https://exa_mple.com", 20), ("これはexample.comです", 33),
        ]
    )
    func `texts weigh what they weigh for twitter-text`(text: String, length: Int) {
        #expect(WeightedLength.count(text) == length)
    }

    @Test(arguments: ["a.", "日", ".com", "https://", "(((((", "e\u{301}", "😀\u{200D}"])
    func `large texts are measured`(piece: String) {
        let text = String(repeating: piece, count: 20_000 / piece.utf8.count)
        #expect(WeightedLength.count(text) > 0)
    }
}

@Suite struct HashtagTests {
    @Test(
        arguments: [
            (
                ["offline first", "CI/CD", "2026", "offline-first"], "x",
                ["#OfflineFirst", "#CICD"]
            ),
            ([], "the state of solar roofs", ["#State", "#Solar", "#Roofs"]),
            (["…"], "x", []),
        ]
    )
    func `tags are words joined, each once`(keywords: [String], topic: String, tags: [String]) {
        #expect(ContentGeneration.hashtags(keywords, topic: topic) == tags)
    }

    @Test func `there are no more than a platform takes`() {
        let keywords = (0..<50).map { "word\($0)" }
        #expect(ContentGeneration.hashtags(keywords, topic: "").count == 30)
    }
}
