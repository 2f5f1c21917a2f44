/// One page of a site as an HTML document (HTML Standard).
struct SitePage {
    struct Link {
        var slug: String
        var title: String
    }

    /// Links of a navigation; further pages are on the start page.
    static let navigationLimit = 12

    var siteName: String
    var language: String
    var baseURL: String
    var links: [Link]
    var slug: String
    var title: String
    var content: String
    var summary: String

    static func path(_ slug: String) -> String { "\(slug).html" }

    /// The address of a page; that of the start page is the site's.
    static func address(_ slug: String, baseURL: String) -> String {
        baseURL + "/" + (slug == "index" ? "" : path(slug))
    }

    var html: String {
        let name = HTMLText.escaped(siteName)
        let heading = HTMLText.escaped(title)
        let isStart = slug == "index"
        let fullTitle = title == siteName ? name : "\(heading) – \(name)"
        let address = HTMLText.attribute(Self.address(slug, baseURL: baseURL))
        // References are escaped already.
        let description = String(summary.prefix(160)).filter { $0 != "\"" && $0 != "<" }
        let cut = Self.withoutPartialReference(description)
        return """
            <!DOCTYPE html>
            <html lang="\(HTMLText.attribute(language))">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(fullTitle)</title>
            <meta name="description" content="\(cut.isEmpty ? HTMLText.attribute(title) : cut)">
            <link rel="canonical" href="\(address)">
            <link rel="stylesheet" href="style.css">
            <link rel="alternate" type="application/rss+xml" title="\
            \(HTMLText.attribute(siteName))" href="feed.xml">
            </head>
            <body>
            <a class="skip" href="#content">Skip to content</a>
            <header>
            <p class="site">\(isStart ? name : "<a href=\"index.html\">\(name)</a>")</p>
            \(navigation)</header>
            <main id="content">
            <h1>\(heading)</h1>
            \(content)</main>
            <footer>
            <p>\(name)</p>
            </footer>
            </body>
            </html>

            """
    }

    private var navigation: String {
        guard links.count > 1 else { return "" }
        let items = links.prefix(Self.navigationLimit).map { link in
            let current = link.slug == slug ? " aria-current=\"page\"" : ""
            let title = HTMLText.escaped(link.title)
            return "<li><a href=\"\(Self.path(link.slug))\"\(current)>\(title)</a></li>\n"
        }
        return "<nav aria-label=\"Pages\">\n<ul>\n\(items.joined())</ul>\n</nav>\n"
    }

    /// A text that was cut, without what is left of a reference such as `&am`.
    private static func withoutPartialReference(_ text: String) -> String {
        guard let sign = text.lastIndex(of: "&"), !text[sign...].contains(";") else { return text }
        return String(text[..<sign])
    }
}
