package import AgentRuntime

/// Strategy Generator: ranks what to do and decides between alternatives.
package struct StrategyAgent: FunctionAgent {
    static let functions = [
        Prioritization.task, Decision.task, TOWSMatrix.task, GrowthShareMatrix.task,
    ]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "strategy",
            name: "Strategy Generator",
            type: "strategy",
            capabilities: [
                "Prioritisation by RICE and ICE",
                "Decisions between alternatives by TOPSIS and AHP",
                "Situation and portfolio: TOWS pairs, growth-share matrix",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
