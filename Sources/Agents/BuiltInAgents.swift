package import AgentRuntime

/// The agents that come with the hub.
package enum BuiltInAgents {
    /// One of each, in the order in which clients list them.
    package static var all: [any Agent] { functionAgents }

    /// Makes an agent from its type, such as `content`; `nil` when there is none of that type.
    package static func makeAgent(type: String) -> (any Agent)? {
        all.first { $0.description.type == type }
    }

    static let functionAgents: [any FunctionAgent] = [
        ContentAgent(),
        SalesAgent(),
        CRMAgent(),
        InfluencerAgent(),
        SentimentAgent(),
        RevenueAgent(),
        CompetitiveAgent(),
        StrategyAgent(),
        WebsiteAgent(),
        EventsAgent(),
        ComplianceAgent(),
        PublicSectorAgent(),
    ]

    /// The functions of all task types, in the order of the agents.
    static var functions: [TaskFunction] {
        functionAgents.flatMap { type(of: $0).functions }
    }
}
