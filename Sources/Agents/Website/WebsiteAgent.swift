package import AgentRuntime

/// Website Builder: builds sites, audits pages and evaluates experiments.
package struct WebsiteAgent: FunctionAgent {
    static let functions = [SiteBuild.task, SiteAudit.task, ABTest.task, SampleSize.task]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "website",
            name: "Website Builder",
            type: "website",
            capabilities: [
                "Websites from Markdown: valid, accessible, with sitemap and feed",
                "A/B tests: significance, intervals, sample sizes",
                "Accessibility: WCAG 2.2 contrast of text",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
