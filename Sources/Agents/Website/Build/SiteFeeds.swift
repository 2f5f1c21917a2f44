/// What machines read of a site.
struct SiteFeeds {
    var name: String
    var baseURL: String
    var language: String

    /// Sitemaps protocol 0.9.
    func sitemap(_ links: [SitePage.Link], _ pages: [SiteBuild.Page]) -> String {
        var dates: [String: CalendarDate] = [:]
        for page in pages { dates[page.slug] = page.date }
        let entries = links.map { link in
            let date = dates[link.slug].map { "<lastmod>\($0.text)</lastmod>" } ?? ""
            return "<url><loc>\(address(link.slug))</loc>\(date)</url>\n"
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
            \(entries.joined())</urlset>

            """
    }

    /// The robots exclusion protocol (RFC 9309).
    var robots: String {
        """
        User-agent: *
        Allow: /
        Sitemap: \(baseURL)/sitemap.xml

        """
    }

    /// RSS 2.0 (RSS Advisory Board, 2009) of all pages but the start page, the newest first.
    func rss(_ pages: [SiteBuild.Page], _ summaries: [String]) -> String {
        let entries = zip(pages, summaries).filter { $0.0.slug != "index" }
        let newest = entries.enumerated().sorted { one, other in
            let dates = (one.element.0.date?.days ?? .min, other.element.0.date?.days ?? .min)
            return dates.0 != dates.1 ? dates.0 > dates.1 : one.offset < other.offset
        }
        let items = newest.map { item -> String in
            let (page, summary) = item.element
            let link = address(page.slug)
            let date = page.date.map { "<pubDate>\(Self.rfc822($0))</pubDate>" } ?? ""
            // A summary is HTML text and becomes text of XML.
            let description = summary.isEmpty ? HTMLText.escaped(page.title) : summary
            return """
                <item><title>\(HTMLText.escaped(page.title))</title><link>\(link)</link>\
                <guid>\(link)</guid>\(date)<description>\(description)</description></item>

                """
        }
        let home = address("index")
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
            <channel>
            <title>\(HTMLText.escaped(name))</title>
            <link>\(home)</link>
            <description>\(HTMLText.escaped(name))</description>
            <language>\(language)</language>
            <atom:link href="\(baseURL)/feed.xml" rel="self" type="application/rss+xml"/>
            \(items.joined())</channel>
            </rss>

            """
    }

    private func address(_ slug: String) -> String {
        HTMLText.escaped(SitePage.address(slug, baseURL: baseURL))
    }

    /// Midnight in UTC, as RFC 822 has it with four digits of the year.
    private static func rfc822(_ date: CalendarDate) -> String {
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let (year, month, day) = date.components
        let written = "\(CalendarDate.padded(day, 2)) \(months[month - 1])"
        return
            "\(weekdays[date.weekday - 1]), \(written) \(CalendarDate.padded(year, 4)) 00:00:00 GMT"
    }
}
