import Testing

@testable import HubServer

@Suite struct SuggestionTests {
    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "ab", 2), ("kitten", "sitting", 3), ("loops", "LOOPS", 0),
        ("ab", "ba", 1), ("ca", "abc", 3), ("listen", "lissten", 1),
    ])
    func `the distance counts single mistakes`(left: String, right: String, distance: Int) {
        #expect(Suggestion.distance(left, right) == distance)
        #expect(Suggestion.distance(right, left) == distance)
    }

    @Test func `only a similar word is suggested`() {
        let words = ["--listen", "--loops", "--log-level"]
        #expect(Suggestion.closest(to: "--loop", among: words) == "--loops")
        #expect(Suggestion.closest(to: "--verbose", among: words) == nil)
        #expect(Suggestion.closest(to: String(repeating: "a", count: 1000), among: words) == nil)
    }
}
