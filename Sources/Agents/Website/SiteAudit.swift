import AgentRuntime
import JSONRPC

/// Audits the accessibility of a page: the contrast of its text (``ContrastAudit``) and what people
/// need who do not see it (``StructureAudit``).
struct SiteAudit: TaskInput {
    var html: String

    init(payload: JSONValue) throws(InvalidPayload) {
        html = try PayloadFields(payload).string("html")
    }

    func result(context: any TaskContext) throws -> JSONValue {
        let audit = try ContrastAudit(html: html) { percent in
            context.reportProgress(
                percent,
                message: percent < 100 ? "styles read" : "text examined"
            )
        }
        let structure = try StructureAudit(html: html)
        let examined = audit.examined + structure.examined
        let failed = audit.failed + structure.failed
        return [
            "findings": .array(
                audit.findings.map(Self.finding) + structure.findings.map(Self.finding)
            ),
            // The language and the title are always examined.
            "score": .double(100 * Double(examined - failed) / Double(examined)),
            "checks": .integer(examined),
            "examined": .integer(audit.examined),
            "failed": .integer(audit.failed),
            "undetermined": .integer(audit.undetermined),
            "skippedSelectors": .integer(audit.skippedSelectors),
            "externalStyleSheets": .integer(audit.externalStyleSheets),
        ]
    }

    private static func finding(_ finding: StructureAudit.Finding) -> JSONValue {
        [
            "rule": .string(finding.rule.rawValue),
            "wcag": .string(finding.rule.criterion),
            "severity": .string(finding.rule.severity),
            "selector": .string(finding.selector),
            "message": .string(finding.rule.message),
            "ratio": nil,
            "required": nil,
        ]
    }

    private static func finding(_ finding: ContrastAudit.Finding) -> JSONValue {
        // Rounded down, so that 4.499 is not shown as enough.
        let shown = (finding.ratio * 100).rounded(.down) / 100
        return [
            "rule": "color-contrast",
            "wcag": "1.4.3",
            "severity": "serious",
            "selector": .string(finding.selector),
            "message": .string(
                "Text has a contrast of \(shown):1 where \(finding.required):1 is required"
            ),
            "ratio": .double(finding.ratio),
            "required": .double(finding.required),
        ]
    }
}

extension SiteAudit {
    static let task = TaskFunction(
        "site.audit",
        summary: """
            Finds text with too little contrast, by inline styles and simple style rules, and \
            missing languages, titles, labels and names (WCAG 2.2).
            """,
        definition: """
            WCAG 2.2: `color-contrast` (1.4.3) from inline styles and simple rules of `style` \
            elements; `html-has-lang` (3.1.1), `document-title` (2.4.2), `image-alt` (1.1.1), \
            `label` and `button-name` (4.1.2), `link-name` (2.4.4), `meta-viewport` (1.4.4)
            """,
        payload: Schema.object(["html": Schema.string(0...262_144)]),
        result: Schema.object([
            "findings": Schema.array(
                Schema.object([
                    "rule": Schema.choice(
                        ["color-contrast"] + StructureAudit.Rule.allCases.map(\.rawValue)
                    ),
                    "wcag": Schema.string(),
                    "severity": Schema.choice(["critical", "serious", "moderate"]),
                    "selector": Schema.string(description: "CSS selector of the element"),
                    "message": Schema.string(),
                    "ratio": Schema.nullable(Schema.number(1...21, description: "Of contrast")),
                    "required": Schema.nullable(Schema.number()),
                ]),
                0...2 * ContrastAudit.findingLimit
            ),
            "score": Schema.number(0...100, description: "Share of the checks that pass"),
            "checks": Schema.integer(description: "Of contrast and of structure"),
            "examined": Schema.integer(description: "Elements with text of known contrast"),
            "failed": Schema.integer(description: "Of these; also beyond the listed findings"),
            "undetermined": Schema.integer(description: "Text over images or gradients"),
            "skippedSelectors": Schema.integer(
                description: "Selectors and at-rules that are not understood and not applied"
            ),
            "externalStyleSheets": Schema.integer(description: "Linked and not read"),
        ]),
        example: [
            "html": "<body><h1>Hello</h1><p style=\"color:#999\">Hard to read</p></body>"
        ],
        perform: { (input: SiteAudit, context) in try input.result(context: context) }
    )
}
