import AgentRuntime
import JSONRPC

/// Audits the accessibility of a page: the contrast of its text (``ContrastAudit``).
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
        return [
            "findings": .array(audit.findings.map(Self.finding)),
            "score": .double(audit.score),
            "examined": .integer(audit.examined),
            "failed": .integer(audit.failed),
            "undetermined": .integer(audit.undetermined),
            "skippedSelectors": .integer(audit.skippedSelectors),
            "externalStyleSheets": .integer(audit.externalStyleSheets),
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
            Finds text with too little contrast (WCAG 2.2, 1.4.3) by the inline styles and simple \
            style rules of a page.
            """,
        payload: Schema.object(["html": Schema.string(0...262_144)]),
        result: Schema.object([
            "findings": Schema.array(
                Schema.object([
                    "rule": Schema.choice(["color-contrast"]),
                    "wcag": Schema.string(),
                    "severity": Schema.choice(["serious"]),
                    "selector": Schema.string(description: "CSS selector of the element"),
                    "message": Schema.string(),
                    "ratio": Schema.number(1...21),
                    "required": Schema.number(),
                ]),
                0...ContrastAudit.findingLimit
            ),
            "score": Schema.number(0...100, description: "Share of the examined that pass"),
            "examined": Schema.integer(description: "Elements with text of known contrast"),
            "failed": Schema.integer(description: "Also those beyond the listed findings"),
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
