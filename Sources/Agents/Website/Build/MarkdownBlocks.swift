/// The blocks of a Markdown text: a subset of CommonMark 0.31 with the tables of GitHub.
///
/// Headings of both kinds, paragraphs, fenced and indented code, quotes, lists, rules and tables.
/// HTML is text like any other. Containers deeper than ``depthLimit`` are paragraphs; a line that
/// continues a quote must say so. The cost is linear in the text for each level of depth.
indirect enum MarkdownBlock: Equatable {
    case heading(level: Int, text: String)
    case paragraph(String)
    case code(language: String, text: String)
    case quote([MarkdownBlock])
    case list(start: Int?, isLoose: Bool, items: [[MarkdownBlock]])
    case rule
    case table(header: [String], alignments: [String], rows: [[String]])

    static let depthLimit = 8

    /// - Parameter text: As ``HTMLText/cleaned(_:)`` leaves it.
    /// - Returns: The blocks in order.
    /// - Throws: `CancellationError`.
    static func parse(_ text: String) throws -> [MarkdownBlock] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var parser = MarkdownBlockParser(lines: lines[...], depth: 0)
        return try parser.parse()
    }
}

/// Reads the lines of one container.
struct MarkdownBlockParser {
    var lines: ArraySlice<Substring>
    let depth: Int

    private var blocks: [MarkdownBlock] = []
    private var paragraph: [Substring] = []

    init(lines: ArraySlice<Substring>, depth: Int) {
        self.lines = lines
        self.depth = depth
    }

    mutating func parse() throws -> [MarkdownBlock] {
        while let line = lines.first {
            try Task.checkCancellation()
            let body = line.drop { $0 == " " }
            let indent = line.utf8.count - body.utf8.count
            if body.isEmpty {
                endParagraph()
                lines.removeFirst()
            } else if indent >= 4, paragraph.isEmpty {
                indentedCode()
            } else if try indent >= 4 || !block(body) {
                if !setextHeading(body, indent) { paragraph.append(body) }
                lines.removeFirst()
            }
        }
        endParagraph()
        return blocks
    }

    private mutating func endParagraph() {
        guard !paragraph.isEmpty else { return }
        blocks.append(.paragraph(paragraph.joined(separator: "\n").trimmingSpaces))
        paragraph = []
    }

    private mutating func add(_ block: MarkdownBlock) {
        endParagraph()
        blocks.append(block)
    }

    /// Takes the block that begins with a line; `false` when that is text.
    private mutating func block(_ body: Substring) throws -> Bool {
        if let fence = Self.fence(body) {
            fencedCode(fence)
        } else if let heading = Self.heading(body) {
            add(heading)
            lines.removeFirst()
        } else if Self.isRule(body), paragraph.isEmpty || !isUnderline(body) {
            add(.rule)
            lines.removeFirst()
        } else if body.first == ">", depth < MarkdownBlock.depthLimit {
            try quote()
        } else if let marker = MarkdownListMarker(body), depth < MarkdownBlock.depthLimit,
            paragraph.isEmpty || marker.interruptsParagraph
        {
            try list(marker)
        } else if paragraph.isEmpty, let table = table() {
            add(table)
        } else {
            return false
        }
        return true
    }

    // MARK: Leaves

    private static func fence(_ body: Substring) -> (mark: Character, length: Int, info: String)? {
        guard let mark = body.first, mark == "`" || mark == "~" else { return nil }
        let length = body.prefix { $0 == mark }.count
        let info = body.dropFirst(length)
        guard length >= 3, mark == "~" || !info.contains("`") else { return nil }
        return (mark, length, String(info).trimmingSpaces)
    }

    private mutating func fencedCode(_ fence: (mark: Character, length: Int, info: String)) {
        let indent = lines.first.map { $0.prefix { $0 == " " }.count } ?? 0
        lines.removeFirst()
        var text: [Substring] = []
        while let line = lines.first {
            lines.removeFirst()
            let body = line.drop { $0 == " " }
            let length = body.prefix { $0 == fence.mark }.count
            if length >= fence.length, String(body.dropFirst(length)).trimmingSpaces.isEmpty {
                break
            }
            text.append(line.dropFirst(min(indent, line.count - body.count)))
        }
        let language = fence.info.prefix { $0 != " " }
        add(.code(language: String(language), text: text.joined(separator: "\n")))
    }

    private mutating func indentedCode() {
        var text: [Substring] = []
        while let line = lines.first {
            let body = line.drop { $0 == " " }
            guard body.isEmpty || line.count - body.count >= 4 else { break }
            text.append(line.dropFirst(min(4, line.count)))
            lines.removeFirst()
        }
        while text.last.map({ $0.allSatisfy { $0 == " " } }) == true { text.removeLast() }
        add(.code(language: "", text: text.joined(separator: "\n")))
    }

    private static func heading(_ body: Substring) -> MarkdownBlock? {
        let level = body.prefix { $0 == "#" }.count
        let rest = body.dropFirst(level)
        guard (1...6).contains(level), rest.isEmpty || rest.first == " " else { return nil }
        var text = String(rest).trimmingSpaces[...]
        let closing = text.reversed().prefix { $0 == "#" }.count
        let before = text.dropLast(closing)
        if before.isEmpty || before.last == " " { text = before }
        return .heading(level: level, text: String(text).trimmingSpaces)
    }

    private static func isRule(_ body: Substring) -> Bool {
        guard let mark = body.first, "-*_".contains(mark) else { return false }
        let marks = body.filter { $0 != " " }
        return marks.count >= 3 && marks.allSatisfy { $0 == mark }
    }

    private func isUnderline(_ body: Substring) -> Bool {
        let text = String(body).trimmingSpaces
        return text.allSatisfy { $0 == "-" } || text.allSatisfy { $0 == "=" }
    }

    private mutating func setextHeading(_ body: Substring, _ indent: Int) -> Bool {
        guard !paragraph.isEmpty, indent < 4, isUnderline(body) else { return false }
        let text = paragraph.joined(separator: "\n").trimmingSpaces
        paragraph = []
        blocks.append(.heading(level: body.first == "=" ? 1 : 2, text: text))
        return true
    }

    // MARK: Containers

    private mutating func quote() throws {
        var inner: [Substring] = []
        while let line = lines.first {
            let body = line.drop { $0 == " " }
            guard body.first == ">" else { break }
            let rest = body.dropFirst()
            inner.append(rest.first == " " ? rest.dropFirst() : rest)
            lines.removeFirst()
        }
        var parser = MarkdownBlockParser(lines: inner[...], depth: depth + 1)
        add(.quote(try parser.parse()))
    }

    private mutating func list(_ first: MarkdownListMarker) throws {
        endParagraph()
        var items: [[MarkdownBlock]] = []
        var isLoose = false
        var previousEndedBlank = false
        while let line = lines.first, let marker = MarkdownListMarker(line.drop { $0 == " " }),
            marker.isAlike(first), line.prefix(while: { $0 == " " }).count < 4,
            !Self.isRule(line.drop { $0 == " " })
        {
            if previousEndedBlank { isLoose = true }
            let indent = line.prefix { $0 == " " }.count + marker.width
            var inner = [line.dropFirst(indent)]
            lines.removeFirst()
            while let next = lines.first {
                let body = next.drop { $0 == " " }
                let own = next.count - body.count
                let isLazy =
                    inner.last?.isEmpty == false && MarkdownListMarker(body) == nil
                    && Self.fence(body) == nil && Self.heading(body) == nil && body.first != ">"
                guard body.isEmpty || own >= indent || isLazy else { break }
                inner.append(body.isEmpty ? "" : next.dropFirst(min(own, indent)))
                lines.removeFirst()
            }
            let blank = inner.reversed().prefix(while: \.isEmpty).count
            previousEndedBlank = blank > 0
            inner.removeLast(min(blank, inner.count - 1))
            if inner.contains(where: \.isEmpty), inner.count > 1 { isLoose = true }
            var parser = MarkdownBlockParser(lines: inner[...], depth: depth + 1)
            items.append(try parser.parse())
        }
        blocks.append(.list(start: first.number, isLoose: isLoose, items: items))
    }

    // MARK: Tables

    private mutating func table() -> MarkdownBlock? {
        guard let head = lines.first, head.contains("|"), let under = lines.dropFirst().first else {
            return nil
        }
        let marks = Self.cells(under)
        let header = Self.cells(head)
        let isDelimiter = marks.allSatisfy { cell in
            let dashes = cell.drop { $0 == ":" }.prefix { $0 == "-" }.count
            return dashes > 0 && cell.filter { $0 != "-" && $0 != ":" }.isEmpty
                && cell.filter { $0 == ":" }.count <= 2
        }
        guard isDelimiter, marks.count == header.count, (1...50).contains(marks.count) else {
            return nil
        }
        lines.removeFirst(2)
        let alignments = marks.map { cell in
            switch (cell.first == ":", cell.last == ":") {
            case (true, true): "center"
            case (false, true): "right"
            default: ""
            }
        }
        var rows: [[String]] = []
        while let line = lines.first, line.contains("|") {
            let cells = Self.cells(line).prefix(header.count)
            rows.append(cells + Array(repeating: "", count: header.count - cells.count))
            lines.removeFirst()
        }
        return .table(header: header, alignments: alignments, rows: rows)
    }

    /// The cells of a row, apart at each `|` that has no backslash before it.
    private static func cells(_ line: Substring) -> [String] {
        var text = String(line).trimmingSpaces[...]
        if text.first == "|" { text = text.dropFirst() }
        var cells = [""]
        var isEscaped = false
        for character in text {
            if character == "|", !isEscaped {
                cells.append("")
            } else {
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        if cells.count > 1, cells.last?.trimmingSpaces.isEmpty == true { cells.removeLast() }
        return cells.map { $0.trimmingSpaces }
    }
}

/// What a list item begins with.
struct MarkdownListMarker {
    /// `nil` of bullets.
    let number: Int?
    /// `-`, `*`, `+`, `.` or `)`.
    let sign: Character
    /// Columns up to the content.
    let width: Int
    private let isEmpty: Bool

    init?(_ body: Substring) {
        let digits = body.prefix { $0.isASCII && $0.isNumber }
        let rest = body.dropFirst(digits.count)
        guard let sign = rest.first else { return nil }
        if digits.isEmpty {
            guard "-*+".contains(sign) else { return nil }
            number = nil
        } else {
            guard sign == "." || sign == ")", digits.count <= 9, let value = Int(digits) else {
                return nil
            }
            number = value
        }
        self.sign = sign
        let content = rest.dropFirst()
        let spaces = content.prefix { $0 == " " }.count
        isEmpty = spaces == content.count
        guard isEmpty || spaces > 0 else { return nil }
        // Five spaces or more are one, before indented code.
        width = digits.count + 1 + (isEmpty || spaces > 4 ? 1 : spaces)
    }

    func isAlike(_ other: MarkdownListMarker) -> Bool {
        sign == other.sign && (number == nil) == (other.number == nil)
    }

    var interruptsParagraph: Bool { !isEmpty && (number == nil || number == 1) }
}
