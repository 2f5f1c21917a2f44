extension ReportDocument {
    /// All figures as CSV (RFC 4180, UTF-8): a line of names, then a line for each row, each with
    /// CR LF at its end.
    ///
    /// A text that a spreadsheet would take for a formula gets an apostrophe before it.
    package var csv: [UInt8] {
        var text = ""
        text.appendLine(data.columns.map(\.name))
        for row in data.rows {
            text.appendLine(row.map { $0.isText ? $0.plain.withoutFormula : $0.plain })
        }
        return Array(text.utf8)
    }
}

extension String {
    fileprivate mutating func appendLine(_ fields: [String]) {
        for (place, field) in fields.enumerated() {
            if place > 0 { append(",") }
            append(field.quotedIfNeeded)
        }
        append("\r\n")
    }

    /// RFC 4180 §2, 5 to 7.
    private var quotedIfNeeded: String {
        guard utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return self }
        var quoted = "\""
        for scalar in unicodeScalars {
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
            quoted.unicodeScalars.append(scalar)
        }
        quoted.unicodeScalars.append("\"")
        return quoted
    }

    /// Spreadsheets evaluate what begins with one of these; some pass over blanks before it.
    fileprivate var withoutFormula: String {
        let first = unicodeScalars.first { $0 != " " && $0 != "\u{A0}" }
        return switch first {
        case "=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}",
            "\u{FF20}":
            "'" + self
        default: self
        }
    }
}
