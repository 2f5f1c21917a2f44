package import AgentRuntime

/// Content Creator: drafts texts, and measures how they read and are found.
package struct ContentAgent: FunctionAgent {
    static let functions = [
        Readability.task, Keywords.task, ContentGeneration.task, SearchAudit.task,
    ]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "content",
            name: "Content Creator",
            type: "content",
            capabilities: [
                "Readability: Flesch, Flesch–Kincaid, ARI, Coleman–Liau",
                "Keyword extraction by RAKE",
                "Drafts of posts, articles, e-mails and ads",
                "Search engine audits of pages",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
