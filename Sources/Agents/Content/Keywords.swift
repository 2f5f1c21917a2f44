import AgentRuntime
import JSONRPC

/// Extracts key phrases by RAKE, rapid automatic keyword extraction.
///
/// S. Rose, D. Engel, N. Cramer and W. Cowley, “Automatic Keyword Extraction from Individual
/// Documents”, in: Text Mining, Wiley, 2010. The lower-cased text is cut into candidate phrases
/// at stop words (``StopWords``) and at every character that is neither white space nor part of
/// a word; a word is a run of letters and digits, with hyphens and apostrophes inside. A word's
/// frequency is how often candidates have it, its degree the sum over these of the candidate's
/// length, its score degree ÷ frequency; a phrase scores the sum of its words. Equal scores stay
/// in the order in which the phrases first appear; ’ is read as '.
struct Keywords: TaskInput {
    var text: String
    var limit: Int

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        text = try fields.string("text")
        limit = try fields.integer("limit", default: 10)
        guard limit > 0 else { throw fields.wrong("limit", "1 or more") }
    }

    struct WordFigures {
        var frequency = 0
        var degree = 0

        var score: Double { Double(degree) / Double(frequency) }
    }

    func result() throws -> JSONValue {
        let candidates = try Self.candidates(in: text)
        var figures: [Substring: WordFigures] = [:]
        var occurrences: [[Substring]: Int] = [:]
        var phrases: [[Substring]] = []
        for phrase in candidates {
            for word in phrase {
                figures[word, default: WordFigures()].frequency += 1
                figures[word, default: WordFigures()].degree += phrase.count
            }
            if occurrences[phrase] == nil { phrases.append(phrase) }
            occurrences[phrase, default: 0] += 1
        }
        try Task.checkCancellation()
        let scores = phrases.map { phrase in
            phrase.reduce(0) { $0 + (figures[$1]?.score ?? 0) }
        }
        // Sums of the same terms in another order differ in the last digits and are equal here.
        let ranking = Vectors.ranked(scores.map { ($0 * 1e9).rounded() })
        let keywords = ranking.prefix(limit).map { place -> JSONValue in
            let phrase = phrases[place.index]
            return [
                "phrase": .string(phrase.joined(separator: " ")),
                "score": .double(scores[place.index]),
                "occurrences": .integer(occurrences[phrase] ?? 0),
            ]
        }
        return ["keywords": .array(keywords), "candidates": .integer(phrases.count)]
    }

    /// The words of each candidate phrase, in the order of the text.
    private static func candidates(in text: String) throws -> [[Substring]] {
        let text = String(text.lowercased().map { $0 == "’" ? "'" : $0 })
        let scalars = text.unicodeScalars
        var candidates: [[Substring]] = []
        var phrase: [Substring] = []
        func endPhrase() {
            if !phrase.isEmpty { candidates.append(phrase) }
            phrase.removeAll()
        }
        var index = scalars.startIndex
        while index < scalars.endIndex {
            guard scalars[index].isLetterOrDigit else {
                if !scalars[index].properties.isWhitespace { endPhrase() }
                index = scalars.index(after: index)
                continue
            }
            let end = endOfWord(in: scalars, from: index)
            let word = text[index..<end]
            if StopWords.english.contains(String(word)) { endPhrase() } else { phrase.append(word) }
            index = end
            if candidates.count.isMultiple(of: 4_096) { try Task.checkCancellation() }
        }
        endPhrase()
        return candidates
    }

    private static func endOfWord(
        in scalars: String.UnicodeScalarView,
        from start: String.Index
    ) -> String.Index {
        var end = start
        while end < scalars.endIndex {
            let next = scalars.index(after: end)
            if !scalars[end].isLetterOrDigit {
                let joins: Set<Unicode.Scalar> = ["-", "'", "’"]
                guard joins.contains(scalars[end]), next < scalars.endIndex,
                    scalars[next].isLetterOrDigit
                else { return end }
            }
            end = next
        }
        return end
    }
}

extension Keywords {
    static let task = TaskFunction(
        "content.keywords",
        summary: """
            Extracts the key phrases of an English text by RAKE: sum of degree ÷ frequency of \
            the words; equal scores in order of appearance.
            """,
        definition: """
            RAKE (Rose, Engel, Cramer and Cowley 2010): a word scores degree ÷ frequency, a \
            phrase the sum of its words
            """,
        payload: Schema.object(
            [
                "text": Schema.string(0...262_144),
                "limit": Schema.integer(1...1_000, default: 10),
            ],
            required: ["text"]
        ),
        result: Schema.object([
            "keywords": Schema.array(
                Schema.object([
                    "phrase": Schema.string(),
                    "score": Schema.number(),
                    "occurrences": Schema.integer(),
                ])
            ),
            "candidates": Schema.integer(description: "Different phrases before the limit"),
        ]),
        example: [
            "text": "Event logs keep exact offsets; subscribers of event logs recover by offset.",
            "limit": 5,
        ],
        perform: { (input: Keywords, _) in try input.result() }
    )
}
