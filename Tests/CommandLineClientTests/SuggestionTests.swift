import Testing

@testable import CommandLineClient

@Suite("Suggestion")
struct SuggestionTests {
    @Test(
        arguments: [
            ("", "", 0), ("watch", "watch", 0), ("wach", "watch", 1), ("wacth", "watch", 1),
            ("taks", "tasks", 1), ("", "abc", 3), ("kitten", "sitting", 3),
        ]
    )
    func `counts edits`(from: String, to: String, distance: Int) {
        #expect(Suggestion.distance(Array(from), Array(to)) == distance)
    }
}
