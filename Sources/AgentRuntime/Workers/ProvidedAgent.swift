package import JSONRPC
import JSONSchema

/// What clients have declared about an agent that only workers perform: a name and its task types.
package struct ProvidedAgent: Sendable {
    /// `id` and `type` are the same.
    package let description: AgentDescription
    /// `{name, type, capabilities}` as it is published and stored.
    package let json: JSONText

    /// Bounds of a definition.
    static let maximumTypes = 64
    static let maximumBytes = 64 << 10
    static let maximumNameBytes = 128
    /// What ids of agents cannot be, because they name something else.
    private static let reserved: Set<String> = ["system", "hub"]
}

extension ProvidedAgent: Equatable {
    package static func == (one: ProvidedAgent, other: ProvidedAgent) -> Bool {
        one.json == other.json
    }
}

extension ProvidedAgent {
    /// Checks a definition as a worker, or the configuration, gives it.
    ///
    /// - Parameters:
    ///   - type: A token of channels: `[A-Za-z0-9_-]`, up to 64 bytes.
    ///   - name: For people; the type if it is missing.
    ///   - taskTypes: `[{name, summary?, payloadSchema?, resultSchema?, timeoutMs?, retryable?,
    ///     example?}]`.
    ///   - path: JSON pointer to the task types, for what is reported about them.
    ///   - maximumTimeoutMs: Of `timeoutMs`.
    /// - Throws: VALIDATION_ERROR with every problem.
    package init(
        type: String,
        name: String?,
        taskTypes: [JSONValue],
        path: String = "/capabilities",
        maximumTimeoutMs: Int = 3_600_000
    ) throws(RPCError) {
        var problems: [RPCError.Detail] = []
        func report(_ path: String, _ reason: String) {
            problems.append(.init(path: path, reason: reason))
        }
        if !Self.isToken(type, longest: 64) || Self.reserved.contains(type) {
            report("/agentType", "must be 1 to 64 letters, digits, '_' and '-', and none of ours")
        }
        if !(1...Self.maximumTypes).contains(taskTypes.count) {
            report(path, "must be 1 to \(Self.maximumTypes) task types")
        }
        var types: [TaskType] = []
        var names: Set<String> = []
        for (index, value) in taskTypes.prefix(Self.maximumTypes).enumerated() {
            let place = "\(path)/\(index)"
            var reader = TaskTypeReader(value, path: place, maximumTimeoutMs: maximumTimeoutMs)
            let type = reader.taskType()
            problems += reader.problems
            guard let type else { continue }
            if !names.insert(type.name).inserted { report("\(place)/name", "is given twice") }
            types.append(type)
        }
        let name = name ?? type
        let json = Self.encode(type: type, name: name, types)
        if json.bytes.count > Self.maximumBytes {
            report(path, "have \(json.bytes.count) bytes, more than \(Self.maximumBytes)")
        }
        guard problems.isEmpty else { throw .validation(problems) }
        self.json = json
        var description = AgentDescription(
            id: type,
            name: name,
            type: type,
            capabilities: types.map(\.name),
            taskTypes: types
        )
        description.isPerformedByWorkers = true
        self.description = description
    }

    /// Reads what ``json`` holds; `nil` for what this version does not understand.
    init?(stored json: JSONText) {
        guard let value = try? JSONValue(parsing: json.bytes),
            let type = value["type"]?.stringValue,
            let types = value["capabilities"]?.arrayValue,
            let agent = try? ProvidedAgent(
                type: type,
                name: value["name"]?.stringValue,
                taskTypes: types,
                maximumTimeoutMs: .max
            )
        else { return nil }
        self = agent
    }

    private static func encode(type: String, name: String, _ types: [TaskType]) -> JSONText {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("name", name)
        writer.member("type", type)
        writer.name("capabilities")
        writer.beginArray()
        for type in types { type.write(to: &writer) }
        writer.endArray()
        writer.endObject()
        return JSONText(writer.takeBytes())
    }

    static func isToken(_ text: String, longest: Int) -> Bool {
        (1...longest).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

/// Reads one declared task type and collects what is wrong with it.
private struct TaskTypeReader {
    private let members: JSONObject
    private let path: String
    private let maximumTimeoutMs: Int
    private(set) var problems: [RPCError.Detail] = []

    init(_ value: JSONValue, path: String, maximumTimeoutMs: Int) {
        members = value.objectValue ?? JSONObject()
        self.path = path
        self.maximumTimeoutMs = maximumTimeoutMs
        if value.objectValue == nil { report("", "must be an object") }
    }

    mutating func taskType() -> TaskType? {
        let name = members["name"]?.stringValue ?? ""
        let tokens = name.split(separator: ".", omittingEmptySubsequences: false)
        if name.utf8.count > ProvidedAgent.maximumNameBytes
            || !tokens.allSatisfy({ ProvidedAgent.isToken(String($0), longest: 128) })
        {
            report(
                "/name",
                "must be a name like 'text.translate' of at most "
                    + "\(ProvidedAgent.maximumNameBytes) bytes"
            )
        }
        let timeoutMs = integer("timeoutMs", 1...max(1, maximumTimeoutMs)) ?? 30_000
        let type = TaskType(
            name: name,
            summary: text("summary") ?? "",
            payloadSchema: schema("payloadSchema"),
            resultSchema: schema("resultSchema"),
            example: members["example"] ?? JSONValue.object([:]),
            timeout: .milliseconds(timeoutMs),
            isRetryable: flag("retryable") ?? true
        )
        return problems.isEmpty ? type : nil
    }

    private mutating func report(_ member: String, _ reason: String) {
        problems.append(.init(path: path + member, reason: reason))
    }

    private mutating func schema(_ name: String) -> JSONValue {
        guard let value = members[name] else { return ["type": "object"] }
        do {
            _ = try Schema(value)
        } catch {
            report("/\(name)\(error.path)", error.reason)
        }
        return value
    }

    private mutating func text(_ name: String) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.stringValue, text.utf8.count <= 500 else {
            report("/\(name)", "must be a string of at most 500 bytes")
            return nil
        }
        return text
    }

    private mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let value = members[name] else { return nil }
        if let number = value.intValue, range.contains(number) { return number }
        report("/\(name)", "must be an integer from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    private mutating func flag(_ name: String) -> Bool? {
        guard let value = members[name] else { return nil }
        if value.boolValue == nil { report("/\(name)", "must be true or false") }
        return value.boolValue
    }
}
