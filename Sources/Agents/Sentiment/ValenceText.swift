/// A text as the rules of ``ValenceScore`` see it.
struct ValenceText {
    struct Word {
        var lower: String
        /// Whether it has letters with a case, all of them capitals.
        var isShouted: Bool

        init(_ token: String) {
            lower = token.lowercased()
            var hasCapital = false
            var isShouted = true
            for scalar in token.unicodeScalars {
                let properties = scalar.properties
                if properties.isUppercase {
                    hasCapital = true
                } else if properties.isLowercase || properties.generalCategory == .titlecaseLetter {
                    isShouted = false
                }
            }
            self.isShouted = hasCapital && isShouted
        }
    }

    /// With the names of emoji in their places.
    let text: String
    let words: [Word]
    /// Whether some words are shouted and others are not.
    private let hasShouting: Bool

    init(_ text: String) {
        let spelled = Self.spelled(text)
        self.text = spelled
        words = spelled.unicodeScalars.split(whereSeparator: Self.isSpace).map { token in
            Word(Self.stripped(token))
        }
        let shouted = words.count { $0.isShouted }
        hasShouting = shouted > 0 && shouted < words.count
    }

    /// Names in the place of emoji, after a space where none stands before.
    private static func spelled(_ text: String) -> String {
        var spelled = String.UnicodeScalarView()
        var isAfterSpace = true
        for scalar in text.unicodeScalars {
            if !scalar.isASCII, let name = ValenceLexicon.emoji[scalar] {
                if !isAfterSpace { spelled.append(" ") }
                spelled.append(contentsOf: name.unicodeScalars)
                isAfterSpace = false
            } else {
                spelled.append(scalar)
                isAfterSpace = scalar == " "
            }
        }
        return String(spelled)
    }

    /// As Python separates words: white space, and the separators of ASCII.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }

    /// Without the punctuation around it, unless two characters or fewer are left, which is then
    /// taken for an emoticon.
    private static func stripped(_ token: String.UnicodeScalarView.SubSequence) -> String {
        let inner = token.drop(while: isPunctuation).trimmingSuffix(while: isPunctuation)
        return String(inner.prefix(3).count <= 2 ? token : inner)
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "!"..."/", ":"..."@", "["..."`", "{"..."~": true
        default: false
        }
    }

    // MARK: Valences

    private static let boost = 0.293
    private static let shouting = 0.733
    private static let negation = -0.74

    /// The valence of the word at `index` among the others.
    func valence(at index: Int) -> Double {
        let word = words[index].lower
        guard ValenceLexicon.boosters[word] == nil, !(word == "kind" && isWord(index + 1, "of")),
            let own = ValenceLexicon.valences[word]
        else { return 0 }
        var valence = own
        if word == "no", isRated(index + 1) { valence = 0 }
        if isWord(index - 1, "no") || isWord(index - 2, "no")
            || isWord(index - 3, "no") && (isWord(index - 1, "or") || isWord(index - 1, "nor"))
        {
            valence = own * Self.negation
        }
        if words[index].isShouted, hasShouting {
            valence += valence > 0 ? Self.shouting : -Self.shouting
        }
        for distance in 1...3 where index >= distance && !isRated(index - distance) {
            valence += boost(of: index - distance, distance, valence)
            valence = negated(valence, at: index, by: distance)
            if distance == 3 { valence = idiomatic(valence, at: index) }
        }
        // “The least good”, but neither “at least” nor “very least”.
        if isWord(index - 1, "least"), !isRated(index - 1), !isWord(index - 2, "at"),
            !isWord(index - 2, "very")
        {
            valence *= Self.negation
        }
        return valence
    }

    private func isWord(_ index: Int, _ word: String) -> Bool {
        words.indices.contains(index) && words[index].lower == word
    }

    private func isRated(_ index: Int) -> Bool {
        words.indices.contains(index) && ValenceLexicon.valences[words[index].lower] != nil
    }

    /// What a booster adds to a valence `distance` words later.
    private func boost(of index: Int, _ distance: Int, _ valence: Double) -> Double {
        guard let isStronger = ValenceLexicon.boosters[words[index].lower] else { return 0 }
        var boost = isStronger ? Self.boost : -Self.boost
        if valence < 0 { boost = -boost }
        if words[index].isShouted, hasShouting {
            boost += valence > 0 ? Self.shouting : -Self.shouting
        }
        return boost * [1, 0.95, 0.9][distance - 1]
    }

    private func negated(_ valence: Double, at index: Int, by distance: Int) -> Double {
        let isEmphatic = { (offset: Int) in
            isWord(index - offset, "so") || isWord(index - offset, "this")
        }
        let negates = ValenceLexicon.isNegation(words[index - distance].lower)
        let negated = negates ? valence * Self.negation : valence
        let isNever = isWord(index - distance, "never")
        let isWithout = isWord(index - distance, "without")
        switch distance {
        case 2:
            if isNever, isEmphatic(1) { return valence * 1.25 }
            return isWithout && isWord(index - 1, "doubt") ? valence : negated
        case 3:
            // “So” and “this” right before count here without a “never”, as in the program.
            if isNever && isEmphatic(2) || isEmphatic(1) { return valence * 1.25 }
            let isDoubt = isWord(index - 2, "doubt") || isWord(index - 1, "doubt")
            return isWithout && isDoubt ? valence : negated
        default:
            return negated
        }
    }

    /// Idioms around a word that has three others before it.
    private func idiomatic(_ valence: Double, at index: Int) -> Double {
        var valence = valence
        let before = [
            phrase(index - 1...index), phrase(index - 2...index), phrase(index - 2...index - 1),
            phrase(index - 3...index - 1), phrase(index - 3...index - 2),
        ]
        if let idiom = before.lazy.compactMap({ ValenceLexicon.idioms[$0] }).first {
            valence = idiom
        }
        for end in [index + 1, index + 2] where end < words.count {
            if let idiom = ValenceLexicon.idioms[phrase(index...end)] { valence = idiom }
        }
        for weakener in [before[4], before[2]]
        where ValenceLexicon.weakPhrases.contains(weakener) {
            valence -= Self.boost
        }
        return valence
    }

    private func phrase(_ range: ClosedRange<Int>) -> String {
        words[range].map(\.lower).joined(separator: " ")
    }
}
