package import AgentRuntime

/// Sentiment Intelligence: reads moods, their trends, and when they turn.
package struct SentimentAgent: FunctionAgent {
    static let functions = [SentimentAnalysis.task, SentimentTrend.task, CrisisDetection.task]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "sentiment",
            name: "Sentiment Intelligence",
            type: "sentiment",
            capabilities: [
                "Sentiment of English texts by VADER",
                "Trends and change points",
                "Alerts when scores fall",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
