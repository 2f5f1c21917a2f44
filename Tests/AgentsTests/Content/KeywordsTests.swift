import JSONRPC
import Testing

@testable import Agents

@Suite struct KeywordsTests {
    /// The published example: the abstract of figure 1.1 with the scores of figure 1.3.
    @Test func `the example of the paper has its scores`() throws {
        let text = """
            Compatibility of systems of linear constraints over the set of natural numbers. \
            Criteria of compatibility of a system of linear Diophantine equations, strict \
            inequations, and nonstrict inequations are considered. Upper bounds for components \
            of a minimal set of solutions and algorithms of construction of minimal generating \
            sets of solutions for all types of systems are given. These criteria and the \
            corresponding algorithms for constructing a minimal supporting set of solutions can \
            be used in solving all the considered types of systems and systems of mixed types.
            """
        let result = try Keywords.task(["text": .string(text), "limit": 9])
        let keywords = try #require(result["keywords"])
        #expect(
            keywords.texts("phrase") == [
                "minimal generating sets", "linear diophantine equations",
                "minimal supporting set", "minimal set", "linear constraints",
                "natural numbers", "strict inequations", "nonstrict inequations", "upper bounds",
            ]
        )
        let published = [8.7, 8.5, 7.7, 4.7, 4.5, 4, 4, 4, 4]
        let rounded = keywords.numbers("score").map { ($0 * 10).rounded() / 10 }
        #expect(rounded == published)
    }

    @Test func `equal scores stay in order of appearance`() throws {
        let result = try Keywords.task(["text": "Zebra! Apple. Mango, zebra"])
        #expect(result["keywords"]?.texts("phrase") == ["zebra", "apple", "mango"])
        #expect(result["keywords"]?.numbers("occurrences") == [2, 1, 1])
    }

    @Test func `hyphens and apostrophes inside join a word and others cut phrases`() throws {
        let text = "State-of-the-art hub’s engine -fast- parts; don’t stop"
        let result = try Keywords.task(["text": .string(text)])
        let phrases = result["keywords"]?.texts("phrase") ?? []
        #expect(Set(phrases) == ["state-of-the-art hub's engine", "fast", "parts", "stop"])
    }

    @Test(arguments: ["", " \n", "the of and", "...", "-'-'"])
    func `a text without subject has no keywords`(text: String) throws {
        let result = try Keywords.task(["text": .string(text)])
        #expect(result == ["keywords": [], "candidates": 0])
    }

    @Test func `a single word repeated in a phrase counts each time`() throws {
        let result = try Keywords.task(["text": "New new york"])
        // new: frequency 2, degree 6; york: frequency 1, degree 3.
        #expect(result["keywords"]?.numbers("score") == [9])
    }

    @Test func `the limit is kept and all candidates are counted`() throws {
        let result = try Keywords.task(["text": "red, green, blue", "limit": 1])
        #expect(result["keywords"]?.arrayValue?.count == 1)
        #expect(result["candidates"] == 3)
    }

    @Test func `a cancelled task stops`() async {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try Keywords.task(["text": "some words"])
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
