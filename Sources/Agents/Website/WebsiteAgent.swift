package import AgentRuntime

/// Website Builder: evaluates experiments and audits pages.
package struct WebsiteAgent: FunctionAgent {
    static let functions = [ABTest.task, SampleSize.task, SiteAudit.task]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "website",
            name: "Website Builder",
            type: "website",
            capabilities: [
                "A/B tests: significance, intervals, sample sizes",
                "Accessibility: WCAG 2.2 contrast of text",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
