/// Examines the contrast of a page's text by WCAG 2.2 success criterion 1.4.3, Contrast (Minimum).
///
/// Examined is each element with text of its own that is rendered. Its colours come from inline
/// `style` attributes, from the rules of `style` elements that ``StyleSheet`` understands, from
/// the defaults of browsers for links, headings and the like, and by inheritance; translucent
/// colours are blended. A page without a background is white with black text. Not examined:
/// form controls, SVG, `opacity`, text placed over what is no ancestor, and linked style sheets;
/// text over an image or gradient is counted as undetermined. Whether text is exempt as inactive
/// or as a logotype is not known to a program.
///
/// The cost is linear in the page but for the rules of its own style sheet, which are limited;
/// nothing recurses, and what is nested deeper than ``depthLimit`` counts to the element there,
/// as in browsers.
struct ContrastAudit {
    struct Finding: Equatable {
        var selector: String
        var ratio: Double
        var required: Double
    }

    /// The first ``findingLimit`` failures in the order of the page.
    private(set) var findings: [Finding] = []
    /// Elements whose contrast is known.
    private(set) var examined = 0
    /// Those of them whose contrast is too low.
    private(set) var failed = 0
    /// Elements with text over an image or gradient.
    private(set) var undetermined = 0
    private(set) var skippedSelectors = 0
    /// Linked style sheets, which are not fetched.
    private(set) var externalStyleSheets = 0

    static let depthLimit = 512
    static let findingLimit = 500

    /// From 0 to 100: the share of the examined elements that pass; 100 when there are none.
    var score: Double {
        examined == 0 ? 100 : 100 * Double(examined - failed) / Double(examined)
    }

    private struct OpenElement {
        var name: String
        /// `p:nth-of-type(2)`, or `#id`.
        var step: String
        var isAnchored: Bool
        var style: ComputedStyle
        var hasCountedText = false
        var children: [String: Int] = [:]
    }

    private var open = [
        OpenElement(name: "", step: "", isAnchored: true, style: ComputedStyle())
    ]
    /// Start tags beyond the depth limit whose end tags are still to come.
    private var overflow = 0
    private var styleSheet = StyleSheet()
    private var rootFont = 16.0

    /// - Parameters:
    ///   - html: The page.
    ///   - progress: Told the percentage that is done, a few times.
    /// - Throws: `CancellationError`.
    init(html: String, progress: (Int) -> Void) throws {
        try collectStyles(html)
        progress(20)
        var tokenizer = HTMLTokenizer(html)
        var tokens = 0
        while let token = tokenizer.next() {
            tokens += 1
            if tokens.isMultiple(of: 64) { try Task.checkCancellation() }
            switch token {
            case .startTag(let name, let attributes): start(name, attributes)
            case .endTag(let name): end(name)
            case .text(let range): if tokenizer.isVisible(range) { text() }
            case .rawText: break
            }
        }
        progress(100)
    }

    /// Rules apply to the whole page, also to what stands before them.
    private mutating func collectStyles(_ html: String) throws {
        var tokenizer = HTMLTokenizer(html)
        var isStyle = false
        while let token = tokenizer.next() {
            switch token {
            case .startTag("style", let attributes):
                isStyle = attributes["media"].map { ["", "all", "screen"].contains($0) } ?? true
                if !isStyle { skippedSelectors += 1 }
            case .startTag("link", let attributes):
                let relations = attributes["rel"]?.lowercased().split(separator: " ") ?? []
                if relations.contains("stylesheet") { externalStyleSheets += 1 }
            case .rawText(let range) where isStyle:
                try Task.checkCancellation()
                styleSheet.add(String(decoding: tokenizer.bytes[range], as: UTF8.self))
                isStyle = false
            case .startTag, .endTag, .text, .rawText: break
            }
        }
        skippedSelectors += styleSheet.skippedSelectors
    }

    // MARK: Elements

    private mutating func start(_ name: String, _ attributes: [String: String]) {
        while open.count > 1, let closed = Self.impliedEnds[name],
            closed.contains(open[open.count - 1].name)
        {
            open.removeLast()
        }
        guard !Self.voidElements.contains(name) else { return }
        guard open.count <= Self.depthLimit else {
            overflow += 1
            return
        }
        let parent = open.count - 1
        open[parent].children[name, default: 0] += 1
        let position = open[parent].children[name] ?? 1
        let id = attributes["id"].flatMap { Self.isIdentifier($0) ? $0 : nil }
        let style = style(of: name, attributes, parent: open[parent].style)
        if name == "html" { rootFont = style.fontSize }
        open.append(
            OpenElement(
                name: name,
                step: id.map { "#\($0)" } ?? Self.step(name, position),
                isAnchored: id != nil,
                style: style
            )
        )
    }

    private mutating func end(_ name: String) {
        if overflow > 0 {
            overflow -= 1
            return
        }
        guard let index = open.lastIndex(where: { $0.name == name }), index > 0 else { return }
        open.removeSubrange(index...)
    }

    private func style(
        of name: String,
        _ attributes: [String: String],
        parent: ComputedStyle
    ) -> ComputedStyle {
        var cascade = Cascade()
        cascade.applyDefaults(of: name, hasHref: attributes["href"] != nil)
        if attributes["hidden"] != nil { cascade.apply(.isRemoved(true)) }
        let classes = Set(
            (attributes["class"] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        )
        let inline = attributes["style"].map { CSSBlock($0) }
        var important = Cascade()
        for rule in styleSheet.rules
        where rule.matches(type: name, id: attributes["id"], classes: classes) {
            cascade.apply(rule.block.normal)
            important.apply(rule.block.important)
        }
        if let inline {
            cascade.apply(inline.normal)
            important.apply(inline.important)
        }
        cascade.apply(important)
        return cascade.computed(parent: parent, rootFont: rootFont)
    }

    // MARK: Text

    private mutating func text() {
        let last = open.count - 1
        let style = open[last].style
        guard style.isVisible, !style.isRemoved, !open[last].hasCountedText else { return }
        open[last].hasCountedText = true
        guard let ratio = style.contrast else {
            undetermined += 1
            return
        }
        examined += 1
        guard ratio < style.requiredContrast else { return }
        failed += 1
        if findings.count < Self.findingLimit {
            findings.append(
                Finding(selector: selector(), ratio: ratio, required: style.requiredContrast)
            )
        }
    }

    /// The path to the innermost open element, from the nearest one with an id or at most 12 up.
    private func selector() -> String {
        let path = open.dropFirst().suffix(12)
        let anchor = path.lastIndex(where: \.isAnchored) ?? path.startIndex
        let selector = path[anchor...].map(\.step).joined(separator: " > ")
        return selector.isEmpty ? "body" : selector
    }

    static func step(_ name: String, _ position: Int) -> String {
        name == "html" || name == "body" ? name : "\(name):nth-of-type(\(position))"
    }

    /// Whether a selector can have the text without escapes.
    static func isIdentifier(_ text: String) -> Bool {
        text.first?.isLetter == true && text.count <= 200
            && text.allSatisfy { character in
                character.isASCII
                    && (character.isLetter || character.isNumber || "-_".contains(character))
            }
    }

    static let voidElements: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr",
    ]

    /// The elements that a start tag closes when they are innermost (HTML Standard, 13.1.2.4).
    static let impliedEnds: [String: Set<String>] = {
        var ends: [String: Set<String>] = [
            "li": ["li", "p"], "dt": ["dt", "dd", "p"], "dd": ["dt", "dd", "p"],
            "tr": ["tr", "td", "th", "p"], "td": ["td", "th", "p"], "th": ["td", "th", "p"],
            "option": ["option"], "body": ["head"],
        ]
        let blocks = [
            "address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset",
            "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main",
            "nav", "ol", "p", "pre", "section", "table", "ul",
        ]
        for block in blocks { ends[block] = ["p"] }
        return ends
    }()
}
