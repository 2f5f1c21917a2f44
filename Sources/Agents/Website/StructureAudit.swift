/// Examines what a page gives to people who do not see it.
///
/// By success criteria of WCAG 2.2 that a program can decide, under the names that axe-core has for
/// such rules: the language of the page (3.1.1), its title (2.4.2), text for images (1.1.1),
/// labels of form controls (4.1.2), names of links (2.4.4) and buttons (4.1.2), and that text can
/// be enlarged (1.4.4). What is `hidden` or `aria-hidden` is not examined. The cost is linear in
/// the page.
struct StructureAudit {
    enum Rule: String, CaseIterable {
        case language = "html-has-lang"
        case title = "document-title"
        case image = "image-alt"
        case label
        case link = "link-name"
        case button = "button-name"
        case viewport = "meta-viewport"

        var criterion: String {
            switch self {
            case .language: "3.1.1"
            case .title: "2.4.2"
            case .image: "1.1.1"
            case .label, .button: "4.1.2"
            case .link: "2.4.4"
            case .viewport: "1.4.4"
            }
        }

        var severity: String {
            switch self {
            case .image, .label, .button: "critical"
            case .language, .title, .link: "serious"
            case .viewport: "moderate"
            }
        }

        var message: String {
            switch self {
            case .language: "The element html has no lang"
            case .title: "The page has no title"
            case .image: "The image has no alt text; alt=\"\" marks decoration"
            case .label: "The form control has no label"
            case .link: "The link has no text"
            case .button: "The button has no text"
            case .viewport: "The viewport keeps people from enlarging the page"
            }
        }
    }

    struct Finding: Equatable {
        var rule: Rule
        var selector: String
    }

    /// The first ``ContrastAudit/findingLimit`` failures.
    private(set) var findings: [Finding] = []
    private(set) var examined = 0
    private(set) var failed = 0

    /// A link or button whose text is still to come.
    private struct Unnamed {
        var rule: Rule
        var selector: String
        var depth: Int
        var isNamed: Bool
    }

    private var path = ElementPath()
    private var unnamed: [Unnamed] = []
    /// Controls that a label elsewhere may name, by id.
    private var controls: [(id: String?, selector: String)] = []
    private var labelled: Set<String> = []
    private var labelDepth: Int?
    private var hasLanguage = false
    private var hasTitle = false

    /// - Throws: `CancellationError`.
    init(html: String) throws {
        var tokenizer = HTMLTokenizer(html)
        var tokens = 0
        var isTitle = false
        while let token = tokenizer.next() {
            tokens += 1
            if tokens.isMultiple(of: 256) { try Task.checkCancellation() }
            switch token {
            case .startTag(let name, let attributes):
                start(name, attributes)
                isTitle = name == "title"
            case .endTag(let name):
                path.end(name)
                close()
            case .text(let range): if tokenizer.isVisible(range), !path.isHidden { name() }
            case .rawText(let range): if isTitle, tokenizer.isVisible(range) { hasTitle = true }
            }
        }
        finish()
    }

    private mutating func judge(_ rule: Rule, _ selector: String, passes: Bool) {
        examined += 1
        guard !passes else { return }
        failed += 1
        if findings.count < ContrastAudit.findingLimit {
            findings.append(Finding(rule: rule, selector: selector))
        }
    }

    private mutating func start(_ name: String, _ attributes: [String: String]) {
        let (selector, isHidden) = path.start(name, attributes)
        close()
        if name == "html", Self.isText(attributes["lang"]) { hasLanguage = true }
        if name == "label", let target = attributes["for"] { labelled.insert(target) }
        if name == "label", labelDepth == nil { labelDepth = path.depth }
        if name == "meta", attributes["name"]?.lowercased() == "viewport" {
            judge(.viewport, selector, passes: Self.canZoom(attributes["content"] ?? ""))
        }
        guard !isHidden else { return }
        let isNamed = ["aria-label", "aria-labelledby", "title"].contains {
            Self.isText(attributes[$0])
        }
        if isNamed { self.name() }
        switch name {
        case "img":
            let isDecoration = ["none", "presentation"].contains(attributes["role"] ?? "")
            judge(.image, selector, passes: attributes["alt"] != nil || isDecoration || isNamed)
            if Self.isText(attributes["alt"]) { self.name() }
        case "a" where attributes["href"] != nil:
            unnamed.append(
                Unnamed(rule: .link, selector: selector, depth: path.depth, isNamed: isNamed)
            )
        case "button":
            unnamed.append(
                Unnamed(rule: .button, selector: selector, depth: path.depth, isNamed: isNamed)
            )
        case "input": startInput(attributes, selector, isNamed: isNamed)
        case "select", "textarea":
            startControl(attributes["id"], selector, isNamed: isNamed)
        default: break
        }
    }

    private mutating func startInput(
        _ attributes: [String: String],
        _ selector: String,
        isNamed: Bool
    ) {
        switch attributes["type"]?.lowercased() ?? "text" {
        // Browsers name these themselves.
        case "hidden", "submit", "reset": break
        case "button":
            judge(.button, selector, passes: isNamed || Self.isText(attributes["value"]))
        case "image": judge(.image, selector, passes: isNamed || Self.isText(attributes["alt"]))
        default: startControl(attributes["id"], selector, isNamed: isNamed)
        }
    }

    private mutating func startControl(_ id: String?, _ selector: String, isNamed: Bool) {
        if isNamed || labelDepth != nil {
            judge(.label, selector, passes: true)
        } else {
            controls.append((id, selector))
        }
    }

    /// There is something to read inside of all that is open.
    ///
    /// What is around a named one has been named with it.
    private mutating func name() {
        for index in unnamed.indices.reversed() {
            guard !unnamed[index].isNamed else { return }
            unnamed[index].isNamed = true
        }
    }

    /// Judges links and buttons that have ended.
    private mutating func close() {
        if let depth = labelDepth, path.depth < depth { labelDepth = nil }
        while let last = unnamed.last, path.depth < last.depth {
            unnamed.removeLast()
            judge(last.rule, last.selector, passes: last.isNamed)
        }
    }

    private mutating func finish() {
        for one in unnamed.reversed() { judge(one.rule, one.selector, passes: one.isNamed) }
        for control in controls {
            judge(.label, control.selector, passes: control.id.map(labelled.contains) ?? false)
        }
        judge(.language, "html", passes: hasLanguage)
        judge(.title, "title", passes: hasTitle)
    }

    private static func isText(_ value: String?) -> Bool {
        value?.unicodeScalars.contains { !$0.properties.isWhitespace } ?? false
    }

    /// Whether a viewport can be enlarged to twice its size.
    private static func canZoom(_ content: String) -> Bool {
        for part in content.lowercased().split(whereSeparator: { $0 == "," || $0 == ";" }) {
            let pair = part.split(separator: "=", maxSplits: 1).map { String($0).trimmingSpaces }
            guard pair.count == 2 else { continue }
            if pair[0] == "user-scalable", ["no", "0"].contains(pair[1]) { return false }
            if pair[0] == "maximum-scale", let scale = Double(pair[1]), scale < 2 { return false }
        }
        return true
    }
}
