import AgentRuntime
import JSONRPC
import JSONSchema
import Testing

@testable import Agents

/// Task types against their own schemas, compiled as the hub compiles them.
@Suite struct TaskTypeSchemaTests {
    private static let functions = BuiltInAgents.functions

    @Test(arguments: functions.indices)
    func `an example and its result are valid by the schemas`(index: Int) throws {
        let function = Self.functions[index]
        let payload = try JSONSchema.Schema(function.type.payloadSchema)
        let result = try JSONSchema.Schema(function.type.resultSchema)
        #expect(payload.violations(in: function.type.example) == [])
        let value = try function(function.type.example)
        #expect(result.violations(in: value) == [])
    }

    @Test(
        arguments: [
            ("ab.evaluate", ["a": ["visitors": 1, "conversions": 0], "b": ["visitors": 1]]),
            ("ab.samplesize", ["baseline": 1, "minimumEffect": 0.1]),
            ("content.analyze", ["text": ""]),
            ("content.keywords", ["text": "x", "limit": 0]),
            ("strategy.prioritize", ["items": []]),
            ("strategy.decide", ["alternatives": ["x"], "criteria": []]),
            ("site.audit", ["html": 7]),
        ] as [(String, JSONValue)]
    )
    func `bad input is refused by the schema`(name: String, payload: JSONValue) throws {
        let function = try #require(Self.functions.first { $0.type.name == name })
        let schema = try JSONSchema.Schema(function.type.payloadSchema)
        #expect(!schema.violations(in: payload).isEmpty)
    }

    @Test func `edge results are valid by the schemas`() throws {
        let edges: [(TaskFunction, JSONValue)] = [
            (
                ABTest.task,
                ["a": ["visitors": 5, "conversions": 0], "b": ["visitors": 5, "conversions": 5]]
            ),
            (SiteAudit.task, ["html": ""]),
            (SiteAudit.task, ["html": "<p style='color:white'>x"]),
            (Keywords.task, ["text": ""]),
            (
                Decision.task,
                [
                    "method": "ahp", "alternatives": ["x"], "matrix": [[1]],
                    "criteria": [["name": "a", "weight": 1]],
                ]
            ),
        ]
        for (function, payload) in edges {
            let schema = try JSONSchema.Schema(function.type.resultSchema)
            let value = try function(payload)
            #expect(schema.violations(in: value) == [])
        }
    }
}
