/// The results as people read them.
enum Table {
    static func heading(_ machine: Machine, _ options: MeasureOptions) -> String {
        let commit = machine.commit.map { ", commit \($0)" } ?? ""
        let seconds = fixed(Double(options.interval.measured) / 1e9, 1)
        let columns = row([
            "scenario", "", "messages/s", "p50 µs", "p99 µs", "p99.9 µs", "CPU µs/msg",
            "min…max", "busy", "ratio",
        ])
        return """
            \(machine.processor), \(machine.processors) processors, Linux \(machine.kernel)\(commit)
            medians of \(options.runs) × \(seconds) s; \
            ratio: CPU per message over that of the line below, median of pairs (min…max)

            \(columns)
            """
    }

    static func heading(_ machine: Machine) -> String {
        let commit = machine.commit.map { ", commit \($0)" } ?? ""
        let columns = ["", "messages", "calls", "instructions", "allocations"]
        return """
            \(machine.processor), \(machine.processors) processors, Linux \(machine.kernel)\(commit)
            for each message: system calls, instructions in user space, allocations

            \(row(columns, widths: countWidths, names: 1))
            """
    }

    static func row(of counts: Counts) -> String {
        row(
            [
                counts.name, "\(counts.messages)", fixed(counts.systemCalls, 3),
                fixed(counts.instructions, 1), fixed(counts.allocations, 4),
            ],
            widths: countWidths,
            names: 1
        )
    }

    private static let countWidths = [32, 10, 10, 12, 12]

    static func rows(of result: ScenarioResult) -> String {
        var lines: [String] = []
        if let server = Figures(result.server) {
            let ratio = result.ratio.map {
                "\(fixed($0.median, 3)) (\(fixed($0.minimum, 2))…\(fixed($0.maximum, 2)))"
            }
            lines.append(row([result.name, "server"] + cells(server) + [ratio ?? ""]))
            lines += others(server)
            lines += result.thresholds.compactMap { threshold in
                threshold.line(result).map { "    \($0)" }
            }
        }
        if let reference = Figures(result.reference) {
            lines.append(row(["", result.referenceName ?? ""] + cells(reference) + [""]))
            lines += others(reference)
        }
        return lines.joined(separator: "\n")
    }

    private static func others(_ figures: Figures) -> [String] {
        figures.others.map { kind, spread in
            "    \(fixed(spread.median, spread.median < 100 ? 2 : 0)) \(kind.label)"
        }
    }

    private static func cells(_ figures: Figures) -> [String] {
        let time = figures.serverMicroseconds
        return [
            fixed(figures.messagesPerSecond.median, 0),
            fixed(figures.p50.median, 1),
            fixed(figures.p99.median, 1),
            fixed(figures.p999.median, 1),
            fixed(time.median, 3),
            "\(fixed(time.minimum, 2))…\(fixed(time.maximum, 2))",
            "\(fixed(figures.utilisation.median * 100, 0)) %",
        ]
    }

    /// The first `names` cells to the left, the others to the right of their columns.
    private static func row(
        _ cells: [String],
        widths: [Int] = [20, 8, 10, 9, 9, 9, 10, 12, 5, 0],
        names: Int = 2
    ) -> String {
        var line = ""
        for (index, (cell, width)) in zip(cells, widths).enumerated() {
            let padding = String(repeating: " ", count: max(0, width - cell.count))
            line += index < names ? cell + padding : padding + cell
            line += "  "
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// `value` with `digits` decimals.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return "–" }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((value.magnitude * Double(scale)).rounded())
        let sign = value < 0 && scaled != 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
    }
}
