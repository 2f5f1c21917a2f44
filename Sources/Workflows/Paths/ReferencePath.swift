import JSONRPC

/// A path that names one place, where a `ResultPath` puts something.
///
/// Unlike other paths it may not look into the context object (Amazon States Language,
/// "Reference Paths").
package struct ReferencePath: Hashable, Sendable {
    package let path: DataPath

    package init(_ text: String) throws(WorkflowProblem) {
        path = try DataPath(text)
        let isForward = path.segments.allSatisfy { segment in
            if case .index(let index)? = segment.selectors.first { return index >= 0 }
            return true
        }
        guard path.isDefinite, isForward, !path.isOfContext else {
            throw WorkflowProblem("must be a path to one place in the input, such as $.result")
        }
    }

    /// `root` with `value` at this place; objects on the way that are missing are made.
    ///
    /// `nil` when something on the way is neither an object nor an array that has the element.
    func setting(_ value: JSONValue, in root: JSONValue) -> JSONValue? {
        Self.setting(value, in: root, path.segments[...])
    }

    private static func setting(
        _ value: JSONValue,
        in root: JSONValue?,
        _ segments: ArraySlice<DataPath.Segment>
    ) -> JSONValue? {
        guard let selector = segments.first?.selectors.first else { return value }
        let rest = segments.dropFirst()
        switch (selector, root) {
        case (.name(let name), .object(var object)):
            guard let member = setting(value, in: object[name], rest) else { return nil }
            object[name] = member
            return .object(object)
        case (.name(let name), nil):
            guard let member = setting(value, in: nil, rest) else { return nil }
            return .object([name: member])
        case (.index(let index), .array(var elements)):
            guard elements.indices.contains(index) else { return nil }
            guard let element = setting(value, in: elements[index], rest) else { return nil }
            elements[index] = element
            return .array(elements)
        default:
            return nil
        }
    }
}
