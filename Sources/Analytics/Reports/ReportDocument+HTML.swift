extension ReportDocument {
    /// One HTML document with everything in it: no script, nothing that is loaded.
    package var html: [UInt8] {
        var writer = HTMLWriter()
        writer.raw("<!DOCTYPE html>\n")
        writer.element("html", ["lang": "en"]) { writer in
            writer.newLine()
            writer.element("head") { writer in
                writer.newLine()
                writer.start("meta", ["charset": "utf-8"])
                writer.newLine()
                writer.start(
                    "meta",
                    ["name": "viewport", "content": "width=device-width, initial-scale=1"]
                )
                writer.newLine()
                writer.start("meta", ["name": "color-scheme", "content": "light dark"])
                writer.newLine()
                writer.element("title", [:], "\(title) – OmniHub")
                writer.newLine()
                writer.element("style") { $0.raw(Self.style) }
                writer.newLine()
            }
            writer.newLine()
            writer.element("body") { writeBody(to: &$0) }
            writer.newLine()
        }
        writer.newLine()
        return Array(writer.text.utf8)
    }

    private func writeBody(to writer: inout HTMLWriter) {
        writer.newLine()
        writer.element("header") { writer in
            writer.element("p", ["class": "brand"], "OmniHub report")
            writer.element("h1", [:], title)
            writer.element("dl", ["class": "facts"]) { writer in
                for fact in facts {
                    writer.element("div") { writer in
                        writer.element("dt", [:], fact.name)
                        writer.element("dd", [:], fact.value)
                    }
                }
            }
        }
        writer.newLine()
        writer.element("main") { writer in
            if !headlines.isEmpty { writeHeadlines(to: &writer) }
            for (number, chart) in charts.enumerated() {
                chart.writeFigure(number: number + 1, to: &writer)
                writer.newLine()
            }
            for (number, table) in (tables + [data]).map(\.readable).enumerated() {
                table.writeSection(number: number + 1, to: &writer)
                writer.newLine()
            }
        }
        writer.newLine()
        guard !notes.isEmpty else { return }
        writer.element("footer") { writer in
            writer.element("h2", [:], "How to read this")
            writer.element("ul") { writer in
                for note in notes { writer.element("li", [:], note) }
            }
        }
        writer.newLine()
    }

    private func writeHeadlines(to writer: inout HTMLWriter) {
        writer.element("section", ["class": "headlines", "aria-label": "Headline figures"]) {
            writer in
            writer.element("dl") { writer in
                for headline in headlines {
                    writer.element("div") { writer in
                        writer.element("dt", [:], headline.name)
                        writer.element("dd") { writer in
                            writer.element("strong", [:], headline.value.readable)
                            if !headline.remark.isEmpty {
                                writer.element("span", [:], headline.remark)
                            }
                        }
                    }
                }
            }
        }
        writer.newLine()
    }

    private static let style = """

        :root {
          --page: #f4f5f7; --panel: #fff; --line: #d8dde4; --text: #1a222d; --muted: #56606e;
          --plain: #2f66c4; --good: #1c7f5d; --bad: #c0352b; --other: #9a6a00;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #10141a; --panel: #181e27; --line: #303a47; --text: #e7ebf1; --muted: #a6b0be;
            --plain: #7fb0ff; --good: #4cc393; --bad: #ff8377; --other: #e0b040;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; max-width: 72rem; padding: 2rem 1.25rem 3rem;
          background: var(--page); color: var(--text);
          font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
        }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .75rem; text-wrap: balance; }
        h2 { font-size: 1.15rem; margin: 0 0 .25rem; }
        .brand {
          margin: 0 0 .25rem; color: var(--muted); font-size: .8rem; font-weight: 600;
          letter-spacing: .08em; text-transform: uppercase;
        }
        dl, dd { margin: 0; }
        .facts { display: flex; flex-wrap: wrap; gap: .25rem 2rem; font-size: .9rem; }
        .facts div { display: flex; gap: .4rem; }
        .facts dt { color: var(--muted); }
        .headlines dl {
          display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
        }
        .headlines div, figure, .table, footer {
          background: var(--panel); border: 1px solid var(--line); border-radius: .6rem;
        }
        .headlines { margin: 1.5rem 0 0; }
        .headlines div { padding: .9rem 1.1rem; }
        .headlines dt { color: var(--muted); font-size: .85rem; }
        .headlines strong { display: block; font-size: 1.7rem; line-height: 1.25; }
        .headlines span { color: var(--muted); font-size: .85rem; }
        figure, .table, footer { margin: 1rem 0 0; padding: 1.1rem; }
        figcaption p, .legend { margin: 0; color: var(--muted); font-size: .9rem; }
        .legend {
          display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none;
          margin: .5rem 0 0; padding: 0;
        }
        .legend li { display: flex; align-items: center; gap: .45rem; }
        .legend svg { width: .8rem; height: .8rem; }
        .scroll { overflow-x: auto; margin-top: .75rem; }
        .scroll:focus-visible, summary:focus-visible {
          outline: 2px solid var(--plain); outline-offset: 2px;
        }
        .scroll.tall { max-height: 24rem; overflow-y: auto; }
        .picture { display: block; width: 100%; min-width: 40rem; height: auto; }
        .picture text {
          fill: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums;
        }
        .picture text.label { fill: var(--text); }
        .axis { stroke: var(--line); stroke-width: 1; }
        .plain { fill: var(--plain); } .good { fill: var(--good); }
        .bad { fill: var(--bad); } .other { fill: var(--other); }
        details { margin-top: .75rem; font-size: .9rem; }
        summary { cursor: pointer; color: var(--muted); width: fit-content; }
        table {
          border-collapse: collapse; width: 100%; font-size: .875rem;
          font-variant-numeric: tabular-nums;
        }
        th, td {
          padding: .4rem .6rem; text-align: right; white-space: nowrap;
          border-bottom: 1px solid var(--line);
        }
        th.words, td.words { text-align: left; }
        thead th { color: var(--muted); font-weight: 600; vertical-align: bottom; white-space: normal; }
        tbody th { font-weight: 500; }
        tbody tr:last-child > * { border-bottom: 0; }
        tr.total > * { font-weight: 600; }
        .nothing { color: var(--muted); margin: .5rem 0 0; }
        footer { color: var(--muted); font-size: .85rem; }
        footer h2 { color: var(--text); font-size: 1rem; }
        footer ul { margin: 0; padding-left: 1.2rem; }
        @media print {
          body { max-width: none; padding: 0; }
          .scroll.tall { max-height: none; }
          figure, .headlines div, tr { break-inside: avoid; }
        }

        """
}

extension ReportTable {
    func writeSection(number: Int, to writer: inout HTMLWriter) {
        let heading = "table-\(number)"
        writer.element("section", ["class": "table", "aria-labelledby": heading]) { writer in
            writer.element("h2", ["id": heading], title)
            write(labelledBy: heading, to: &writer)
        }
    }

    /// The table alone, in a box that can be scrolled by keyboard too.
    func write(labelledBy heading: String, isTall: Bool = false, to writer: inout HTMLWriter) {
        guard !rows.isEmpty else {
            writer.element("p", ["class": "nothing"], "Nothing in this time.")
            return
        }
        let classes = isTall ? "scroll tall" : "scroll"
        writer.element(
            "div",
            ["class": classes, "tabindex": "0", "role": "group", "aria-labelledby": heading]
        ) { writer in
            writer.element("table", ["aria-labelledby": heading]) { writer in
                writer.element("thead") { writer in
                    writer.element("tr") { writer in
                        for column in columns {
                            writer.element("th", Self.attributes(column, "col"), column.title)
                        }
                    }
                }
                writer.newLine()
                writer.element("tbody") { writer in
                    for (place, row) in rows.enumerated() {
                        writeRow(row, isTotal: hasTotal && place == rows.count - 1, to: &writer)
                        writer.newLine()
                    }
                }
            }
        }
    }

    private func writeRow(_ row: [ReportCell], isTotal: Bool, to writer: inout HTMLWriter) {
        writer.element("tr", isTotal ? ["class": "total"] : [:]) { writer in
            for (place, (cell, column)) in zip(row, columns).enumerated() {
                if place == 0 {
                    writer.element("th", Self.attributes(column, "row"), cell.readable)
                } else {
                    writer.element("td", column.isText ? ["class": "words"] : [:], cell.readable)
                }
            }
        }
    }

    private static func attributes(
        _ column: Column,
        _ scope: String
    ) -> KeyValuePairs<String, String> {
        column.isText ? ["scope": scope, "class": "words"] : ["scope": scope]
    }
}
