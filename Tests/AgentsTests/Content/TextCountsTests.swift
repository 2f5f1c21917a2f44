import Testing

@testable import Agents

@Suite struct TextCountsTests {
    /// The counts of textstat 0.7.3, and of GNU style 1.11 but for “Dr.”, where that ends a
    /// sentence; the syllables were counted by hand.
    @Test func `counts agree with textstat and style on ordinary text`() {
        let text = """
            It was the best of times, it was the worst of times. The committee considered \
            several proposals yesterday, and nobody objected. Dr. Smith arrived at noon! Would \
            anyone like some more coffee? We walked slowly through the old town until evening \
            came.
            """
        let counts = TextCounts(text)
        #expect(counts.words == 42)
        #expect(counts.sentences == 5)
        #expect(counts.characters == 199)
        #expect(counts.syllables == 64)
    }

    @Test(
        arguments: [
            ("", 0), (" — … !", 0), ("one", 1), ("don't re-entry 3.14 e-mail", 4),
            ("a — b", 2), ("word—word", 1), ("日本 текст", 2), ("a\u{A0}b\u{2003}c\nd", 4),
        ]
    )
    func `a word is a run without white space that has a letter or digit`(
        text: String,
        words: Int
    ) {
        #expect(TextCounts(text).words == words)
    }

    @Test(
        arguments: [
            ("no end", 1), ("One. Two. Three", 3), ("Really?! Yes… \"No.\" (Fine.)", 4),
            ("It costs 3.14 dollars. Cheap.", 2), ("Mr. Smith met J. R. Jones, e.g. here.", 1),
            ("It was I. You know.", 2), ("See the dr.", 1), ("... and so on ...", 1),
            ("Ask St. Mary. Or vs. them!", 2), ("“Stop.” He stopped.", 2), (". . .", 0),
        ]
    )
    func `a sentence ends with its last word or the text`(text: String, sentences: Int) {
        #expect(TextCounts(text).sentences == sentences)
    }

    @Test func `characters are letters and digits of every script`() {
        #expect(TextCounts("don't, 3.14 – naïve Ⅷ ½!").characters == 4 + 3 + 5 + 1 + 1)
    }
}
