package import JSONRPC

/// A JSONPath of the Amazon States Language: `$.order.items[0]`, or `$$.Execution.Id` into the
/// context object.
///
/// The syntax is the part of RFC 9535 without filters and functions; a name after a dot may also
/// have hyphens. A path that names one place is definite and has its value; any other has the
/// array of all it finds.
package struct DataPath: Hashable, Sendable {
    package let text: String
    /// Whether it begins with `$$`.
    package let isOfContext: Bool
    let segments: [Segment]

    struct Segment: Hashable, Sendable {
        var selectors: [Selector]
        /// Whether it applies to everything below, as after `..`.
        var isRecursive = false
    }

    enum Selector: Hashable, Sendable {
        case name(String)
        /// Negative ones count from the end.
        case index(Int)
        case slice(start: Int?, end: Int?, step: Int)
        case wildcard
    }

    package static let root = DataPath(text: "$", isOfContext: false, segments: [])

    /// - Throws: When the text is no such path.
    package init(_ text: String) throws(WorkflowProblem) {
        var reader = PathReader(text)
        self = try reader.path()
        guard reader.isAtEnd else {
            throw WorkflowProblem("is no path: there is more after '\(self.text)'")
        }
    }

    init(text: String, isOfContext: Bool, segments: [Segment]) {
        self.text = text
        self.isOfContext = isOfContext
        self.segments = segments
    }

    /// Whether it names one place at most.
    package var isDefinite: Bool {
        segments.allSatisfy { segment in
            guard !segment.isRecursive, segment.selectors.count == 1 else { return false }
            return switch segment.selectors[0] {
            case .name, .index: true
            case .slice, .wildcard: false
            }
        }
    }

    /// What it finds in a value: what is there, or all that a path which is not definite finds;
    /// `nil` when a definite path leads nowhere.
    package func value(in root: JSONValue) -> JSONValue? {
        var found = [root]
        for segment in segments {
            found = segment.select(from: found)
        }
        return isDefinite ? found.first : .array(found)
    }
}

extension DataPath.Segment {
    fileprivate func select(from values: [JSONValue]) -> [JSONValue] {
        var found: [JSONValue] = []
        for value in values {
            if isRecursive {
                selectRecursively(from: value, into: &found)
            } else {
                for selector in selectors { selector.select(from: value, into: &found) }
            }
        }
        return found
    }

    /// Depth first, what is nearer before what is deeper; the depth of a value is bounded.
    private func selectRecursively(from value: JSONValue, into found: inout [JSONValue]) {
        for selector in selectors { selector.select(from: value, into: &found) }
        switch value {
        case .array(let elements):
            for element in elements { selectRecursively(from: element, into: &found) }
        case .object(let object):
            for member in object.members { selectRecursively(from: member.value, into: &found) }
        case .null, .bool, .number, .string:
            break
        }
    }
}

extension DataPath.Selector {
    fileprivate func select(from value: JSONValue, into found: inout [JSONValue]) {
        switch self {
        case .name(let name):
            if let member = value[name] { found.append(member) }
        case .index(let index):
            guard let elements = value.arrayValue else { return }
            let place = index < 0 ? elements.count + index : index
            if elements.indices.contains(place) { found.append(elements[place]) }
        case .wildcard:
            if let elements = value.arrayValue { found += elements }
            if let object = value.objectValue { found += object.members.map(\.value) }
        case .slice(let start, let end, let step):
            guard let elements = value.arrayValue else { return }
            for index in Self.indices(start, end, step, count: elements.count) {
                found.append(elements[index])
            }
        }
    }

    /// RFC 9535, section 2.3.4.2.2; the step is not 0, and what was written is within ±2³¹.
    private static func indices(
        _ start: Int?,
        _ end: Int?,
        _ step: Int,
        count: Int
    ) -> StrideTo<Int> {
        func normal(_ index: Int) -> Int { index < 0 ? count + index : index }
        if step > 0 {
            let lower = min(max(normal(start ?? 0), 0), count)
            let upper = min(max(normal(end ?? count), 0), count)
            return stride(from: lower, to: upper, by: step)
        }
        let upper = min(max(normal(start ?? count - 1), -1), count - 1)
        let lower = end.map { min(max(normal($0), -1), count - 1) } ?? -1
        return stride(from: upper, to: lower, by: step)
    }
}
