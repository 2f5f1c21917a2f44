import JSONRPC
import Testing

@testable import Agents

@Suite struct CompetitorComparisonTests {
    private static func compare(_ texts: [String]) throws -> JSONValue {
        let documents = texts.enumerated().map { index, text -> JSONValue in
            ["id": .string("\(index)"), "text": .string(text)]
        }
        return try CompetitorComparison.task(["documents": .array(documents)])
    }

    /// Reference values: scikit-learn 1.9.1, `TfidfVectorizer` with its defaults.
    @Test func `similarities are those of scikit-learn`() throws {
        let result = try Self.compare([
            "The quick brown fox", "The quick red fox jumps", "Something else",
        ])
        let rows = result["similarity"]?.arrayValue ?? []
        let first = rows.first?.arrayValue?.compactMap(\.doubleValue) ?? []
        #expect(first.count == 3)
        #expect(first.first?.isClose(to: 1) == true)
        #expect(first.dropFirst().first?.isClose(to: 0.5428725474262537) == true)
        #expect(first.last == 0)
        #expect(result["nearest"]?.arrayValue?.first?["nearest"] == "1")
        #expect(result["nearest"]?.arrayValue?.last?["nearest"] == .null)
    }

    @Test func `documents without terms are like none`() throws {
        let result = try Self.compare(["", "a ! ?", "words"])
        let rows = result["similarity"]?.arrayValue ?? []
        #expect(
            rows.map { $0.arrayValue?.compactMap(\.doubleValue) ?? [] } == [
                [0, 0, 0], [0, 0, 0], [0, 0, 1],
            ]
        )
        #expect(result["summary"]?.stringValue?.hasPrefix("No two") == true)
    }

    @Test func `ids are unique`() {
        let payload: JSONValue = [
            "documents": [["id": "a", "text": "x"], ["id": "a", "text": "y"]]
        ]
        #expect(CompetitorComparison.task.refusedPaths(payload) == ["/documents/1/id"])
    }
}
