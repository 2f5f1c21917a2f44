import AgentRuntime
import JSONRPC

/// Finds what makes an English text hard to read.
///
/// By the “Federal Plain Language Guidelines” (plainlanguage.gov, 2011): sentences of more than 25
/// words, the passive voice (a form of “to be” and then, at most an adverb on -ly or “not” apart, a
/// past participle), words of five syllables or more, and the words and phrases that the
/// guidelines replace (``PlainWords``). The score is the share of sentences without a finding; the
/// grade is that of Flesch and Kincaid (1975) over ``TextCounts``. Places are counted in Unicode
/// code points.
struct PlainLanguage: TaskInput {
    enum Rule: String, CaseIterable {
        case longSentence = "long-sentence"
        case passiveVoice = "passive-voice"
        case longWord = "long-word"
        case wordiness
    }

    struct Finding {
        var rule: Rule
        /// Numbers of words.
        var words: Range<Int>
        var suggestion: String?
    }

    struct Word {
        /// Without signs at its ends, lower-cased.
        var text: String
        /// Code points, without signs at its ends.
        var start: Int
        var end: Int
        /// Whether a sign follows that separates phrases.
        var endsPhrase: Bool
        var endsSentence: Bool
    }

    static let longestSentence = 25
    static let longestWord = 5
    /// Findings that a result lists.
    static let listed = 1_000

    var text: String

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        text = try fields.string("text")
        guard text.unicodeScalars.contains(where: \.isLetterOrDigit) else {
            throw fields.wrong("text", "a text with at least one word")
        }
    }

    func result() throws -> JSONValue {
        let scalars = Array(text.unicodeScalars)
        let words = try Self.words(scalars)
        var sentences: [Range<Int>] = []
        var findings: [Finding] = []
        var clear = 0
        var start = 0
        for index in words.indices where words[index].endsSentence || index == words.count - 1 {
            try Task.checkCancellation()
            let sentence = start..<index + 1
            let found = Self.findings(words, in: sentence)
            if found.isEmpty { clear += 1 }
            findings += found
            sentences.append(sentence)
            start = index + 1
        }
        let counts = TextCounts(text)
        let perSentence = Double(counts.words) / Double(max(1, counts.sentences))
        let perWord = Double(counts.syllables) / Double(max(1, counts.words))
        let totals = Rule.allCases.map { rule in
            (rule.rawValue, JSONValue.integer(findings.count { $0.rule == rule }))
        }
        return [
            "score": .double(100 * Double(clear) / Double(max(1, sentences.count))),
            "grade": .double(0.39 * perSentence + 11.8 * perWord - 15.59),
            "words": .integer(words.count),
            "sentences": .integer(sentences.count),
            "counts": .object(JSONObject(totals)),
            "findings": .array(
                findings.prefix(Self.listed).map { Self.finding($0, words, scalars) }
            ),
        ]
    }

    private static func finding(
        _ finding: Finding,
        _ words: [Word],
        _ scalars: [Unicode.Scalar]
    ) -> JSONValue {
        let start = words[finding.words.lowerBound].start
        let end = words[finding.words.upperBound - 1].end
        let excerpt = scalars[start..<min(end, start + 120)]
        let message =
            switch finding.rule {
            case .longSentence:
                "\(finding.words.count) words; split what has more than \(longestSentence)"
            case .passiveVoice: "Say who does it: use the active voice"
            case .longWord: "Prefer a shorter word"
            case .wordiness: "There is a simpler expression"
            }
        return [
            "rule": .string(finding.rule.rawValue),
            "start": .integer(start),
            "end": .integer(end),
            "text": .string(String(String.UnicodeScalarView(excerpt))),
            "suggestion": finding.suggestion.map(JSONValue.string) ?? .null,
            "message": .string(message),
        ]
    }

    /// Words as ``TextCounts`` has them.
    private static func words(_ scalars: [Unicode.Scalar]) throws -> [Word] {
        var words: [Word] = []
        var index = 0
        while index < scalars.count {
            if words.count.isMultiple(of: 4_096) { try Task.checkCancellation() }
            guard !scalars[index].properties.isWhitespace else {
                index += 1
                continue
            }
            var end = index
            while end < scalars.count, !scalars[end].properties.isWhitespace { end += 1 }
            let run = scalars[index..<end]
            let view = String.UnicodeScalarView(run)
            if let first = run.firstIndex(where: \.isLetterOrDigit),
                let last = run.lastIndex(where: \.isLetterOrDigit)
            {
                words.append(
                    Word(
                        text: String(String.UnicodeScalarView(run[first...last])).lowercased(),
                        start: first,
                        end: last + 1,
                        endsPhrase: last + 1 < end,
                        endsSentence: TextCounts.endsSentence(view[...])
                    )
                )
            } else if !words.isEmpty {
                // A dash between spaces, or a sign of its own.
                words[words.count - 1].endsPhrase = true
                if TextCounts.endsSentence(view[...]) { words[words.count - 1].endsSentence = true }
            }
            index = end
        }
        return words
    }
}
