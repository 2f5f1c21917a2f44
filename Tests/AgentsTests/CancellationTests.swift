import AgentRuntime
import JSONRPC
import Testing

@testable import Agents

/// Work that is cancelled while it runs, at the largest inputs.
@Suite struct CancellationTests {
    /// Performs `work` in a task that is cancelled already, past the check at its beginning.
    static func isCancelled(
        _ work: @escaping @Sendable () throws -> JSONValue
    ) async throws -> Bool {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            do {
                _ = try work()
                return false
            } catch is CancellationError {
                return true
            }
        }
        return try await task.value
    }

    private static func noise(_ count: Int) -> [JSONValue] {
        var random = SeededRandom(seed: 1)
        return (0..<count).map { _ in .double(random.unit()) }
    }

    @Test func `smoothing stops`() async throws {
        let values = Self.noise(RevenueForecast.longestSeries)
        let input = try RevenueForecast(payload: ["values": .array(values), "horizon": 1])
        #expect(try await Self.isCancelled { try input.result() })
    }

    @Test func `a simulation stops`() async throws {
        let deals = [JSONValue](repeating: ["value": 1, "probability": 0.5], count: 1_000)
        let input = try PipelineForecast(payload: ["deals": .array(deals)])
        #expect(try await Self.isCancelled { try input.result(context: RecordingContext()) })
    }

    @Test func `a ranking stops`() async throws {
        let edges = (0..<100).map { key -> JSONValue in
            [.string("\(key)"), .string("\(key * 7 % 100)")]
        }
        let input = try NetworkRank(payload: ["edges": .array(edges)])
        #expect(try await Self.isCancelled { try input.result() })
    }

    @Test func `a search for the best stops`() async throws {
        let creators = (1...50).map { key -> JSONValue in
            ["id": .string("\(key)"), "cost": .integer(key), "reach": .integer(key * key)]
        }
        let input = try CampaignAllocation(
            payload: ["budget": 300, "creators": .array(creators)]
        )
        #expect(try await Self.isCancelled { try input.result() })
    }

    @Test func `a comparison of contacts stops`() async throws {
        let contacts = (0..<200).map { key -> JSONValue in
            ["id": .string("\(key)"), "name": .string("Name \(key)")]
        }
        let input = try ContactDeduplication(payload: ["contacts": .array(contacts)])
        #expect(try await Self.isCancelled { try input.result(context: RecordingContext()) })
    }

    @Test func `a search of documents stops`() async throws {
        let documents: JSONValue = [["id": "1", "text": "word"], ["id": "2", "text": "word"]]
        let input = try KnowledgeSearch(payload: ["query": "word", "documents": documents])
        #expect(try await Self.isCancelled { try input.result() })
    }

    @Test func `rating long texts stops`() async throws {
        let text = String(repeating: "good but bad ", count: 2_000)
        #expect(
            try await Self.isCancelled {
                .double(try ValenceScore(text).compound)
            }
        )
    }

    @Test func `a search for changes stops`() async throws {
        #expect(
            try await Self.isCancelled {
                let scores = (0..<500).map { Double($0 % 7) }
                return .integer(try SentimentTrend.changePoints(scores, penalty: 1).count)
            }
        )
    }

    @Test func `an audit of a large page stops`() async throws {
        let html = String(repeating: "<p>words</p>", count: 2_000)
        let input = try SearchAudit(payload: ["html": .string(html), "keyword": "words"])
        #expect(try await Self.isCancelled { try input.result() })
    }
}
