package import Analytics

/// What can be asked about what has happened, in figures.
package enum AnalyticsCommand: Equatable, Sendable {
    /// Answers figures of all agents that the caller sees, or of one, by task type.
    case agents(WindowSpan, agentID: String?, hasBuckets: Bool)
    /// Answers figures of all tasks that the caller sees, and to who sees the hub those of the hub.
    case system(WindowSpan)
    /// Makes a report, keeps it and answers it.
    case generateReport(ReportRequest)
    /// Answers a report that was kept.
    case getReport(id: String)
    /// Answers the reports that the caller sees, the newest first, without their contents.
    case listReports

    package var method: String {
        switch self {
        case .agents: "analytics.agents"
        case .system: "analytics.system"
        case .generateReport: "reports.generate"
        case .getReport: "reports.get"
        case .listReports: "reports.list"
        }
    }

    var changesState: Bool {
        if case .generateReport = self { true } else { false }
    }
}

package struct ReportRequest: Equatable, Sendable {
    package var kind: ReportKind
    package var span: WindowSpan
    package var format: ReportFormat

    package init(kind: ReportKind, span: WindowSpan, format: ReportFormat) {
        self.kind = kind
        self.span = span
        self.format = format
    }
}

/// What a report is about.
package enum ReportKind: String, CaseIterable, Sendable {
    case agentPerformance = "agent-performance"
    case taskThroughput = "task-throughput"
    /// For administrators.
    case auditSummary = "audit-summary"
}

package enum ReportFormat: String, CaseIterable, Sendable {
    case json, csv, html
}
