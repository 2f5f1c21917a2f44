package import AgentRuntime

/// Compliance & Security: what must not leak, how private data are, how bad a weakness is.
package struct ComplianceAgent: FunctionAgent {
    static let functions = [
        SecretScan.task, PersonalDataScan.task, Anonymity.task, VulnerabilityScore.task,
    ]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "compliance",
            name: "Compliance & Security",
            type: "compliance",
            capabilities: [
                "Secrets and personal data in texts, and texts without them",
                "k-anonymity and l-diversity",
                "CVSS 3.1 and 4.0",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
