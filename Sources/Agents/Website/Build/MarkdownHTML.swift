/// Markdown as the content of a page's `main` element.
///
/// Headings begin at level 2, below the page's title, and never skip a level (WCAG 2.2, 1.3.1);
/// each has an id of its own.
struct MarkdownHTML {
    private(set) var html = ""
    /// The text of the first paragraph, without markup.
    private(set) var summary = ""
    private var level = 1
    private var ids: Set<String> = ["content"]

    /// - Throws: `CancellationError`.
    init(_ markdown: String, title: String) throws {
        let blocks = try MarkdownBlock.parse(HTMLText.cleaned(markdown))
        for (index, block) in blocks.enumerated() {
            // A title that the text repeats is there already.
            if index == 0, case .heading(1, let text) = block, text == title { continue }
            try add(block)
        }
    }

    private mutating func add(_ block: MarkdownBlock) throws {
        try Task.checkCancellation()
        switch block {
        case .heading(let level, let text): addHeading(level, text)
        case .paragraph(let text):
            let inline = MarkdownInlines.html(text)
            if summary.isEmpty { summary = Self.withoutTags(inline) }
            html += "<p>\(inline)</p>\n"
        case .code(let language, let text):
            let name = language.unicodeScalars.filter { TextScan.isAlphanumeric($0) }
            let mark =
                name.isEmpty ? "" : " class=\"language-\(String(String.UnicodeScalarView(name)))\""
            html += "<pre><code\(mark)>\(HTMLText.escaped(text))\n</code></pre>\n"
        case .quote(let blocks):
            html += "<blockquote>\n"
            for inner in blocks { try add(inner) }
            html += "</blockquote>\n"
        case .list(let start, let isLoose, let items): try addList(start, isLoose, items)
        case .rule: html += "<hr>\n"
        case .table(let header, let alignments, let rows): addTable(header, alignments, rows)
        }
    }

    private mutating func addHeading(_ level: Int, _ text: String) {
        let inline = MarkdownInlines.html(text)
        let plain = Self.withoutTags(inline)
        guard !plain.isEmpty || inline.contains("alt=\"") else { return }
        self.level = min(max(2, level), self.level + 1)
        html += "<h\(self.level) id=\"\(id(plain))\">\(inline)</h\(self.level)>\n"
    }

    /// An id that no other heading of the page has.
    private mutating func id(_ text: String) -> String {
        var base = ""
        for scalar in text.lowercased().unicodeScalars.prefix(60) {
            if TextScan.isAlphanumeric(scalar) {
                base.unicodeScalars.append(scalar)
            } else if !base.isEmpty, !base.hasSuffix("-") {
                base += "-"
            }
        }
        while base.hasSuffix("-") { base.removeLast() }
        if base.isEmpty { base = "section" }
        var id = base
        var number = 1
        while !ids.insert(id).inserted {
            number += 1
            id = "\(base)-\(number)"
            // Many equal headings: their number is near the count of all.
            if number == 100 { number = max(number, ids.count) }
        }
        return id
    }

    private mutating func addList(
        _ start: Int?,
        _ isLoose: Bool,
        _ items: [[MarkdownBlock]]
    ) throws {
        let tag = start == nil ? "ul" : "ol"
        let first = start.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
        html += "<\(tag)\(first)>\n"
        for item in items {
            html += "<li>"
            for (index, block) in item.enumerated() {
                if !isLoose, case .paragraph(let text) = block {
                    html += MarkdownInlines.html(text) + (index < item.count - 1 ? "\n" : "")
                } else {
                    try add(block)
                }
            }
            html += "</li>\n"
        }
        html += "</\(tag)>\n"
    }

    private mutating func addTable(
        _ header: [String],
        _ alignments: [String],
        _ rows: [[String]]
    ) {
        func cell(_ tag: String, _ text: String, _ column: Int, _ scope: String) -> String {
            let align = alignments[column].isEmpty ? "" : " class=\"\(alignments[column])\""
            return "<\(tag)\(scope)\(align)>\(MarkdownInlines.html(text))</\(tag)>"
        }
        html += "<table>\n<thead>\n<tr>"
        for (column, text) in header.enumerated() {
            // A header cell without text heads nothing.
            let tag = text.isEmpty ? "td" : "th"
            html += cell(tag, text, column, text.isEmpty ? "" : " scope=\"col\"")
        }
        html += "</tr>\n</thead>\n"
        if !rows.isEmpty {
            html += "<tbody>\n"
            for row in rows {
                html += "<tr>"
                for (column, text) in row.enumerated() { html += cell("td", text, column, "") }
                html += "</tr>\n"
            }
            html += "</tbody>\n"
        }
        html += "</table>\n"
    }

    /// The text of inline HTML that ``MarkdownInlines`` made, references and all.
    static func withoutTags(_ html: String) -> String {
        var result = ""
        var isTag = false
        for character in html {
            if character == "<" {
                isTag = true
            } else if character == ">" {
                isTag = false
            } else if !isTag {
                result.append(character == "\n" ? " " : character)
            }
        }
        return result.trimmingSpaces
    }
}
