/// Rows of text in aligned columns.
struct Table {
    struct Column: Equatable {
        var title: String
        var alignsRight = false
    }

    struct Cell: Equatable {
        var text: String
        var colour: TextStyle.Colour?

        /// A cell with text of the hub.
        init(_ text: String, _ colour: TextStyle.Colour? = nil) {
            self.text = PrintableText.escaped(text)
            self.colour = colour
        }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Appends a row, which has a cell for each column.
    mutating func append(_ row: [Cell]) {
        rows.append(row)
    }

    /// The lines, the titles first; only the last column is cut where the terminal ends.
    func lines(_ style: TextStyle) -> [String] {
        let titles = columns.map { Cell($0.title, .bold) }
        let widths = columns.indices.map { index in
            ([titles] + rows).map { index < $0.count ? PrintableText.width($0[index].text) : 0 }
                .max() ?? 0
        }
        return ([titles] + rows).map { line($0, widths, style) }
    }

    private func line(_ row: [Cell], _ widths: [Int], _ style: TextStyle) -> String {
        var line = ""
        var used = 0
        for (index, (cell, column)) in zip(row, columns).enumerated() {
            if index > 0 { line += "  " }
            let isLast = index == columns.count - 1
            let room = (style.columns ?? .max) - used - (index > 0 ? 2 : 0)
            let text = isLast ? PrintableText.truncated(cell.text, to: max(1, room)) : cell.text
            let width = PrintableText.width(text)
            let padding = String(repeating: " ", count: max(0, widths[index] - width))
            if column.alignsRight { line += padding }
            line += style.paint(text, cell.colour)
            if !column.alignsRight, !isLast { line += padding }
            used += widths[index] + (index > 0 ? 2 : 0)
        }
        return line
    }
}
