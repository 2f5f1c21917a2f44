/// A pattern of channel names: `*` stands for one token, `>` at the end for one or more.
package struct ChannelPattern: Hashable, Sendable {
    package let text: String

    /// - Returns: `nil` when `text` has no wildcard, so that it can only be a name.
    package init?(_ text: String) {
        guard text.contains("*") || text.contains(">") else { return nil }
        self.text = text
    }

    /// Why it is no pattern; `nil` when it is one.
    package var problem: String? {
        let tokens = text.split(separator: ".", omittingEmptySubsequences: false)
        for (index, token) in tokens.enumerated() where token.contains(">") || token.contains("*") {
            guard token == "*" || token == ">" else {
                return "has '*' or '>' beside other characters: each stands for whole tokens"
            }
            guard token == "*" || index == tokens.count - 1 else {
                return "has '>' before its end"
            }
        }
        // What is left must be a name once wildcards are replaced.
        let name = tokens.map { $0 == "*" || $0 == ">" ? "x" : $0 }.joined(separator: ".")
        return ChannelName.problem(with: name)
    }

    /// Its first token.
    package var head: Substring { text.prefix { $0 != "." } }
}
