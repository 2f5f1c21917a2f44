import AgentRuntime
import JSONRPC
import Testing

@testable import Agents

@Suite struct ReadabilityTests {
    @Test func `the formulas are the published ones`() {
        let counts = TextCounts(words: 100, sentences: 5, syllables: 150, characters: 470)
        #expect(counts.fleschReadingEase.isClose(to: 206.835 - 20.3 - 126.9))
        #expect(counts.fleschKincaidGrade.isClose(to: 7.8 + 17.7 - 15.59))
        #expect(counts.automatedReadabilityIndex.isClose(to: 22.137 - 21.43 + 10))
        #expect(counts.colemanLiauIndex.isClose(to: 27.636 - 1.48 - 15.8))
    }

    @Test func `the result has the counts and the reading time`() throws {
        let result = try Readability.task(["text": "The cat sat. It was happy there."])
        #expect(result["words"] == 7)
        #expect(result["sentences"] == 2)
        #expect(result["syllables"] == 8)
        #expect(result["characters"] == 24)
        #expect(result.number("readingTimeSeconds").isClose(to: 7.0 / 238 * 60))
    }

    @Test(arguments: ["", "   ", "— ... !?"])
    func `a text without a word is refused`(text: String) {
        #expect(Readability.task.refusedPaths(["text": .string(text)]) == ["/text"])
        #expect(throws: TaskFailure.self) { try Readability.task(["text": .string(text)]) }
    }

    @Test(arguments: ["a ", "e", "a. ", "é'", ".a", "a)"])
    func `the largest texts have finite figures`(piece: String) throws {
        let text = String(repeating: piece, count: 262_144 / piece.utf8.count)
        let result = try Readability.task(["text": .string(text)])
        let figures = result.objectValue?.members.compactMap(\.value.doubleValue) ?? []
        #expect(figures.count == 9)
        #expect(figures.allSatisfy { $0.isFinite })
    }
}
