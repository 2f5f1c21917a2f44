import AgentRuntime
import JSONRPC
import JSONSchema
import Testing

@testable import Agents

/// Payloads drawn from the schema of each task type, at its bounds and between them.
@Suite struct SchemaFuzzTests {
    private static let functions = BuiltInAgents.functions

    @Test(arguments: functions.indices)
    func `whatever the schema allows gives a valid result or is refused`(index: Int) throws {
        let function = Self.functions[index]
        let payloads = try JSONSchema.Schema(function.type.payloadSchema)
        let results = try JSONSchema.Schema(function.type.resultSchema)
        var fuzz = PayloadFuzz(seed: UInt64(index))
        var completed = 0
        for round in 0..<150 {
            let payload = fuzz.payload(function.type, round: round)
            guard payloads.violations(in: payload).isEmpty else { continue }
            let problems = function.type.check(payload)
            do {
                let result = try function(payload)
                #expect(problems.isEmpty, "\(function.type.name) \(payload)")
                let violations = results.violations(in: result)
                #expect(violations == [], "\(function.type.name) \(payload)")
                completed += 1
            } catch let failure as TaskFailure {
                #expect(!failure.isRetryable && !failure.message.isEmpty)
            }
        }
        #expect(completed > 0, "\(function.type.name)")
    }

    @Test(arguments: functions.indices)
    func `a payload nested as deeply as JSON may be is refused`(index: Int) {
        let function = Self.functions[index]
        var nested: JSONValue = "x"
        for level in 0..<61 { nested = level.isMultiple(of: 2) ? [nested] : ["a": nested] }
        for member in function.type.example.objectValue?.members ?? [] {
            var payload = function.type.example.objectValue ?? [:]
            payload[member.name] = nested
            #expect(!function.type.check(.object(payload)).isEmpty, "\(member.name)")
        }
    }
}
