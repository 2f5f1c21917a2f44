package import AgentRuntime

/// The agents that come with the hub.
package enum BuiltInAgents {
    /// One of each, in the order in which clients list them.
    package static let all: [any Agent] = [ContentAgent(), StrategyAgent(), WebsiteAgent()]

    /// Makes an agent from its type, such as `content`; `nil` when there is none of that type.
    package static func makeAgent(type: String) -> (any Agent)? {
        switch type {
        case "content": ContentAgent()
        case "strategy": StrategyAgent()
        case "website": WebsiteAgent()
        default: nil
        }
    }
}
