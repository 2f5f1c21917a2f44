/// Values under dot-separated names or patterns, one node for each token.
///
/// Names find the patterns that match them and patterns the names, in time that depends on what
/// matches and not on what else there is.
struct TokenTree<Value> {
    private struct Node {
        var children: [Substring: Int] = [:]
        var value: Value?
        var parent: Int
        var token: Substring
    }

    private static var root: Int { 0 }
    private var nodes: [Node] = [Node(parent: 0, token: "")]
    private var free: [Int] = []

    init() {}

    /// The value under exactly this name.
    subscript(name: String) -> Value? {
        var node = Self.root
        for token in Self.tokens(name) {
            guard let child = nodes[node].children[token] else { return nil }
            node = child
        }
        return nodes[node].value
    }

    mutating func insert(_ value: Value, under name: String) {
        var node = Self.root
        for token in Self.tokens(name) {
            node = child(token, of: node) ?? add(token, to: node)
        }
        nodes[node].value = value
    }

    mutating func remove(_ name: String) {
        var node = Self.root
        for token in Self.tokens(name) {
            guard let child = nodes[node].children[token] else { return }
            node = child
        }
        nodes[node].value = nil
        while node != Self.root, nodes[node].value == nil, nodes[node].children.isEmpty {
            let parent = nodes[node].parent
            nodes[parent].children[nodes[node].token] = nil
            nodes[node] = Node(parent: 0, token: "")
            free.append(node)
            node = parent
        }
    }

    /// Calls `body` with the value of each pattern in the tree that matches a name.
    func forEachPattern(matching name: String, _ body: (Value) -> Void) {
        visitPatterns(Self.tokens(name)[...], from: Self.root, body)
    }

    /// Calls `body` with the value of each name in the tree that matches a pattern.
    func forEachName(matching pattern: String, _ body: (Value) -> Void) {
        visitNames(Self.tokens(pattern)[...], from: Self.root, body)
    }

    // Names have at most 8 tokens, which bounds how deep these go.

    private func visitPatterns(
        _ tokens: ArraySlice<Substring>,
        from node: Int,
        _ body: (Value) -> Void
    ) {
        guard let token = tokens.first else {
            if let value = nodes[node].value { body(value) }
            return
        }
        let children = nodes[node].children
        if let rest = children[">"], let value = nodes[rest].value { body(value) }
        if let child = children[token] { visitPatterns(tokens.dropFirst(), from: child, body) }
        if let any = children["*"] { visitPatterns(tokens.dropFirst(), from: any, body) }
    }

    private func visitNames(
        _ tokens: ArraySlice<Substring>,
        from node: Int,
        _ body: (Value) -> Void
    ) {
        guard let token = tokens.first else {
            if let value = nodes[node].value { body(value) }
            return
        }
        switch token {
        case ">":
            for child in nodes[node].children.values { visitAll(from: child, body) }
        case "*":
            for child in nodes[node].children.values {
                visitNames(tokens.dropFirst(), from: child, body)
            }
        default:
            guard let child = nodes[node].children[token] else { return }
            visitNames(tokens.dropFirst(), from: child, body)
        }
    }

    private func visitAll(from node: Int, _ body: (Value) -> Void) {
        if let value = nodes[node].value { body(value) }
        for child in nodes[node].children.values { visitAll(from: child, body) }
    }

    /// In a function of its own, so that no copy of the children is held while they are changed.
    @inline(never)
    private func child(_ token: Substring, of node: Int) -> Int? {
        nodes[node].children[token]
    }

    private mutating func add(_ token: Substring, to parent: Int) -> Int {
        // A copy of its own, so that a token does not keep the whole name.
        let token = Substring(String(token))
        let made = Node(parent: parent, token: token)
        let index: Int
        if let reused = free.popLast() {
            nodes[reused] = made
            index = reused
        } else {
            nodes.append(made)
            index = nodes.count - 1
        }
        nodes[parent].children[token] = index
        return index
    }

    private static func tokens(_ name: String) -> [Substring] {
        name.split(separator: ".", omittingEmptySubsequences: false)
    }
}
