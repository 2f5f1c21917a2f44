/// The open elements of a page that is read tag by tag, and selectors of what is among them.
///
/// End tags that may be left out are implied as in ``ContrastAudit``, and what is nested deeper than
/// its limit counts to the element there.
struct ElementPath {
    private struct Element {
        var name: String
        /// `p:nth-of-type(2)`, or `#id`.
        var step: String
        var isAnchored: Bool
        var isHidden: Bool
        var children: [String: Int] = [:]
    }

    private var open = [Element(name: "", step: "", isAnchored: true, isHidden: false)]
    /// Start tags beyond the depth limit whose end tags are still to come.
    private var overflow = 0

    /// How many elements are open.
    var depth: Int { open.count - 1 }

    /// Whether the innermost element is left out for people who use assistive technology.
    var isHidden: Bool { open[open.count - 1].isHidden }

    /// Opens an element; one that is void is open until the next call.
    ///
    /// - Returns: Its selector, and whether it is hidden.
    mutating func start(
        _ name: String,
        _ attributes: [String: String]
    ) -> (selector: String, isHidden: Bool) {
        while open.count > 1, let closed = ContrastAudit.impliedEnds[name],
            closed.contains(open[open.count - 1].name)
        {
            open.removeLast()
        }
        let parent = open.count - 1
        open[parent].children[name, default: 0] += 1
        let position = open[parent].children[name] ?? 1
        let id = attributes["id"].flatMap { ContrastAudit.isIdentifier($0) ? $0 : nil }
        let isHidden =
            open[parent].isHidden || attributes["hidden"] != nil
            || attributes["aria-hidden"] == "true" || ["template", "noscript"].contains(name)
        let element = Element(
            name: name,
            step: id.map { "#\($0)" } ?? ContrastAudit.step(name, position),
            isAnchored: id != nil,
            isHidden: isHidden
        )
        let selector = selector(with: element)
        if ContrastAudit.voidElements.contains(name) { return (selector, isHidden) }
        if open.count <= ContrastAudit.depthLimit {
            open.append(element)
        } else {
            overflow += 1
        }
        return (selector, isHidden)
    }

    mutating func end(_ name: String) {
        if overflow > 0 {
            overflow -= 1
        } else if let index = open.lastIndex(where: { $0.name == name }), index > 0 {
            open.removeSubrange(index...)
        }
    }

    /// From the nearest element with an id, or at most 12 up.
    private func selector(with element: Element) -> String {
        let path = open.dropFirst().suffix(11) + [element]
        let anchor = path.lastIndex(where: \.isAnchored) ?? path.startIndex
        return path[anchor...].map(\.step).joined(separator: " > ")
    }
}
