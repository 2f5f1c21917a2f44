package import AgentRuntime

/// Competitive Intelligence: how concentrated a market is and where one stands in it.
package struct CompetitiveAgent: FunctionAgent {
    static let functions = [
        MarketConcentration.task, CompetitorComparison.task, FeatureGap.task, PriceIndex.task,
    ]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "competitive",
            name: "Competitive Intelligence",
            type: "competitive",
            capabilities: [
                "Market concentration: HHI and CR4",
                "Similarity of what competitors write by TF-IDF",
                "Gaps in features and the position of prices",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
