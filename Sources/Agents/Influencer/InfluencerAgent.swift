package import AgentRuntime

/// Influencer Intelligence: rates creators, looks for what is bought, and spends a budget.
package struct InfluencerAgent: FunctionAgent {
    static let functions = [
        CreatorScore.task, CreatorAudit.task, NetworkRank.task, CampaignAllocation.task,
    ]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "influencer",
            name: "Influencer Intelligence",
            type: "influencer",
            capabilities: [
                "Engagement rates and tiers",
                "Audits of followers and engagement, with Benford's law",
                "Influence in networks by PageRank",
                "Campaign budgets by the exact knapsack",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
