import AgentRuntime
import JSONRPC

@testable import Agents

/// Draws payloads, the same for the same seed.
struct PayloadFuzz {
    private var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// From the schema, or the example with some values changed.
    mutating func payload(_ type: TaskType, round: Int) -> JSONValue {
        round.isMultiple(of: 2)
            ? value(type.payloadSchema) : mutated(type.example, type.payloadSchema)
    }

    // MARK: Values of a schema

    private mutating func value(_ schema: JSONValue) -> JSONValue {
        if let choices = schema["enum"]?.arrayValue, !choices.isEmpty {
            return choices[random.index(below: choices.count)]
        }
        if let schemas = (schema["anyOf"] ?? schema["oneOf"])?.arrayValue, !schemas.isEmpty {
            return value(schemas[random.index(below: schemas.count)])
        }
        switch schema["type"]?.stringValue {
        case "object": return object(schema)
        case "array": return array(schema)
        case "string": return .string(string(schema))
        case "integer": return .integer(integer(schema))
        case "number": return number(schema)
        case "boolean": return .bool(random.index(below: 2) == 0)
        case "null": return .null
        default: return anything(depth: 2)
        }
    }

    private mutating func object(_ schema: JSONValue) -> JSONValue {
        let required = (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        var object = JSONObject()
        for member in schema["properties"]?.objectValue?.members ?? []
        where required.contains(member.name) || random.index(below: 2) == 0 {
            object[member.name] = value(member.value)
        }
        if object.isEmpty || schema["properties"] == nil {
            let items = schema["additionalProperties"] ?? .null
            for _ in 0..<random.index(below: 4) { object[word()] = value(items) }
        }
        return .object(object)
    }

    private mutating func array(_ schema: JSONValue) -> JSONValue {
        let least = schema["minItems"]?.intValue ?? 0
        let most = min(schema["maxItems"]?.intValue ?? 12, max(least, 12))
        let count =
            random.index(below: 3) == 0 ? least : least + random.index(below: most - least + 1)
        let items = schema["items"] ?? .null
        var elements: [JSONValue] = []
        for _ in 0..<count {
            // Equal elements are a case of their own.
            if let last = elements.last, random.index(below: 4) == 0 {
                elements.append(last)
            } else {
                elements.append(value(items))
            }
        }
        return .array(elements)
    }

    private mutating func integer(_ schema: JSONValue) -> Int {
        let least = schema["minimum"]?.intValue ?? -1 << 62
        let most = schema["maximum"]?.intValue ?? 1 << 62
        switch random.index(below: 5) {
        case 0: return least
        case 1: return most
        case 2: return min(max(0, least), most)
        default:
            // The small ones are what most of the work is done for.
            return Int.random(in: least...min(most, least + 30), using: &random)
        }
    }

    private mutating func number(_ schema: JSONValue) -> JSONValue {
        let isOpen = schema["exclusiveMinimum"] != nil
        var least = (schema["minimum"] ?? schema["exclusiveMinimum"])?.doubleValue ?? -1e300
        var most = (schema["maximum"] ?? schema["exclusiveMaximum"])?.doubleValue ?? 1e300
        if isOpen { (least, most) = (least.nextUp, most.nextDown) }
        switch random.index(below: 6) {
        case 0: return .double(least)
        case 1: return .double(most)
        case 2: return .double(min(max(0, least), most))
        case 3: return .double(min(max(1, least), most))
        case 4: return .double(min(max(.leastNonzeroMagnitude, least), most))
        default: return .double(least / 2 + random.unit() * (most / 2 - least / 2) + least / 2)
        }
    }

    private mutating func string(_ schema: JSONValue) -> String {
        let least = schema["minLength"]?.intValue ?? 0
        let most = min(schema["maxLength"]?.intValue ?? 200, 2_000)
        var text =
            switch random.index(below: 6) {
            case 0: date()
            case 1: date() + "T\(10 + random.index(below: 14)):00:00Z"
            default: (0..<random.index(below: 12)).map { _ in word() }.joined(separator: " ")
            }
        while text.unicodeScalars.count < least { text += word() }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(least, most))))
    }

    private mutating func date() -> String {
        let years = ["0001", "1970", "2024", "2026", "9999"]
        let days = ["01-01", "02-29", "12-31", "06-15"]
        return years[random.index(below: years.count)] + "-" + days[random.index(below: days.count)]
    }

    private mutating func word() -> String {
        let words = [
            "a", "good", "not", "VERY", "but", "!!!", "😀", "é", "日本", "<p>", "</", "&amp;", "{",
            "\"", "\\", "\u{0}", "\u{202E}", "-", "1e309", "https://example.com/x?y=1", ":)", "\n",
            "e\u{301}", "👨‍👩‍👧", "%s", "0", "ﬃ", "İ", "#tag", "urgent", "invoice",
        ]
        return words[random.index(below: words.count)]
    }

    // MARK: Changes

    private mutating func mutated(_ example: JSONValue, _ schema: JSONValue) -> JSONValue {
        switch example {
        case .array(let elements):
            guard random.index(below: 4) > 0 else { return value(schema) }
            return .array(elements.map { mutated($0, schema["items"] ?? .null) })
        case .object(let object):
            var changed = object
            for member in object.members where random.index(below: 3) == 0 {
                guard let inner = schema["properties"]?[member.name] else { continue }
                changed[member.name] = mutated(member.value, inner)
            }
            return .object(changed)
        default:
            return random.index(below: 2) == 0 ? value(schema) : example
        }
    }

    private mutating func anything(depth: Int) -> JSONValue {
        switch random.index(below: depth > 0 ? 9 : 7) {
        case 0: return .null
        case 1: return .bool(true)
        case 2: return .integer([0, -1, 1, .max, .min][random.index(below: 5)])
        case 3:
            return .double([1e308, -1e308, .leastNonzeroMagnitude, 0.5][random.index(below: 4)])
        case 4, 5, 6: return .string(word())
        case 7: return .array((0..<random.index(below: 4)).map { _ in anything(depth: depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<random.index(below: 3) { object[word()] = anything(depth: depth - 1) }
            return .object(object)
        }
    }
}
