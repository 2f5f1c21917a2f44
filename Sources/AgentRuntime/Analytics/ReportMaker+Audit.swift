import Analytics
import JSONRPC

extension ReportMaker {
    /// How often something was allowed and denied.
    private struct AccessRow {
        var name: String
        var figures: AccessFigures
    }

    /// The most frequent first, and what is left in one row.
    private func rows(_ table: SeriesTable<String, AccessFigures>) -> [AccessRow] {
        var rows = table.series.map { AccessRow(name: $0.key, figures: $0.value.total(in: window)) }
            .filter { $0.figures != AccessFigures() }
        rows.sort { one, other in
            (other.figures.total, one.name) < (one.figures.total, other.name)
        }
        var rest = table.others.total(in: window)
        for row in rows.dropFirst(Self.maximumRows) { rest.merge(row.figures) }
        rows = Array(rows.prefix(Self.maximumRows))
        if rest != AccessFigures() { rows.append(AccessRow(name: "(others)", figures: rest)) }
        return rows
    }

    func auditSummary() -> ReportDocument {
        let methods = rows(visible.activity.methods)
        let users = rows(visible.activity.users)
        let columns: [ReportTable.Column] = [
            .init("Allowed", "allowed"), .init("Denied", "denied"),
            .init("Denied share", "deniedShare"),
        ]
        func cells(_ figures: AccessFigures) -> [ReportCell] {
            [.count(figures.allowed), .count(figures.denied), .share(figures.deniedShare)]
        }
        let kinds: [(String, AccessRow)] =
            methods.map { ("method", $0) }
            + users.map { ("user", AccessRow(name: name(of: $0), figures: $0.figures)) }
        let data = ReportTable(
            title: "Methods and users",
            columns: [.init("By", "by", isText: true), .init("Name", "name", isText: true)]
                + columns,
            rows: kinds.map { [.text($0.0), .text($0.1.name)] + cells($0.1.figures) }
        )
        var document = ReportDocument(title: "Audit summary", facts: facts, data: data)
        let total = visible.activity.hub.total(in: window)
        document.headlines = [
            .init("Commands", .count(total.commands), "accepted, and in the audit"),
            .init("Attempts denied", .count(total.denied), "for want of a right"),
            .init(
                "Active users",
                .count(UInt64(users.count { isActiveUser($0) })),
                "gave a command"
            ),
            .init("Sign-ins", .count(total.signIns)),
            .init("Starts of the hub", .count(total.starts), "\(total.outages.grouped) outages"),
        ]
        document.charts = [timeline(total), ranking(methods)]
        document.notes = [
            windowNote,
            "The audit is a chain of \(audit.head.number.grouped) entries; the SHA-256 of the newest "
                + "is \(audit.head.digest). Note it, and audit.verify with it as known proves later "
                + "that nothing before was changed.",
            "Commands that changed nothing, such as those that only read, leave no entry.",
        ]
        return document
    }

    private func name(of row: AccessRow) -> String {
        row.name == "(others)" ? row.name : name(ofUser: row.name)
    }

    private func isActiveUser(_ row: AccessRow) -> Bool {
        !row.name.isEmpty && row.name != "(others)" && row.figures.allowed > 0
    }

    private func timeline(_ total: HubFigures) -> ReportChart {
        let starts = window.bucketStarts
        var allowed = starts.map { _ in 0.0 }
        var denied = allowed
        for bucket in visible.activity.hub.ring(of: window.span).buckets(in: window) {
            let place = Int((bucket.start &- window.start) / window.span.resolutionMs)
            guard allowed.indices.contains(place) else { continue }
            allowed[place] = Double(bucket.figures.commands)
            denied[place] = Double(bucket.figures.denied)
        }
        return ReportChart(
            title: "Commands over time",
            summary: "Commands by time: \(total.commands.grouped) were accepted and "
                + "\(total.denied.grouped) attempts denied.",
            shape: .timeline,
            labels: starts.map(label),
            series: [.init("Accepted", .plain, allowed), .init("Denied", .bad, denied)]
        )
    }

    private func ranking(_ methods: [AccessRow]) -> ReportChart {
        let shown = methods.prefix(Self.maximumBars)
        let most = shown.first.map { " The most frequent is \($0.name)." } ?? ""
        return ReportChart(
            title: "Commands by method",
            summary: "Accepted commands and denied attempts, by method.\(most)",
            shape: .ranking,
            labels: shown.map(\.name),
            series: [
                .init("Accepted", .plain, shown.map { Double($0.figures.allowed) }),
                .init("Denied", .bad, shown.map { Double($0.figures.denied) }),
            ]
        )
    }

    func writeAudit(to writer: inout JSONWriter) {
        let total = visible.activity.hub.total(in: window)
        writer.name("hub")
        writer.beginObject()
        total.writeMembers(to: &writer)
        writer.endObject()
        writer.name("methods")
        write(rows(visible.activity.methods), as: "method", to: &writer)
        writer.name("users")
        write(rows(visible.activity.users), as: "user", to: &writer)
        writer.name("head")
        audit.head.write(to: &writer)
    }

    private func write(_ rows: [AccessRow], as name: String, to writer: inout JSONWriter) {
        writer.beginArray()
        for row in rows {
            writer.beginObject()
            writer.member(name, row.name)
            writer.member("allowed", row.figures.allowed)
            writer.member("denied", row.figures.denied)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension AccessFigures {
    fileprivate var total: UInt64 { allowed &+ denied }

    fileprivate var deniedShare: Double? {
        total == 0 ? nil : Double(denied) / Double(total)
    }
}
