import Analytics

extension ReportMaker {
    private static let successNote =
        "Success is the share of completed among completed, failed and dead tasks. A task is dead "
        + "when all of its attempts failed, and failed when another attempt would not have helped."
    private static let durationNote =
        "Duration is that of attempts that completed; queue wait is from the moment an attempt "
        + "could begin until it did."

    // MARK: agent-performance

    func agentPerformance() -> ReportDocument {
        let (shown, rest) = shortened(
            visible.agents.flatMap(\.types).sorted { $0.figures.created > $1.figures.created }
        )
        var rows = shown.sorted { $0.series < $1.series }
            .map { [.text($0.series.agent), .text($0.series.type)] + Self.cells($0.figures) }
        if let rest {
            rows.append([.text("(others)"), .text("(others)")] + Self.cells(rest))
        }
        let table = ReportTable(
            title: "Task types",
            columns: [
                .init("Agent", "agent", isText: true), .init("Task type", "type", isText: true),
            ] + Self.columns,
            rows: rows
        )
        var document = ReportDocument(title: "Agent performance", facts: facts, data: table)
        document.headlines = headlines(visible.total)
        document.charts = [outcomeRanking(), durationRanking()]
        document.tables = [agentTable()]
        document.notes = [
            windowNote, Self.successNote, Self.durationNote, Self.percentileNote,
        ]
        return document
    }

    private func agentTable() -> ReportTable {
        let busy = visible.agents.filter { $0.figures != TaskFigures() }
        var rows = busy.prefix(Self.maximumRows).map { [.text($0.id)] + Self.cells($0.figures) }
        if !rows.isEmpty { rows.append([.text("All")] + Self.cells(visible.total)) }
        let idle = visible.agents.filter { $0.figures == TaskFigures() }.map(\.id)
        var table = ReportTable(
            title: idle.isEmpty || rows.isEmpty
                ? "Agents" : "Agents (without any task: \(Self.list(idle)))",
            columns: [.init("Agent", "agent", isText: true)] + Self.columns,
            rows: rows
        )
        table.hasTotal = true
        return table
    }

    private func outcomeRanking() -> ReportChart {
        let agents = visible.agents.filter { $0.figures.ended > 0 }
            .sorted { $0.figures.ended > $1.figures.ended }.prefix(Self.maximumBars)
        let (first, best) = (agents.first, agents.max { $0.figures.bad < $1.figures.bad })
        var summary = "Tasks that came to an end, by agent and by how they ended."
        if let first {
            summary +=
                " Most are of \(first.id): \(first.figures.ended.grouped)."
        }
        if let best, best.figures.bad > 0 {
            summary += " Most that failed or died are of \(best.id): \(best.figures.bad.grouped)."
        }
        return ReportChart(
            title: "Tasks ended by agent",
            summary: summary,
            shape: .ranking,
            labels: agents.map(\.id),
            series: Self.outcomes(agents.map(\.figures))
        )
    }

    private func durationRanking() -> ReportChart {
        let rows = visible.agents.flatMap(\.types)
            .compactMap { row in
                row.figures.durations.percentile(0.9).map { (row.series.type, Double($0)) }
            }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(Self.maximumBars)
        var summary = "How long nine of ten completed attempts took at most, by task type."
        if let first = rows.first {
            let longest = ReportCell.milliseconds(first.1).readable
            summary += " The longest is \(first.0) with \(longest)."
        }
        return ReportChart(
            title: "Duration by task type",
            summary: summary,
            shape: .ranking,
            labels: rows.map(\.0),
            series: [.init("90 % took at most", .plain, rows.map(\.1))],
            unit: .milliseconds
        )
    }

    // MARK: task-throughput

    func taskThroughput() -> ReportDocument {
        let buckets = visible.buckets()
        var table = ReportTable(
            title: "Tasks by time, when there were any",
            columns: [.init("From (UTC)", "from", isText: true)] + Self.columns,
            rows: buckets.map { bucket in
                let from = Timestamp(millisecondsSince1970: bucket.start).description
                return [.moment(from)] + Self.cells(bucket.figures)
            }
        )
        table.isSparse = true
        var document = ReportDocument(title: "Task throughput", facts: facts, data: table)
        let total = visible.total
        document.headlines = headlines(total)
        let labels = buckets.map { label($0.start) }
        let peak = buckets.max { $0.figures.created < $1.figures.created }
        var summary = "Tasks that were created, by time."
        if let peak, peak.figures.created > 0 {
            summary +=
                " The most in one piece of time are \(peak.figures.created.grouped), from "
                + "\(Self.moment(peak.start))."
        }
        document.charts = [
            ReportChart(
                title: "Tasks created",
                summary: summary,
                shape: .timeline,
                labels: labels,
                series: [.init("Created", .plain, buckets.map { Double($0.figures.created) })]
            ),
            ReportChart(
                title: "Tasks ended",
                summary: "Tasks that came to an end, by time and by how they ended: "
                    + "\(total.completed.grouped) completed, \(total.bad.grouped) failed or died, "
                    + "\(total.withdrawn.grouped) were cancelled.",
                shape: .timeline,
                labels: labels,
                series: Self.outcomes(buckets.map(\.figures))
            ),
        ]
        document.notes = [
            windowNote, Self.successNote, Self.durationNote, Self.percentileNote,
        ]
        return document
    }

    // MARK: parts

    private func headlines(_ total: TaskFigures) -> [ReportDocument.Headline] {
        [
            .init("Tasks created", .count(total.created), Self.rate(total.created, window)),
            .init("Completed", .count(total.completed), "of \(total.ended.grouped) that ended"),
            .init(
                "Success",
                .share(total.successRate),
                "\(total.bad.grouped) failed or died"
            ),
            .init(
                "Median duration",
                .milliseconds(total.durations.percentile(0.5).map(Double.init)),
                total.durations.percentile(0.99).map {
                    "99 % took at most \(ReportCell.milliseconds(Double($0)).readable)"
                } ?? ""
            ),
            .init(
                "Median queue wait",
                .milliseconds(total.waits.percentile(0.5).map(Double.init)),
                total.waits.percentile(0.99).map {
                    "99 % waited at most \(ReportCell.milliseconds(Double($0)).readable)"
                } ?? ""
            ),
        ]
    }

    private static func rate(_ count: UInt64, _ window: Window) -> String {
        let (unit, name) = window.span == .hour ? (60_000.0, "a minute") : (3_600_000, "an hour")
        let rate = Double(count) / max(1, Double(window.end &- window.start) / unit)
        return "\(rate < 10 ? rate.fixed(1) : UInt64(rate).grouped) \(name)"
    }

    private static func list(_ names: [String]) -> String {
        names.count <= 12
            ? names.joined(separator: ", ")
            : "\(names.prefix(11).joined(separator: ", ")) and \(names.count - 11) more"
    }

    private static func outcomes(_ figures: [TaskFigures]) -> [ReportChart.Series] {
        [
            .init("Completed", .good, figures.map { Double($0.completed) }),
            .init("Failed or dead", .bad, figures.map { Double($0.bad) }),
            .init("Cancelled", .other, figures.map { Double($0.withdrawn) }),
        ]
    }

    private func shortened(
        _ rows: [VisibleActivity.TypeRow]
    ) -> (shown: ArraySlice<VisibleActivity.TypeRow>, rest: TaskFigures?) {
        var rest = visible.others
        for row in rows.dropFirst(Self.maximumRows) {
            if rest == nil { rest = TaskFigures() }
            rest?.merge(row.figures)
        }
        return (rows.prefix(Self.maximumRows), rest)
    }

    private static let columns: [ReportTable.Column] = [
        .init("Created", "created"), .init("Completed", "completed"), .init("Failed", "failed"),
        .init("Dead", "dead"), .init("Cancelled", "cancelled"),
        .init("Abandoned", "abandoned", for: .everyoneIfAny), .init("Retries", "retries"),
        .init("Success", "successRate"), .init("Mean duration", "durationMeanMs", for: .programs),
        .init("Median duration", "durationP50Ms"), .init("90 %", "durationP90Ms"),
        .init("99 %", "durationP99Ms"), .init("Longest", "durationMaximumMs", for: .programs),
        .init("Median wait", "queueWaitP50Ms"),
        .init("99 % wait", "queueWaitP99Ms", for: .programs),
        .init("Payloads", "payloadBytes", for: .programs),
        .init("Results", "resultBytes", for: .programs),
    ]

    private static func cells(_ figures: TaskFigures) -> [ReportCell] {
        func percentile(_ sketch: DurationSketch, _ share: Double) -> ReportCell {
            .milliseconds(sketch.percentile(share).map(Double.init))
        }
        let durations = figures.durations
        return [
            .count(figures.created), .count(figures.completed), .count(figures.failed),
            .count(figures.dead), .count(figures.cancelled), .count(figures.abandoned),
            .count(figures.retries), .share(figures.successRate), .milliseconds(durations.mean),
            percentile(durations, 0.5), percentile(durations, 0.9), percentile(durations, 0.99),
            .milliseconds(durations.count == 0 ? nil : Double(durations.maximum)),
            percentile(figures.waits, 0.5), percentile(figures.waits, 0.99),
            .bytes(figures.payloadBytes), .bytes(figures.resultBytes),
        ]
    }
}

extension TaskFigures {
    /// Tasks that ended as nobody wanted.
    fileprivate var bad: UInt64 { failed &+ dead }
    /// Tasks that somebody called off.
    fileprivate var withdrawn: UInt64 { cancelled &+ abandoned }
}
