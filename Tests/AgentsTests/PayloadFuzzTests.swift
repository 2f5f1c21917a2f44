import AgentRuntime
import JSONRPC
import JSONSchema
import Testing

@testable import Agents

/// Examples that were spoilt at random: each is refused or has a result that is valid.
@Suite struct PayloadFuzzTests {
    private static let functions = BuiltInAgents.functions

    @Test(arguments: functions.indices)
    func `a spoilt payload is refused or has a valid result`(index: Int) throws {
        let function = Self.functions[index]
        let payloadSchema = try JSONSchema.Schema(function.type.payloadSchema)
        let resultSchema = try JSONSchema.Schema(function.type.resultSchema)
        var spoiler = Spoiler(seed: UInt64(index) + 1)
        for _ in 0..<150 {
            let payload = spoiler.spoilt(function.type.example)
            let isValid =
                payloadSchema.violations(in: payload).isEmpty
                && function.type.check(payload).isEmpty
            do {
                let result = try function(payload)
                let violations = resultSchema.violations(in: result)
                // What the schema refuses never runs in the hub; here it must only not crash.
                #expect(!isValid || violations.isEmpty, "\(payload): \(violations)")
            } catch let failure as TaskFailure {
                #expect(failure.code == "VALIDATION_ERROR", "\(payload)")
            }
        }
    }

    @Test(arguments: functions.indices)
    func `a task that was cancelled does not begin`(index: Int) async {
        let function = Self.functions[index]
        let task = Task {
            withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try function(function.type.example)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

/// Replaces, removes, repeats and distorts values of a payload.
private struct Spoiler {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private static let values: [JSONValue] = [
        .null, true, 0, -1, 1, 2, 0.5, -0.0, 1e-308, 1e308, -1e308, 1e15, 255, 10_000,
        .number(.integer(.max)), .number(.integer(.min)), .number(.unsigned(.max)),
        "", " ", "\u{0}", "a", "😀\u{301}e\u{301}", "2026-02-30", "9999-12-31T23:59:60Z",
        "0000-01-01", "<", "[[[[((((", "****____", "Europe/Atlantis", "FREQ=SECONDLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "٣٤٥", "CVSS:4.0/", "٪", "\r\n",
        [], [[]], [:], ["": [:]], [1, "a", nil],
    ]

    /// Steele, Lea and Flood, “Fast Splittable Pseudorandom Number Generators”, 2014.
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    private mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    mutating func spoilt(_ payload: JSONValue) -> JSONValue {
        var payload = payload
        for _ in 0...below(2) { payload = changed(payload, mayReplace: false) }
        return payload
    }

    private mutating func changed(_ value: JSONValue, mayReplace: Bool = true) -> JSONValue {
        if mayReplace, below(8) == 0 { return Self.values[below(Self.values.count)] }
        switch value {
        case .object(var object):
            guard !object.isEmpty else { return value }
            let member = object.members[below(object.count)]
            object[member.name] = below(12) == 0 ? nil : changed(member.value)
            return .object(object)
        case .array(var elements):
            guard !elements.isEmpty else { return value }
            let index = below(elements.count)
            switch below(6) {
            case 0: elements.remove(at: index)
            case 1: elements.insert(elements[index], at: below(elements.count))
            case 2: elements.swapAt(index, below(elements.count))
            default: elements[index] = changed(elements[index])
            }
            return .array(elements)
        case .string(let text):
            return below(4) == 0 ? Self.values[below(Self.values.count)] : .string(distorted(text))
        case .number, .bool, .null:
            return Self.values[below(Self.values.count)]
        }
    }

    private mutating func distorted(_ text: String) -> String {
        var characters = Array(text.unicodeScalars)
        for _ in 0...below(3) {
            let position = below(characters.count)
            switch below(6) {
            case 0 where !characters.isEmpty: characters.remove(at: position)
            case 1 where !characters.isEmpty: characters.removeSubrange(position...)
            case 2 where characters.count < 2_000: characters += characters
            case 3:
                let signs = Array("<>&[]()*_`#;:=,/-+.0123456789\u{0}\u{301}é😀\n\t".unicodeScalars)
                characters.insert(signs[below(signs.count)], at: position)
            case 4 where !characters.isEmpty:
                characters.swapAt(position, below(characters.count))
            default:
                if !characters.isEmpty {
                    characters[position] = characters[below(characters.count)]
                }
            }
        }
        return String(String.UnicodeScalarView(characters))
    }
}
