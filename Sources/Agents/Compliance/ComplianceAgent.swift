package import AgentRuntime
package import JSONRPC

/// Compliance & Security: what must not leak, how private data are, how bad a weakness is, and
/// whether the hub's own audit is whole.
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
                "Proof that nothing of the hub's audit was changed or removed",
            ],
            taskTypes: Self.functions.map(\.type) + [AuditVerify.type]
        )
    }

    package func run(
        _ task: TaskAttempt,
        context: any TaskContext
    ) async throws -> JSONValue {
        if task.type == AuditVerify.type.name {
            return try await AuditVerify(payload: task.payload)(context: context)
        }
        return try await runFunction(of: task, context: context)
    }
}
