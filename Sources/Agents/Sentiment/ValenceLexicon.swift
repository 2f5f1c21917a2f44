// The words and emoji of the other files of this lexicon, the lists of boosters, negations and
// idioms, and the constants of ValenceScore are those of VADER,
// https://github.com/cjhutto/vaderSentiment, version 3.3.2, under this licence:
//
// The MIT License (MIT)
//
// Copyright (c) 2016 C.J. Hutto
//
// Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
// associated documentation files (the "Software"), to deal in the Software without restriction,
// including without limitation the rights to use, copy, modify, merge, publish, distribute,
// sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
// furnished to do so, subject to the following conditions:
//
// The above copyright notice and this permission notice shall be included in all copies or
// substantial portions of the Software.
//
// THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
// NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
// NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
// DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
// OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

/// How strongly words, emoticons and emoji speak for or against something, as people rated them.
///
/// The ratings are the means of ten people's, from −4 to 4 (C. J. Hutto and E. Gilbert, “VADER: A
/// Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text”, ICWSM 2014). Among
/// them are words that insult: that is what makes them count. Entries that no text can reach,
/// written with capitals or with a space, are left out.
///
/// In the source, `§` and tenths stand before the words of a valence: one string compiles at once
/// where thousands of array elements do not.
enum ValenceLexicon {
    static let valences: [String: Double] = {
        var valences: [String: Double] = [:]
        var valence = 0.0
        for part in [veryNegative, negative, positive] {
            for token in part.split(whereSeparator: \.isWhitespace) {
                if token.first == "§", let tenths = Int(token.dropFirst()) {
                    valence = Double(tenths) / 10
                } else {
                    valences[String(token)] = valence
                }
            }
        }
        return valences
    }()

    /// What stands for an emoji in a text.
    static let emoji: [Unicode.Scalar: String] = {
        var names: [Unicode.Scalar: String] = [:]
        // By scalars: a skin tone would make one character with the separator before it.
        for entry in emojiNames.unicodeScalars.split(whereSeparator: { $0 == "|" || $0 == "\n" }) {
            guard let first = entry.first else { continue }
            names[first] = String(entry.dropFirst())
        }
        return names
    }()

    /// Words that strengthen (true) or weaken what comes after them.
    static let boosters: [String: Bool] = {
        let stronger = """
            absolutely amazingly awfully completely considerable considerably decidedly deeply \
            effing enormous enormously entirely especially exceptional exceptionally extreme \
            extremely fabulously flipping flippin frackin fracking fricking frickin frigging \
            friggin fully fuckin fucking fuggin fugging greatly hella highly hugely incredible \
            incredibly intensely major majorly more most particularly purely quite really \
            remarkably so substantially thoroughly total totally tremendous tremendously uber \
            unbelievably unusually utter utterly very
            """
        let weaker = """
            almost barely hardly kinda kindof kind-of less little marginal marginally occasional \
            occasionally partly scarce scarcely slight slightly somewhat sorta sortof sort-of
            """
        var boosters: [String: Bool] = [:]
        for word in stronger.split(separator: " ") { boosters[String(word)] = true }
        for word in weaker.split(separator: " ") { boosters[String(word)] = false }
        return boosters
    }()

    /// Weakeners of two words.
    static let weakPhrases: Set<String> = ["just enough", "kind of", "sort of"]

    static let negations = Set(
        """
        aint arent cannot cant couldnt darent didnt doesnt dont hadnt hasnt havent isnt mightnt \
        mustnt neednt oughtnt shant shouldnt wasnt werent wont wouldnt neither never none nope nor \
        not nothing nowhere uhuh uh-uh without rarely seldom despite
        """
        .split(separator: " ").map(String.init)
    )

    /// Phrases whose valence is not that of their words.
    static let idioms: [String: Double] = [
        "the shit": 3, "the bomb": 3, "bad ass": 1.5, "bus stop": 0, "yeah right": -2,
        "kiss of death": -1.5, "to die for": 3, "beating heart": 3.5,
    ]

    /// Whether a lower-cased word turns what comes after it into its opposite.
    static func isNegation(_ word: String) -> Bool {
        negations.contains(word) || word.contains("n't")
    }
}
