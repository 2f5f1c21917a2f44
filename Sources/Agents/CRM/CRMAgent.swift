package import AgentRuntime

/// CRM & Help Desk: triages tickets, searches what is known, and keeps contacts in order.
package struct CRMAgent: FunctionAgent {
    static let functions = [
        TicketTriage.task, KnowledgeSearch.task, CustomerSegments.task, ContactDeduplication.task,
    ]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "crm",
            name: "CRM & Help Desk",
            type: "crm",
            capabilities: [
                "Ticket priorities by ITIL, with due times in business hours",
                "Knowledge base search by Okapi BM25",
                "Customer segments by recency, frequency and monetary value",
                "Duplicate contacts by Jaro–Winkler",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
