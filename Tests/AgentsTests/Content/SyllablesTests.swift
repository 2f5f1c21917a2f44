import Testing

@testable import Agents

@Suite struct SyllablesTests {
    /// As in the CMU Pronouncing Dictionary.
    @Test(
        arguments: [
            ("the", 1), ("cat", 1), ("table", 2), ("tables", 2), ("make", 1), ("makes", 1),
            ("boxes", 2), ("churches", 2), ("called", 1), ("wanted", 2), ("settled", 2),
            ("tried", 1), ("statement", 2), ("element", 3), ("lately", 2), ("hopeful", 2),
            ("mechanism", 4), ("rhythm", 2), ("rhythms", 2), ("national", 3), ("mission", 2),
            ("radio", 3), ("medium", 3), ("manual", 3), ("language", 2), ("quality", 3),
            ("video", 3), ("people", 2), ("doing", 2), ("being", 2), ("building", 2),
            ("something", 2), ("created", 3), ("business", 2), ("hypothesis", 4),
            ("communication", 5), ("university", 5),
        ]
    )
    func `English words have the syllables of the dictionary`(word: String, count: Int) {
        #expect(Syllables.count(word.unicodeScalars) == count)
    }

    @Test(
        arguments: [
            ("2024", 1), ("3rd", 1), ("state-of-the-art", 4), ("Didn’t", 2), ("can't", 1),
            ("café", 2), ("B2B", 2), ("TABLE", 2), ("текст", 1), ("hmm", 1), ("—", 1), ("e", 1),
        ]
    )
    func `runs of letters count for themselves`(word: String, count: Int) {
        #expect(Syllables.count(word.unicodeScalars) == count)
    }

    @Test func `no exception is too long to be looked up`() {
        #expect(Syllables.exceptions.keys.allSatisfy { $0.count <= Syllables.longestException })
    }
}
