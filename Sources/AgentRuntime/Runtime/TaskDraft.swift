package import JSONRPC
import JSONSchema

/// The params of `tasks.create`, found good.
package struct TaskDraft: Equatable, Sendable {
    package var agentID: String
    package var type: String
    package var payload: JSONText
    package var priority: TaskPriority
    package var maxAttempts: Int
    package var timeoutMs: Int64
    package var runAt: Timestamp?
    package var deadline: Timestamp?
    package var correlationID: String?
    /// Ids of tasks that must complete before.
    package var dependencies: [String] = []
    package var dedupeKey: String?
}

extension TaskDraft {
    static let maximumCorrelationIDBytes = 128
    static let maximumDedupeKeyBytes = 256
    static let unknownType = "is not a known task type"

    /// Checks all of `params` and tells every problem at once, each with a JSON pointer into them.
    ///
    /// Pure and independent of the state, so it is done on the caller's thread. Agents that
    /// `isVisible` does not show are unknown.
    package init(
        params: JSONValue,
        catalogue: TaskCatalogue,
        configuration: RuntimeConfiguration,
        isVisible: (_ agentID: String) -> Bool = { _ in true }
    ) throws(RPCError) {
        var reader = ParamReader(params)
        let type = reader.requiredString("type")
        let kind = type.flatMap(catalogue.kind).flatMap { isVisible($0.agentID) ? $0 : nil }
        if type != nil && kind == nil { reader.report("/type", Self.unknownType) }
        if let agentID = reader.string("agentId"), let kind, agentID != kind.agentID {
            let isKnown = catalogue.description(of: agentID) != nil && isVisible(agentID)
            reader.report(
                "/agentId",
                isKnown ? "does not perform tasks of this type" : "is not a known agent"
            )
        }
        let priority = reader.choice("priority", of: TaskPriority.self) ?? .medium
        let maxAttempts =
            reader.integer("maxAttempts", in: 1...configuration.maximumMaxAttempts)
            ?? configuration.defaultMaxAttempts
        let longest = Int(configuration.maximumTimeout.wholeMilliseconds)
        let timeoutMs =
            reader.integer("timeoutMs", in: 1...longest).map(Int64.init)
            ?? kind?.type.timeout.wholeMilliseconds ?? 0
        let runAt = reader.timestamp("runAt")
        let deadline = reader.timestamp("deadline")
        if let runAt, let deadline, deadline <= runAt {
            reader.report("/deadline", "must be later than runAt")
        }
        let correlationID = reader.string("correlationId")
        if let correlationID,
            !(1...Self.maximumCorrelationIDBytes).contains(correlationID.utf8.count)
        {
            let limit = Self.maximumCorrelationIDBytes
            reader.report("/correlationId", "must have 1 to \(limit) bytes")
        }
        let dependencies =
            reader.ids("dependsOn", atMost: configuration.maximumDependencies) ?? []
        let dedupeKey = reader.string("dedupeKey")
        if let dedupeKey, !(1...Self.maximumDedupeKeyBytes).contains(dedupeKey.utf8.count) {
            reader.report("/dedupeKey", "must have 1 to \(Self.maximumDedupeKeyBytes) bytes")
        }
        // Read by the caller; one of another type must not pass for none.
        _ = reader.string("idempotencyKey")
        let payload = try reader.payload(
            of: kind,
            maximumBytes: configuration.maximumPayloadBytes
        )
        if !reader.problems.isEmpty { throw .validation(reader.problems) }
        guard let kind, let type, let payload else { throw .internal }
        self.init(
            agentID: kind.agentID,
            type: type,
            payload: payload,
            priority: priority,
            maxAttempts: maxAttempts,
            timeoutMs: timeoutMs,
            runAt: runAt,
            deadline: deadline,
            correlationID: correlationID,
            dependencies: dependencies,
            dedupeKey: dedupeKey
        )
    }
}

/// Reads members of params and collects what is wrong with them.
private struct ParamReader {
    private let members: JSONObject
    private(set) var problems: [RPCError.Detail] = []

    init(_ params: JSONValue) {
        members = params.objectValue ?? JSONObject()
        if params.objectValue == nil { report("", "must be an object") }
    }

    mutating func report(_ path: String, _ reason: String) {
        problems.append(.init(path: path, reason: reason))
    }

    mutating func requiredString(_ name: String) -> String? {
        if members[name] == nil { report("/\(name)", "is required") }
        return string(name)
    }

    mutating func string(_ name: String) -> String? {
        guard let value = members[name] else { return nil }
        if value.stringValue == nil { report("/\(name)", "must be a string") }
        return value.stringValue
    }

    mutating func choice<Choice>(_ name: String, of: Choice.Type) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let value = members[name] else { return nil }
        if let choice = value.stringValue.flatMap(Choice.init(rawValue:)) { return choice }
        let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        report("/\(name)", "must be one of \(choices)")
        return nil
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = members[name] else { return nil }
        if let number = value.intValue, range.contains(number) { return number }
        report("/\(name)", "must be an integer from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    /// An array of different strings.
    mutating func ids(_ name: String, atMost limit: Int) -> [String]? {
        guard let value = members[name] else { return nil }
        guard let elements = value.arrayValue, elements.count <= limit else {
            report("/\(name)", "must be an array of at most \(limit) ids")
            return nil
        }
        var ids: [String] = []
        var known: Set<String> = []
        for (index, element) in elements.enumerated() {
            guard let id = element.stringValue else {
                report("/\(name)/\(index)", "must be a string")
                continue
            }
            if !known.insert(id).inserted { report("/\(name)/\(index)", "is given twice") }
            ids.append(id)
        }
        return ids
    }

    mutating func timestamp(_ name: String) -> Timestamp? {
        guard let value = members[name] else { return nil }
        if let moment = value.stringValue.flatMap(Timestamp.init) { return moment }
        report("/\(name)", "must be an RFC 3339 date and time, such as 2026-01-31T12:00:00Z")
        return nil
    }

    mutating func payload(
        of kind: TaskCatalogue.Kind?,
        maximumBytes: Int
    ) throws(RPCError) -> JSONText? {
        guard let payload = members["payload"] else {
            report("/payload", "is required")
            return nil
        }
        let text = JSONText(payload.encoded())
        guard text.bytes.count <= maximumBytes else {
            throw RPCError(
                .requestTooLarge,
                "the payload has \(text.bytes.count) bytes, more than \(maximumBytes)"
            )
        }
        guard let kind else { return text }
        let violations = kind.payload.violations(in: payload)
        for violation in violations {
            report("/payload" + violation.path, violation.reason)
        }
        if violations.isEmpty {
            for problem in kind.type.check(payload) {
                report("/payload" + problem.path, problem.reason)
            }
        }
        return text
    }
}
