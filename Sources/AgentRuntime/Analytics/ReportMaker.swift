import Analytics
import Identity
import JSONRPC

/// Makes reports of what has happened, as JSON and as documents.
struct ReportMaker {
    /// Rows of a table beyond it become one row, so that a report stays within some 300 KiB.
    static let maximumRows = 200
    /// Bars of a chart that ranks things.
    static let maximumBars = 15

    let visible: VisibleActivity
    let audit: AuditChain
    let users: [String: UserRecord]
    let madeAt: Timestamp
    let madeBy: String

    var window: Window { visible.window }

    func document(of kind: ReportKind) -> ReportDocument {
        switch kind {
        case .agentPerformance: agentPerformance()
        case .taskThroughput: taskThroughput()
        case .auditSummary: auditSummary()
        }
    }

    func json(of kind: ReportKind) -> [UInt8] {
        var writer = JSONWriter(capacity: 32 << 10)
        writer.beginObject()
        window.writeMembers(to: &writer)
        switch kind {
        case .agentPerformance:
            visible.writeAgents(hasBuckets: false, to: &writer)
        case .taskThroughput:
            writer.name("tasks")
            writer.beginObject()
            visible.total.writeMembers(to: &writer)
            writer.endObject()
            visible.writeBuckets(to: &writer)
        case .auditSummary:
            writeAudit(to: &writer)
        }
        writer.endObject()
        return writer.takeBytes()
    }

    /// What each report says of itself.
    var facts: [(name: String, value: String)] {
        var facts = [
            ("Timeframe", "the last \(window.span.words)"),
            ("From", Self.moment(window.start)), ("To", Self.moment(window.end)),
        ]
        if !madeBy.isEmpty { facts.append(("Made for", name(ofUser: madeBy))) }
        if case .only(let agents) = visible.rules.agents {
            facts.append(
                ("Agents", agents.isEmpty ? "none" : agents.sorted().joined(separator: ", "))
            )
        }
        return facts
    }

    func name(ofUser id: String) -> String {
        guard let user = users[id] else { return id.isEmpty ? "(not signed in)" : id }
        return user.name.isEmpty ? user.email.text : "\(user.name) (\(user.email.text))"
    }

    /// As in `2026-01-31 23:59 UTC`.
    static func moment(_ milliseconds: Int64) -> String {
        let text = Timestamp(millisecondsSince1970: milliseconds).description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }

    /// The beginning of a bucket beneath a chart: `23:30`, or `01-31 18:00` in windows of days.
    func label(_ milliseconds: Int64) -> String {
        let text = Timestamp(millisecondsSince1970: milliseconds).description
        let time = text.dropFirst(11).prefix(5)
        return window.span == .hour ? String(time) : "\(text.dropFirst(5).prefix(5)) \(time)"
    }

    static let percentileNote =
        "Percentiles are at most 6.25 % off (exact below 16 ms); all other figures are exact."

    var windowNote: String {
        let minutes = window.span.resolutionMs / 60_000
        let length =
            minutes >= 60
            ? "\(minutes / 60) hours" : minutes == 1 ? "1 minute" : "\(minutes) minutes"
        return
            "Counted in pieces of \(length), by when things happened; the last piece is not over yet."
    }
}
