package import JSONRPC

/// `Parameters`, `ResultSelector` or `ItemSelector`: a value in which members whose names end in
/// `.$` are replaced by what their paths and intrinsic functions give.
package struct PayloadTemplate: Hashable, Sendable {
    private let root: Node

    fileprivate indirect enum Node: Hashable, Sendable {
        case literal(JSONText)
        case path(DataPath)
        case call(Intrinsic)
        case array([Node])
        case object([Member])
    }

    fileprivate struct Member: Hashable, Sendable {
        var name: String
        var value: Node
    }

    /// A value kept as its text, which is hashable and compact.
    fileprivate struct JSONText: Hashable, Sendable {
        var value: JSONValue

        static func == (one: JSONText, other: JSONText) -> Bool { one.value == other.value }
        func hash(into hasher: inout Hasher) { hasher.combine(value.text) }
    }

    /// Reads a template; `report` is called with the JSON Pointer below the template and the reason
    /// of everything that is wrong.
    package init(_ value: JSONValue, report: (String, String) -> Void) {
        root = Self.node(value, "", report)
    }

    private static func node(
        _ value: JSONValue,
        _ place: String,
        _ report: (String, String) -> Void
    ) -> Node {
        switch value {
        case .array(let elements):
            return .array(
                elements.enumerated().map { node($0.element, "\(place)/\($0.offset)", report) }
            )
        case .object(let object):
            return .object(
                object.members.map { member in
                    let place = "\(place)/\(member.name.asPointerToken)"
                    guard member.name.hasSuffix(".$") else {
                        return Member(
                            name: member.name,
                            value: node(member.value, place, report)
                        )
                    }
                    let name = String(member.name.dropLast(2))
                    if object[name] != nil { report(place, "is there without '.$' too") }
                    return Member(name: name, value: dynamic(member.value, place, report))
                }
            )
        case .null, .bool, .number, .string:
            return .literal(JSONText(value: value))
        }
    }

    private static func dynamic(
        _ value: JSONValue,
        _ place: String,
        _ report: (String, String) -> Void
    ) -> Node {
        guard let text = value.stringValue else {
            report(place, "must be a string with a path or an intrinsic function")
            return .literal(JSONText(value: .null))
        }
        do throws(WorkflowProblem) {
            return text.hasPrefix("$") ? .path(try DataPath(text)) : .call(try Intrinsic(text))
        } catch {
            report(place, error.description)
            return .literal(JSONText(value: .null))
        }
    }
}

/// What templates and paths look at.
struct TemplateData {
    var input: JSONValue
    var context: JSONValue

    /// - Throws: `States.ParameterPathFailure` when there is nothing.
    func value(at path: DataPath) throws(WorkflowError) -> JSONValue {
        guard let value = path.value(in: path.isOfContext ? context : input) else {
            let cause = "the path \(path.text) finds nothing"
            throw WorkflowError(WorkflowError.Name.parameterPath, cause)
        }
        return value
    }
}

extension PayloadTemplate {
    /// The value with everything filled in.
    func value(
        _ data: TemplateData,
        _ random: inout some RandomNumberGenerator
    ) throws(WorkflowError) -> JSONValue {
        try Self.value(of: root, data, &random)
    }

    private static func value(
        of node: Node,
        _ data: TemplateData,
        _ random: inout some RandomNumberGenerator
    ) throws(WorkflowError) -> JSONValue {
        switch node {
        case .literal(let literal):
            return literal.value
        case .path(let path):
            return try data.value(at: path)
        case .call(let call):
            return try call.value(data, &random)
        case .array(let nodes):
            var elements: [JSONValue] = []
            for node in nodes { elements.append(try value(of: node, data, &random)) }
            return .array(elements)
        case .object(let members):
            var object = JSONObject()
            for member in members {
                object[member.name] = try value(of: member.value, data, &random)
            }
            return .object(object)
        }
    }
}

extension JSONValue {
    /// Compact JSON.
    package var text: String {
        var writer = JSONWriter()
        writer.value(self)
        return String(decoding: writer.takeBytes(), as: UTF8.self)
    }

    /// How many arrays and objects lie in one another.
    package var depth: Int {
        switch self {
        case .array(let elements): 1 + (elements.map(\.depth).max() ?? 0)
        case .object(let object): 1 + (object.members.map(\.value.depth).max() ?? 0)
        case .null, .bool, .number, .string: 0
        }
    }

    /// Whether both are the same value, however their numbers are written.
    func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.number(let one), .number(let other)):
            DecimalNumber(one) == DecimalNumber(other)
        case (.array(let one), .array(let other)):
            one.count == other.count && zip(one, other).allSatisfy { $0.isSame(as: $1) }
        case (.object(let one), .object(let other)):
            one.count == other.count
                && one.members.allSatisfy { member in
                    other[member.name]?.isSame(as: member.value) == true
                }
        default:
            self == other
        }
    }
}

extension String {
    /// As one part of a JSON Pointer (RFC 6901).
    var asPointerToken: String {
        guard contains(where: { $0 == "~" || $0 == "/" }) else { return self }
        return String(flatMap { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) })
    }
}
