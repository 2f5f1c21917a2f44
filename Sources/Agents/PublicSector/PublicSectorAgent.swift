package import AgentRuntime

/// Public Sector: registry numbers, deadlines, tenders, elections and plain language.
package struct PublicSectorAgent: FunctionAgent {
    static let functions = [
        RegistryNumber.abnTask, RegistryNumber.acnTask, RegistryNumber.tfnTask, Deadline.task,
        TenderEvaluation.task, VoteCount.task, PlainLanguage.task,
    ]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "publicsector",
            name: "Public Sector",
            type: "publicsector",
            capabilities: [
                "Australian business, company and tax file numbers",
                "Deadlines in business days with public holidays",
                "Weighted evaluation of tenders",
                "Elections by STV, instant runoff and D'Hondt",
                "Plain language",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
