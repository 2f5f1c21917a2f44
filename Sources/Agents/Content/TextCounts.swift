/// The counts of an English text from which readability is computed.
///
/// - A *word* is a run of characters other than white space that has a letter or a digit:
///   “don't”, “re-entry”, “3.14” are one word each, a dash between spaces is none.
/// - *Characters* are the letters and digits: Unicode scalars of the categories L and N.
/// - A *sentence* ends with a word whose last character is `.`, `!`, `?` or `…`, closing
///   quotes and brackets aside, or with the text. A full stop ends none after an initial (one
///   capital other than I) or one of ``abbreviations``, unless the text ends there. Line breaks
///   end none.
/// - *Syllables* are those of ``Syllables``.
///
/// Words and characters are what textstat 0.7.3 counts as lexicon and letters, and GNU style as
/// words and characters but for words with hyphens, which that splits; sentences agree with both
/// wherever each has three words or more.
struct TextCounts: Equatable {
    var words = 0
    var sentences = 0
    var syllables = 0
    var characters = 0

    init(
        words: Int = 0,
        sentences: Int = 0,
        syllables: Int = 0,
        characters: Int = 0
    ) {
        self.words = words
        self.sentences = sentences
        self.syllables = syllables
        self.characters = characters
    }

    init(_ text: String) {
        var endsOpenSentence = true
        for word in text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace) {
            let letters = word.reduce(0) { $0 + ($1.isLetterOrDigit ? 1 : 0) }
            if letters > 0 {
                words += 1
                characters += letters
                syllables += Syllables.count(word)
                endsOpenSentence = false
            }
            if !endsOpenSentence, Self.endsSentence(word) {
                sentences += 1
                endsOpenSentence = true
            }
        }
        if !endsOpenSentence { sentences += 1 }
    }

    /// What ends with a full stop in the middle of a sentence.
    static let abbreviations: Set<String> = [
        "adm", "approx", "capt", "cf", "cmdr", "col", "dr", "e.g", "eg", "fig", "gen", "gov",
        "hon", "i.e", "ie", "jr", "lt", "maj", "messrs", "mr", "mrs", "ms", "mt", "prof", "rep",
        "rev", "sen", "sgt", "sr", "st", "viz", "vs",
    ]

    /// Whether a run of characters without white space is the last of a sentence.
    static func endsSentence(_ word: String.UnicodeScalarView.SubSequence) -> Bool {
        let body = word.trimmingSuffix { closing.contains($0) }
        guard let last = body.last else { return false }
        switch last {
        case "!", "?", "…": return true
        case ".": break
        default: return false
        }
        let stem = String(body.dropLast().drop { !$0.isLetterOrDigit })
        if stem.unicodeScalars.count == 1, stem != "I", stem.first?.isUppercase == true {
            return false
        }
        return !abbreviations.contains(stem.lowercased())
    }

    private static let closing: Set<Unicode.Scalar> = [
        "\"", "'", ")", "]", "}", "”", "’", "»", "*", "_",
    ]
}

extension BidirectionalCollection {
    func trimmingSuffix(while matches: (Element) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, matches(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}

extension Unicode.Scalar {
    /// Whether the scalar is of the general categories L (letters) or N (numbers).
    var isLetterOrDigit: Bool {
        if isASCII {
            return switch self {
            case "a"..."z", "A"..."Z", "0"..."9": true
            default: false
            }
        }
        return switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            true
        default:
            false
        }
    }
}
