package import AgentRuntime

/// Content Creator: measures how a text reads and what it is about.
package struct ContentAgent: FunctionAgent {
    static let functions = [Readability.task, Keywords.task]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "content",
            name: "Content Creator",
            type: "content",
            capabilities: [
                "Readability: Flesch, Flesch–Kincaid, ARI, Coleman–Liau",
                "Keyword extraction by RAKE",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
