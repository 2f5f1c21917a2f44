extension ReportChart {
    private static let width = 960.0

    /// The picture with its title, what it shows, its legend, and its figures as a table.
    func writeFigure(number: Int, to writer: inout HTMLWriter) {
        let heading = "chart-\(number)"
        writer.element("figure", ["aria-labelledby": heading]) { writer in
            writer.element("figcaption") { writer in
                writer.element("h2", ["id": heading], title)
                writer.element("p", [:], summary)
            }
            guard series.contains(where: { $0.values.contains { $0 > 0 } }) else {
                writer.element("p", ["class": "nothing"], "Nothing in this time.")
                return
            }
            if series.count > 1 { writeLegend(to: &writer) }
            writer.element(
                "div",
                ["class": "scroll", "tabindex": "0", "role": "group", "aria-labelledby": heading]
            ) { writer in
                switch shape {
                case .timeline: writeTimeline(number, to: &writer)
                case .ranking: writeRanking(number, to: &writer)
                }
            }
            writer.element("details") { writer in
                writer.element("summary", [:], "Figures of this chart")
                table.readable.write(labelledBy: heading, isTall: true, to: &writer)
            }
        }
    }

    private var table: ReportTable {
        let first = ReportTable.Column(shape == .timeline ? "From" : "Name", "name", isText: true)
        var table = ReportTable(
            title: title,
            columns: [first] + series.map { ReportTable.Column($0.name, $0.name) },
            rows: labels.enumerated().map { place, label in
                [.text(label)] + series.map { cell($0.values[place]) }
            }
        )
        table.isSparse = true
        return table
    }

    private func writeLegend(to writer: inout HTMLWriter) {
        writer.element("ul", ["class": "legend"]) { writer in
            for one in series where one.values.contains(where: { $0 > 0 }) {
                writer.element("li") { writer in
                    writer.element("svg", ["viewBox": "0 0 10 10", "aria-hidden": "true"]) {
                        $0.empty(
                            "rect",
                            ["class": one.tone.rawValue, "width": "10", "height": "10", "rx": "2"]
                        )
                    }
                    writer.write(one.name)
                }
            }
        }
    }

    private func writePicture(
        _ number: Int,
        height: Double,
        to writer: inout HTMLWriter,
        _ contents: (inout HTMLWriter) -> Void
    ) {
        let title = "picture-\(number)-title"
        let description = "picture-\(number)-description"
        writer.element(
            "svg",
            [
                "class": "picture", "viewBox": "0 0 \(Self.width.coordinate) \(height.coordinate)",
                "role": "img", "aria-labelledby": "\(title) \(description)",
            ]
        ) { writer in
            writer.element("title", ["id": title], self.title)
            writer.element("desc", ["id": description], summary)
            contents(&writer)
        }
    }

    private func writeTimeline(_ number: Int, to writer: inout HTMLWriter) {
        let (left, right, top, height) = (56.0, 8.0, 10.0, 220.0)
        let width = Self.width - left - right
        let totals = labels.indices.map { place in series.reduce(0) { $0 + $1.values[place] } }
        let scale = AxisScale(to: totals.max() ?? 0, isWhole: true)
        let slot = width / Double(max(1, labels.count))
        let gap = min(3, slot * 0.2)
        writePicture(number, height: top + height + 28, to: &writer) { writer in
            for tick in scale.ticks {
                let y = top + height * (1 - tick / scale.top)
                writer.empty(
                    "line",
                    [
                        "class": "axis", "x1": left.coordinate, "x2": (left + width).coordinate,
                        "y1": y.coordinate, "y2": y.coordinate,
                    ]
                )
                writeText(
                    cell(tick).readable,
                    x: left - 8,
                    y: y + 4,
                    anchor: "end",
                    to: &writer
                )
            }
            for place in labels.indices {
                var bottom = top + height
                for one in series where one.values[place] > 0 {
                    let bar = height * one.values[place] / scale.top
                    bottom -= bar
                    writer.empty(
                        "rect",
                        [
                            "class": one.tone.rawValue,
                            "x": (left + slot * Double(place) + gap / 2).coordinate,
                            "y": bottom.coordinate, "width": (slot - gap).coordinate,
                            "height": bar.coordinate,
                        ]
                    )
                }
            }
            // As many labels as there is room for, the first and the last among them.
            let step = max(1, (labels.count + 5) / 6)
            for place in stride(from: 0, to: labels.count, by: step) {
                let x = left + slot * (Double(place) + 0.5)
                writeText(
                    labels[place],
                    x: place == 0 ? left : x,
                    y: top + height + 20,
                    anchor: place == 0 ? "start" : "middle",
                    to: &writer
                )
            }
        }
    }

    private func writeRanking(_ number: Int, to writer: inout HTMLWriter) {
        let (left, right, row) = (230.0, 110.0, 28.0)
        let width = Self.width - left - right
        let totals = labels.indices.map { place in series.reduce(0) { $0 + $1.values[place] } }
        let longest = max(totals.max() ?? 1, .leastNormalMagnitude)
        let height = row * Double(labels.count) + 4
        writePicture(number, height: height, to: &writer) { writer in
            for place in labels.indices {
                let y = row * Double(place) + 4
                writeText(
                    Self.shortened(labels[place]),
                    x: left - 12,
                    y: y + 15,
                    anchor: "end",
                    isLabel: true,
                    to: &writer
                )
                var x = left
                for one in series where one.values[place] > 0 {
                    let bar = width * one.values[place] / longest
                    writer.empty(
                        "rect",
                        [
                            "class": one.tone.rawValue, "x": x.coordinate, "y": y.coordinate,
                            "width": max(bar, 0.5).coordinate, "height": "20",
                        ]
                    )
                    x += bar
                }
                writeText(
                    cell(totals[place]).readable,
                    x: x + 8,
                    y: y + 15,
                    anchor: "start",
                    to: &writer
                )
            }
        }
    }

    private func writeText(
        _ text: String,
        x: Double,
        y: Double,
        anchor: String,
        isLabel: Bool = false,
        to writer: inout HTMLWriter
    ) {
        writer.element(
            "text",
            [
                "x": x.coordinate, "y": y.coordinate, "text-anchor": anchor,
                "class": isLabel ? "label" : "tick",
            ],
            text
        )
    }

    /// What fits beside a bar.
    private static func shortened(_ text: String) -> String {
        text.count <= 32 ? text : "\(text.prefix(31))…"
    }
}
