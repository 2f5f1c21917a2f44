extension PlainLanguage {
    /// The findings of one sentence, in the order of their rules.
    static func findings(_ words: [Word], in sentence: Range<Int>) -> [Finding] {
        var findings: [Finding] = []
        if sentence.count > longestSentence {
            findings.append(Finding(rule: .longSentence, words: sentence, suggestion: nil))
        }
        for index in sentence {
            if let end = passive(words, from: index, sentence) {
                findings.append(
                    Finding(rule: .passiveVoice, words: index..<end, suggestion: nil)
                )
            }
            if let (end, plain) = wordy(words, from: index, sentence) {
                findings.append(Finding(rule: .wordiness, words: index..<end, suggestion: plain))
            }
            let scalars = words[index].text.unicodeScalars[...]
            if Syllables.count(scalars) >= longestWord, !words[index].text.contains("-") {
                findings.append(
                    Finding(rule: .longWord, words: index..<index + 1, suggestion: nil)
                )
            }
        }
        return findings
    }

    private static let formsOfBe: Set<String> = [
        "am", "is", "are", "was", "were", "be", "been", "being", "isn't", "aren't", "wasn't",
        "weren't", "isn’t", "aren’t", "wasn’t", "weren’t",
    ]

    /// The end of a passive that begins at a form of “to be”.
    private static func passive(
        _ words: [Word],
        from start: Int,
        _ sentence: Range<Int>
    ) -> Int? {
        guard formsOfBe.contains(words[start].text) else { return nil }
        var index = start
        while true {
            guard !words[index].endsPhrase else { return nil }
            index += 1
            guard index < sentence.upperBound, index <= start + 2 else { return nil }
            let text = words[index].text
            if isParticiple(text) { return index + 1 }
            guard text == "not" || text.hasSuffix("ly") else { return nil }
        }
    }

    private static func isParticiple(_ word: String) -> Bool {
        if PlainWords.participles.contains(word) { return true }
        return word.hasSuffix("ed") && word.utf8.count >= 5 && !PlainWords.adjectives.contains(word)
    }

    /// The longest phrase from a word on that has a simpler form.
    private static func wordy(
        _ words: [Word],
        from start: Int,
        _ sentence: Range<Int>
    ) -> (end: Int, plain: String)? {
        var phrase = ""
        var found: (end: Int, plain: String)?
        for index in start..<min(sentence.upperBound, start + PlainWords.longestPhrase) {
            phrase += phrase.isEmpty ? words[index].text : " " + words[index].text
            if let plain = PlainWords.simpler[phrase] { found = (index + 1, plain) }
            if words[index].endsPhrase { break }
        }
        return found
    }
}
