package import AgentRuntime

/// Sales Manager: scores leads and forecasts the pipeline.
package struct SalesAgent: FunctionAgent {
    static let functions = [LeadScore.task, PipelineForecast.task, PipelineVelocity.task]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "sales",
            name: "Sales Manager",
            type: "sales",
            capabilities: [
                "Lead scores with their reasons",
                "Pipeline forecasts by simulation",
                "Pipeline velocity",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
