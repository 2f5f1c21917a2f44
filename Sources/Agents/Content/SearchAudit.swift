import AgentRuntime
import JSONRPC

/// Examines how well a page can be found by a keyword.
///
/// The rules follow Google Search Central's documentation (SEO Starter Guide, title links,
/// snippets, robots meta tag, image best practices) and the HTML Standard; lengths are those that
/// result pages commonly show. The score is 100 less 20 for each error, 8 for each warning and 3 for
/// each notice, at least 0. A keyword is found where its words stand in a row, case and punctuation
/// aside.
struct SearchAudit: TaskInput {
    enum Severity: String, CaseIterable {
        case error
        case warning
        case notice

        var cost: Int {
            switch self {
            case .error: 20
            case .warning: 8
            case .notice: 3
            }
        }
    }

    struct Finding {
        var rule: String
        var severity: Severity
        var message: String

        init(_ rule: String, _ severity: Severity, _ message: String) {
            self.rule = rule
            self.severity = severity
            self.message = message
        }
    }

    var html: String
    var keyword: String

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        html = try fields.string("html")
        keyword = try fields.string("keyword")
        guard keyword.unicodeScalars.contains(where: \.isLetterOrDigit) else {
            throw fields.wrong("keyword", "a keyword with at least one letter or digit")
        }
    }

    func result() throws -> JSONValue {
        let page = try PageSummary(html: html)
        let words = Words.lowercased(in: page.text)
        let phrase = Words.lowercased(in: keyword)
        let count = try Self.occurrences(of: phrase, in: words)
        let density =
            words.isEmpty ? 0 : 100 * Double(count * phrase.count) / Double(words.count)
        let findings =
            titleFindings(page, phrase) + descriptionFindings(page, phrase)
            + headingFindings(page, phrase) + technicalFindings(page)
            + textFindings(words.count, count, density)
        let cost = findings.reduce(0) { $0 + $1.severity.cost }
        return [
            "score": .integer(max(0, 100 - cost)),
            "findings": .array(
                findings.map { finding in
                    [
                        "rule": .string(finding.rule),
                        "severity": .string(finding.severity.rawValue),
                        "message": .string(finding.message),
                    ]
                }
            ),
            "words": .integer(words.count),
            "keywordCount": .integer(count),
            "keywordDensity": .double(density),
            "title": page.title.map(JSONValue.string) ?? .null,
            "description": page.description.map(JSONValue.string) ?? .null,
        ]
    }

    /// How often `phrase` stands in `words`, without overlaps.
    static func occurrences(of phrase: [String], in words: [String]) throws -> Int {
        guard let first = phrase.first else { return 0 }
        var count = 0
        var index = 0
        while index + phrase.count <= words.count {
            if index.isMultiple(of: 4_096) { try Task.checkCancellation() }
            if words[index] == first, words[index..<index + phrase.count].elementsEqual(phrase) {
                count += 1
                index += phrase.count
            } else {
                index += 1
            }
        }
        return count
    }

    private func contains(_ text: String, _ phrase: [String]) -> Bool {
        let words = Words.lowercased(in: text)
        return words.count >= phrase.count
            && (0...words.count - phrase.count).contains { start in
                words[start..<start + phrase.count].elementsEqual(phrase)
            }
    }

    private func titleFindings(_ page: PageSummary, _ phrase: [String]) -> [Finding] {
        guard let title = page.title, !title.isEmpty else {
            return [Finding("title-missing", .error, "The page has no title")]
        }
        var findings: [Finding] = []
        if !(15...60).contains(title.count) {
            let message = "The title has \(title.count) characters; 15 to 60 are shown best"
            findings.append(Finding("title-length", .warning, message))
        }
        if !contains(title, phrase) {
            findings.append(Finding("title-keyword", .warning, "The title lacks the keyword"))
        }
        return findings
    }

    private func descriptionFindings(_ page: PageSummary, _ phrase: [String]) -> [Finding] {
        guard let description = page.description, !description.isEmpty else {
            return [Finding("description-missing", .warning, "The page has no description")]
        }
        var findings: [Finding] = []
        if !(50...160).contains(description.count) {
            let count = description.count
            let message = "The description has \(count) characters; 50 to 160 are shown best"
            findings.append(Finding("description-length", .notice, message))
        }
        if !contains(description, phrase) {
            let message = "The description lacks the keyword"
            findings.append(Finding("description-keyword", .notice, message))
        }
        return findings
    }

    private func headingFindings(_ page: PageSummary, _ phrase: [String]) -> [Finding] {
        var findings: [Finding] = []
        let first = page.headings.filter { $0.level == 1 }
        if first.isEmpty {
            findings.append(Finding("h1-missing", .error, "The page has no heading h1"))
        } else {
            if first.count > 1 {
                let message = "The page has \(first.count) headings h1; one says what it is about"
                findings.append(Finding("h1-multiple", .warning, message))
            }
            if !first.contains(where: { contains($0.text, phrase) }) {
                findings.append(Finding("h1-keyword", .warning, "The h1 lacks the keyword"))
            }
        }
        let levels = page.headings.map(\.level)
        if let jump = zip(levels, levels.dropFirst()).first(where: { $1 > $0 + 1 }) {
            let message = "A heading h\(jump.1) follows a heading h\(jump.0)"
            findings.append(Finding("heading-order", .notice, message))
        }
        return findings
    }

    private func technicalFindings(_ page: PageSummary) -> [Finding] {
        var findings: [Finding] = []
        if page.robots.contains("noindex") || page.robots.contains("none") {
            let message = "The robots meta tag keeps the page out of results"
            findings.append(Finding("robots-noindex", .error, message))
        }
        if !page.hasLanguage {
            findings.append(Finding("language-missing", .warning, "html has no lang"))
        }
        if !page.hasViewport {
            let message = "Without a viewport meta tag the page is no page for phones"
            findings.append(Finding("viewport-missing", .warning, message))
        }
        if !page.hasCanonical {
            findings.append(Finding("canonical-missing", .notice, "There is no canonical link"))
        }
        if page.imagesWithoutAlternative > 0 {
            let message = "\(page.imagesWithoutAlternative) of \(page.images) images have no alt"
            findings.append(Finding("image-alternative", .warning, message))
        }
        let vague: Set<String> = ["", "click here", "here", "link", "more", "read more", "this"]
        let count = page.links.count { vague.contains($0.lowercased()) }
        if count > 0 {
            let message = "\(count) of \(page.links.count) links do not say where they lead"
            findings.append(Finding("link-text", .notice, message))
        }
        return findings
    }

    private func textFindings(_ words: Int, _ count: Int, _ density: Double) -> [Finding] {
        var findings: [Finding] = []
        if words < 300 {
            let message = "The text has \(words) words; fewer than 300 seldom answer a question"
            findings.append(Finding("text-short", .warning, message))
        }
        if count == 0 {
            findings.append(Finding("text-keyword", .warning, "The text lacks the keyword"))
        } else if density > 3 {
            let percent = (density * 10).rounded() / 10
            let message = "The keyword makes up \(percent) % of the text, which reads as stuffing"
            findings.append(Finding("keyword-stuffing", .warning, message))
        }
        return findings
    }
}

extension SearchAudit {
    static let task = TaskFunction(
        "content.seo",
        summary: """
            Examines title, description, headings, images, links, robots and text of a page for \
            how well it can be found by a keyword.
            """,
        definition: """
            Google Search Central's documentation; 100 less 20 for an error, 8 for a warning, 3 \
            for a notice
            """,
        payload: Schema.object([
            "html": Schema.string(0...262_144), "keyword": Schema.string(1...200),
        ]),
        result: Schema.object([
            "score": Schema.integer(0...100),
            "findings": Schema.array(
                Schema.object([
                    "rule": Schema.string(),
                    "severity": Schema.choice(Severity.allCases.map(\.rawValue)),
                    "message": Schema.string(),
                ])
            ),
            "words": Schema.integer(),
            "keywordCount": Schema.integer(),
            "keywordDensity": Schema.number(0...100, description: "In percent of the words"),
            "title": Schema.nullable(Schema.string()),
            "description": Schema.nullable(Schema.string()),
        ]),
        example: [
            "keyword": "event hub",
            "html": """
            <!DOCTYPE html><html lang="en"><head><title>An event hub for agents</title>\
            <meta name="description" content="Tasks, agents and everyone who watches them."></head>\
            <body><h1>The event hub</h1><p>An event hub tells what happens.</p></body></html>
            """,
        ],
        perform: { (input: SearchAudit, _) in try input.result() }
    )
}
