import AgentRuntime
import JSONRPC

/// Measures how easily an English text reads.
///
/// From the counts of ``TextCounts``, unrounded:
/// - Flesch reading ease: 206.835 − 1.015 words/sentences − 84.6 syllables/words (R. Flesch,
///   “A New Readability Yardstick”, 1948);
/// - Flesch–Kincaid grade: 0.39 words/sentences + 11.8 syllables/words − 15.59 (J. P. Kincaid et
///   al., Research Branch Report 8-75, 1975);
/// - Automated Readability Index: 4.71 characters/words + 0.5 words/sentences − 21.43
///   (R. J. Senter and E. A. Smith, AMRL-TR-66-220, 1967);
/// - Coleman–Liau index: 0.0588 L − 0.296 S − 15.8 with L characters and S sentences per 100
///   words (M. Coleman and T. L. Liau, 1975);
/// - reading time at 238 words per minute, silently (M. Brysbaert, “How many words do we read
///   per minute?”, 2019).
///
/// A text without a word has no readability and is refused.
struct Readability: TaskInput {
    static let wordsPerMinute = 238.0

    var text: String

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        text = try fields.string("text")
        guard text.unicodeScalars.contains(where: \.isLetterOrDigit) else {
            throw fields.wrong("text", "a text with at least one word")
        }
    }

    func result() -> JSONValue {
        let counts = TextCounts(text)
        return [
            "words": .integer(counts.words),
            "sentences": .integer(counts.sentences),
            "syllables": .integer(counts.syllables),
            "characters": .integer(counts.characters),
            "fleschReadingEase": .double(counts.fleschReadingEase),
            "fleschKincaidGrade": .double(counts.fleschKincaidGrade),
            "automatedReadabilityIndex": .double(counts.automatedReadabilityIndex),
            "colemanLiauIndex": .double(counts.colemanLiauIndex),
            "readingTimeSeconds": .double(
                Double(counts.words) * 60 / Self.wordsPerMinute
            ),
        ]
    }
}

/// The formulas, for texts of at least one word.
extension TextCounts {
    private var wordsPerSentence: Double { Double(words) / Double(sentences) }
    private var syllablesPerWord: Double { Double(syllables) / Double(words) }
    private var charactersPerWord: Double { Double(characters) / Double(words) }

    var fleschReadingEase: Double {
        206.835 - 1.015 * wordsPerSentence - 84.6 * syllablesPerWord
    }

    var fleschKincaidGrade: Double {
        0.39 * wordsPerSentence + 11.8 * syllablesPerWord - 15.59
    }

    var automatedReadabilityIndex: Double {
        4.71 * charactersPerWord + 0.5 * wordsPerSentence - 21.43
    }

    var colemanLiauIndex: Double {
        0.0588 * (100 * charactersPerWord) - 0.296 * (100 / wordsPerSentence) - 15.8
    }
}

extension Readability {
    static let task = TaskFunction(
        "content.analyze",
        summary: """
            Counts words (runs without white space that have a letter or digit), sentences, \
            syllables and characters (letters and digits), and computes readability.
            """,
        definition: """
            Flesch 1948; Kincaid et al. 1975; Senter and Smith 1967; Coleman and Liau 1975; \
            reading time at 238 words a minute (Brysbaert 2019). A word is a run of characters \
            without white space that has a letter or digit; a sentence ends with a word whose \
            last character is `.`, `!`, `?` or `…`, but for initials and common abbreviations
            """,
        payload: Schema.object([
            "text": Schema.string(1...262_144, description: "English, with at least one word")
        ]),
        result: Schema.object([
            "words": Schema.integer(),
            "sentences": Schema.integer(),
            "syllables": Schema.integer(),
            "characters": Schema.integer(description: "Letters and digits"),
            "fleschReadingEase": Schema.number(description: "About 0–100, higher is easier"),
            "fleschKincaidGrade": Schema.number(description: "School grade, United States"),
            "automatedReadabilityIndex": Schema.number(description: "School grade"),
            "colemanLiauIndex": Schema.number(description: "School grade"),
            "readingTimeSeconds": Schema.number(description: "At 238 words per minute"),
        ]),
        example: [
            "text": "The hub runs tasks on agents. Everyone who listens sees what happens."
        ],
        perform: { (input: Readability, _) in input.result() }
    )
}
