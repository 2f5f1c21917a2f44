import JSONRPC
import Testing

@testable import Agents

@Suite struct AnonymityTests {
    private static let rows: JSONValue = [
        ["age": 30, "zip": "1", "illness": "a"], ["age": 30.0, "zip": "1", "illness": "a"],
        ["zip": "2", "illness": "b"], ["age": nil, "zip": "2", "illness": "c"],
        ["age": 40, "zip": "2"],
    ]

    @Test func `classes are of rows that agree`() throws {
        let result = try Anonymity.task([
            "rows": Self.rows, "quasiIdentifiers": ["age", "zip"], "sensitive": "illness",
        ])
        #expect(result["k"] == 1)
        #expect(result["l"] == 1)
        #expect(result["classes"] == 3)
        #expect(result["violating"] == 2)
        #expect(result.number("exposedShare").isClose(to: 0.6))
        let rows = result["violations"]?.arrayValue?.map { $0["rows"] }
        #expect(rows == [[0, 1], [4]])
    }

    @Test func `without a sensitive attribute there is no l`() throws {
        let result = try Anonymity.task(["rows": Self.rows, "quasiIdentifiers": ["zip"]])
        #expect(result["k"] == 2)
        #expect(result["l"] == .null)
        #expect(result["violations"] == [])
    }

    @Test func `attributes that no row has are refused`() {
        let payload: JSONValue = ["rows": Self.rows, "quasiIdentifiers": ["aeg"]]
        #expect(Anonymity.task.refusedPaths(payload) == ["/quasiIdentifiers"])
    }
}
