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
            ratio: CPU per message over the floor's, median of pairs (min…max)

            \(columns)
            """
    }

    static func rows(of result: ScenarioResult) -> String {
        var lines: [String] = []
        if let server = Figures(result.server) {
            let ratio = result.ratio.map {
                "\(fixed($0.median, 3)) (\(fixed($0.minimum, 2))…\(fixed($0.maximum, 2)))"
            }
            lines.append(row([result.name, "server"] + cells(server) + [ratio ?? ""]))
        }
        if let floor = Figures(result.floor) {
            lines.append(row(["", "floor"] + cells(floor) + [""]))
        }
        return lines.joined(separator: "\n")
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

    /// The two names to the left, the numbers to the right of their columns.
    private static func row(_ cells: [String]) -> String {
        let widths = [16, 6, 10, 9, 9, 9, 10, 12, 5, 0]
        var line = ""
        for (index, (cell, width)) in zip(cells, widths).enumerated() {
            let padding = String(repeating: " ", count: max(0, width - cell.count))
            line += index < 2 ? cell + padding : padding + cell
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
