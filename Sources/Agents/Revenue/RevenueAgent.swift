package import AgentRuntime

/// Revenue Intelligence: forecasts revenue and explains how it moves.
package struct RevenueAgent: FunctionAgent {
    static let functions = [
        RevenueForecast.task, RecurringRevenueBridge.task, CohortRetention.task,
        AnomalyDetection.task,
    ]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "revenue",
            name: "Revenue Intelligence",
            type: "revenue",
            capabilities: [
                "Forecasts by Holt–Winters exponential smoothing",
                "Bridges of monthly recurring revenue",
                "Retention by Kaplan–Meier",
                "Anomalies by the median absolute deviation",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
