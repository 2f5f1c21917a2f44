/// The rules of a page's `style` elements that an audit understands.
///
/// Understood are selectors of one element by type, classes and id (`p`, `.note`, `p.note#x`,
/// `*`), alone or in lists. Selectors with combinators, attributes or pseudo-classes and whole
/// at-rules are counted and not applied.
struct StyleSheet {
    struct Rule {
        var specificity: Int
        var type: String?
        var id: String?
        var classes: [String]
        var block: CSSBlock

        func matches(type: String, id: String?, classes: Set<String>) -> Bool {
            (self.type == nil || self.type == type) && (self.id == nil || self.id == id)
                && self.classes.allSatisfy(classes.contains)
        }
    }

    /// Rules and classes of a selector that are applied at most, so that no page is expensive;
    /// what is beyond is counted as skipped.
    static let ruleLimit = 500
    static let classLimit = 8

    /// In the order in which they apply: by specificity, then as written.
    private(set) var rules: [Rule] = []
    private(set) var skippedSelectors = 0

    /// Adds the rules of one `style` element.
    mutating func add(_ source: some StringProtocol) {
        var rest = Self.withoutComments(source)[...]
        while true {
            rest = rest.trimmed
            guard let end = rest.firstIndex(where: { $0 == "{" || $0 == ";" }) else { return }
            let prelude = rest[..<end].trimmed
            let isBlock = rest[end] == "{"
            rest = rest[rest.index(after: end)...]
            guard !prelude.hasPrefix("@") else {
                skippedSelectors += 1
                if isBlock { rest = Self.afterBlock(rest) }
                continue
            }
            guard isBlock else { continue }
            let close = rest.firstIndex(of: "}") ?? rest.endIndex
            addRules(prelude: prelude, block: rest[..<close])
            rest = rest[close...].dropFirst()
        }
    }

    private mutating func addRules(prelude: Substring, block: Substring) {
        let block = CSSBlock(block)
        for selector in prelude.split(separator: ",") {
            guard rules.count < Self.ruleLimit,
                let rule = Self.rule(selector.trimmed, block)
            else {
                skippedSelectors += 1
                continue
            }
            let position = rules.firstIndex { $0.specificity > rule.specificity }
            rules.insert(rule, at: position ?? rules.endIndex)
        }
    }

    /// A compound selector; its specificity is that of Selectors Level 4, section 17.
    private static func rule(_ selector: Substring, _ block: CSSBlock) -> Rule? {
        var rule = Rule(specificity: 0, type: nil, id: nil, classes: [], block: block)
        guard !selector.isEmpty, selector.utf8.count <= 1_000 else { return nil }
        var rest = selector
        let type = rest.prefix { $0 != "." && $0 != "#" }
        rest = rest.dropFirst(type.count)
        if type != "*", !type.isEmpty {
            guard isName(type) else { return nil }
            rule.type = type.lowercased()
            rule.specificity += 1
        }
        while let sign = rest.first {
            let name = rest.dropFirst().prefix { $0 != "." && $0 != "#" }
            guard isName(name) else { return nil }
            if sign == "." {
                rule.classes.append(String(name))
                rule.specificity += 1_000
            } else {
                guard rule.id == nil else { return nil }
                rule.id = String(name)
                rule.specificity += 1_000_000
            }
            rest = rest.dropFirst(1 + name.count)
        }
        guard rule.classes.count <= classLimit else { return nil }
        return rule
    }

    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    }

    private static func withoutComments(_ source: some StringProtocol) -> String {
        var result: [UInt8] = []
        var rest = Array(source.utf8)[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "/")) {
            guard rest[open...].starts(with: "/*".utf8) else {
                result += rest[...open]
                rest = rest[(open + 1)...]
                continue
            }
            result += rest[..<open]
            rest = rest[(open + 2)...]
            while !rest.isEmpty, !rest.starts(with: "*/".utf8) { rest = rest.dropFirst() }
            rest = rest.dropFirst(2)
        }
        return String(decoding: result + rest, as: UTF8.self)
    }

    /// What follows the `}` that closes the block that was just opened.
    private static func afterBlock(_ text: Substring) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == "{" { depth += 1 }
            if text[index] == "}" { depth -= 1 }
            if depth == 0 { return text[index...].dropFirst() }
        }
        return ""
    }
}
