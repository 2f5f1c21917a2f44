import AgentRuntime
import JSONRPC

/// Builds a website from Markdown: a document for each page, one style sheet, a sitemap
/// (sitemaps.org 0.9), robots.txt (RFC 9309) and a feed (RSS 2.0).
///
/// Without a page `index` the start page lists the pages. The same input gives the same bytes.
struct SiteBuild: TaskInput {
    struct Page {
        var slug: String
        var title: String
        var markdown: String
        /// What the rest of its text is to say.
        var brief: String?
        var date: CalendarDate?
    }

    /// Bytes of all files, so that the result stays within what results may have.
    static let largest = 900_000
    static let mostPages = 100

    var name: String
    var pages: [Page] = []
    var theme: SiteTheme
    var baseURL: String
    var language: String

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        name = try Self.title(fields, "name")
        let scheme = try fields.choice("theme", default: SiteTheme.Scheme.auto)
        theme = SiteTheme(scheme: scheme, accent: SiteTheme.defaultAccent)
        if fields.has("accent") {
            guard let accent = CSSColor(css: try fields.string("accent")) else {
                throw fields.wrong("accent", "a colour such as #0b57d0")
            }
            theme.accent = accent
        }
        baseURL = "https://example.com"
        if fields.has("url") { baseURL = try Self.url(fields) }
        language = "en"
        if fields.has("language") {
            language = try fields.string("language")
            guard Self.isLanguage(language) else {
                throw fields.wrong("language", "a language tag such as en or pt-BR")
            }
        }
        var slugs: Set<String> = []
        for page in try fields.objects("pages") {
            let slug = try page.string("slug")
            guard Self.isSlug(slug) else {
                throw page.wrong("slug", "of lower-case letters, digits and single hyphens")
            }
            guard slugs.insert(slug).inserted else { throw page.wrong("slug", "unique") }
            pages.append(
                Page(
                    slug: slug,
                    title: try Self.title(page, "title"),
                    markdown: try page.string("markdown"),
                    brief: page.has("brief") ? try page.string("brief").trimmingSpaces : nil,
                    date: try page.optionalDate("date")
                )
            )
        }
        guard !pages.isEmpty, pages.count <= Self.mostPages else {
            throw fields.wrong("pages", "1 to \(Self.mostPages) pages")
        }
        guard pages.count(where: { $0.brief != nil }) <= Self.mostBriefs else {
            throw fields.wrong("pages", "pages of which at most \(Self.mostBriefs) have a brief")
        }
    }

    private static func title(
        _ fields: PayloadFields,
        _ name: String
    ) throws(InvalidPayload) -> String {
        let text = HTMLText.cleaned(try fields.string(name)).split(separator: "\n")
            .joined(separator: " ").trimmingSpaces
        guard text.unicodeScalars.contains(where: \.isLetterOrDigit) else {
            throw fields.wrong(name, "a text with a letter or digit")
        }
        return text
    }

    private static func isSlug(_ slug: String) -> Bool {
        let parts = slug.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return slug.utf8.count <= 80
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy { byte in
                        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    }
            }
    }

    /// `http` or `https` and a host, without a slash at its end.
    private static func url(_ fields: PayloadFields) throws(InvalidPayload) -> String {
        var text = try fields.string("url")
        while text.hasSuffix("/") { text.removeLast() }
        let rest = text.hasPrefix("https://") ? text.dropFirst(8) : text.dropFirst(7)
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), !rest.isEmpty,
            rest.utf8.allSatisfy({ byte in
                byte < 0x80
                    && (TextScan.isAlphanumeric(Unicode.Scalar(byte))
                        || "-._~:/".utf8.contains(byte))
            })
        else { throw fields.wrong("url", "as https://www.example.org") }
        return text
    }

    /// Two or three letters and subtags of up to eight letters and digits (BCP 47).
    private static func isLanguage(_ tag: String) -> Bool {
        let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, (2...3).contains(first.utf8.count),
            first.unicodeScalars.allSatisfy(TextScan.isASCIILetter)
        else { return false }
        return parts.dropFirst().allSatisfy { part in
            (2...8).contains(part.utf8.count)
                && part.unicodeScalars.allSatisfy(TextScan.isAlphanumeric)
        }
    }

    func result(context: any TaskContext) throws -> JSONValue {
        var files: [(path: String, content: String)] = []
        var size = 0
        func add(_ path: String, _ content: String) throws {
            size += content.utf8.count
            guard size <= Self.largest else {
                throw InvalidPayload(
                    "/pages",
                    "must be less: the files have more than \(Self.largest) bytes"
                )
            }
            files.append((path, content))
        }
        var links = pages.map { SitePage.Link(slug: $0.slug, title: $0.title) }
        let hasStart = pages.contains { $0.slug == "index" }
        if !hasStart { links.insert(SitePage.Link(slug: "index", title: name), at: 0) }
        func document(_ link: SitePage.Link, _ content: String, _ summary: String) -> String {
            SitePage(
                siteName: name,
                language: language,
                baseURL: baseURL,
                links: links,
                slug: link.slug,
                title: link.title,
                content: content,
                summary: summary
            ).html
        }
        var summaries: [String] = []
        for (index, page) in pages.enumerated() {
            let body = try MarkdownHTML(page.text, title: page.title)
            summaries.append(body.summary)
            let link = SitePage.Link(slug: page.slug, title: page.title)
            try add(SitePage.path(page.slug), document(link, body.html, body.summary))
            context.reportProgress(100 * (index + 1) / pages.count, message: page.title)
        }
        if !hasStart {
            let items = pages.map { page in
                "<li><a href=\"\(SitePage.path(page.slug))\">\(HTMLText.escaped(page.title))</a></li>\n"
            }
            try add("index.html", document(links[0], "<ul>\n\(items.joined())</ul>\n", ""))
        }
        let feeds = SiteFeeds(name: name, baseURL: baseURL, language: language)
        try add("style.css", theme.styleSheet)
        try add("sitemap.xml", feeds.sitemap(links, pages))
        try add("robots.txt", feeds.robots)
        try add("feed.xml", feeds.rss(pages, summaries))
        return [
            "files": .object(JSONObject(files.map { ($0.path, .string($0.content)) })),
            "bytes": .integer(size),
            "engine": "deterministic",
        ]
    }
}

extension SiteBuild {
    static let task = TaskFunction(
        "site.build",
        summary:
            "Builds an accessible website from Markdown: pages, style sheet, sitemap and feed.",
        definition: """
            HTML Standard, Markdown after CommonMark 0.31 with GitHub's tables and without HTML, \
            sitemaps.org 0.9, RFC 9309, RSS 2.0; colours with a contrast of 4.5:1 (WCAG 2.2). \
            Without a page `index` the start page lists the others
            """,
        payload: Schema.object(
            [
                "name": Schema.string(1...200),
                "pages": Schema.array(
                    Schema.object(
                        [
                            "slug": Schema.string(
                                1...80,
                                description: "index is the start page"
                            ),
                            "title": Schema.string(1...200),
                            "markdown": Schema.string(0...262_144),
                            "brief": Schema.string(
                                1...2_000,
                                description:
                                    "What a language model is to write behind the Markdown; "
                                    + "without one it stands there itself. At most 10 pages"
                            ),
                            "date": Schema.date(description: "Of publication"),
                        ],
                        required: ["slug", "title", "markdown"]
                    ),
                    1...mostPages
                ),
                "theme": Schema.choice(
                    SiteTheme.Scheme.allCases.map(\.rawValue),
                    default: "auto"
                ),
                "accent": Schema.string(1...60, description: "A colour of CSS"),
                "url": Schema.string(
                    8...200,
                    description: "Where the site will be; https://example.com without it"
                ),
                "language": Schema.string(2...35, description: "BCP 47; en without it"),
                "engine": ModelWriter.engineSchema,
            ],
            required: ["name", "pages"]
        ),
        result: Schema.object(
            [
                "files": .object([
                    "type": "object", "description": "Contents by path",
                    "additionalProperties": Schema.string(),
                ]),
                "bytes": Schema.integer(),
                "engine": Schema.string(description: "deterministic, or provider/model"),
                "usage": ModelWriter.usageSchema,
            ],
            required: ["files", "bytes", "engine"]
        ),
        example: [
            "name": "Riverside Choir",
            "theme": "light",
            "url": "https://choir.example.org",
            "pages": [
                [
                    "slug": "index", "title": "Welcome",
                    "markdown": "We sing on **Tuesdays**.\n\n* [Concerts](concerts.html)\n",
                ],
                [
                    "slug": "concerts", "title": "Concerts", "date": "2026-11-01",
                    "markdown":
                        "## Winter\n\n| When | Where |\n|---|---|\n| 12 December | Hall |\n",
                ],
            ],
        ],
        perform: { (input: SiteBuild, context) in try input.result(context: context) },
        enrich: { input, result, writer in try await input.result(result, by: writer) }
    )
}
