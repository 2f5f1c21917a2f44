import Testing

@testable import Agents

@Suite struct MarkdownTests {
    private static func html(_ markdown: String) throws -> String {
        try MarkdownHTML(markdown, title: "").html
    }

    /// Examples of the CommonMark specification 0.31, with headings one page deep.
    @Test(
        arguments: [
            ("aaa\n\nbbb", "<p>aaa</p>\n<p>bbb</p>\n"),
            ("## foo ##", "<h2 id=\"foo\">foo</h2>\n"),
            ("#5 bolt", "<p>#5 bolt</p>\n"),
            ("Foo *bar*\n---", "<h2 id=\"foo-bar\">Foo <em>bar</em></h2>\n"),
            ("***", "<hr>\n"), ("- - -", "<hr>\n"),
            ("    a <b", "<pre><code>a &lt;b\n</code></pre>\n"),
            ("~~~ ruby x\ndef\n~~~", "<pre><code class=\"language-ruby\">def\n</code></pre>\n"),
            ("```\naaa", "<pre><code>aaa\n</code></pre>\n"),
            (
                "> # Foo\n> bar",
                "<blockquote>\n<h2 id=\"foo\">Foo</h2>\n<p>bar</p>\n</blockquote>\n"
            ),
            ("- a\n- b\n+ c", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ul>\n<li>c</li>\n</ul>\n"),
            ("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"),
            ("- a\n\n- b", "<ul>\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ul>\n"),
            ("*foo bar*", "<p><em>foo bar</em></p>\n"),
            ("a * foo bar*", "<p>a * foo bar*</p>\n"),
            ("foo*bar*", "<p>foo<em>bar</em></p>\n"), ("foo_bar_", "<p>foo_bar_</p>\n"),
            ("***a** b*", "<p><em><strong>a</strong> b</em></p>\n"),
            ("*foo _bar* baz_", "<p><em>foo _bar</em> baz_</p>\n"),
            ("\\*a\\*", "<p>*a*</p>\n"), ("foo  \nbar", "<p>foo<br>\nbar</p>\n"),
            ("`` foo ` bar ``", "<p><code>foo ` bar</code></p>\n"),
            ("[link](/uri \"title\")", "<p><a href=\"/uri\" title=\"title\">link</a></p>\n"),
            ("[link](foo(and(bar)))", "<p><a href=\"foo(and(bar))\">link</a></p>\n"),
            ("[a](b c)", "<p>[a](b c)</p>\n"), ("[a](javascript:x)", "<p>a</p>\n"),
            ("[a [b](c) d](e)", "<p>[a <a href=\"c\">b</a> d](e)</p>\n"),
            ("![a *b*](c)", "<p><img src=\"c\" alt=\"a b\"></p>\n"),
            ("<a@b.org> <b>", "<p><a href=\"mailto:a@b.org\">a@b.org</a> &lt;b&gt;</p>\n"),
            ("&copy; &x; &#65;", "<p>© &amp;x; A</p>\n"),
        ]
    )
    func `Markdown is the HTML of the specification`(markdown: String, html: String) throws {
        #expect(try Self.html(markdown) == html)
    }

    @Test func `tables have headers with a scope`() throws {
        let html = try Self.html("| a | b |\n|--|:-:|\n| 1 \\| 2 |")
        #expect(html.contains("<th scope=\"col\">a</th><th scope=\"col\" class=\"center\">b</th>"))
        #expect(html.contains("<td>1 | 2</td><td class=\"center\"></td>"))
    }

    @Test func `equal headings have ids of their own`() throws {
        let html = try Self.html("## a\n## a\n## content")
        #expect(html.contains("id=\"a\"") && html.contains("id=\"a-2\""))
        #expect(html.contains("id=\"content-2\""))
    }

    @Test(
        arguments: [
            "[", "![", "](", "*", "_", "**a ", "*_", "`", "``` ", "> ", "- ", "1. ", "<", "&", "\\",
            "|", "# a\n", "[a](b)", "![a](", "*a_", "\n", "a\n", "    ", "`a``b", "[![", "<a:",
        ]
    )
    func `endless repeats are read in linear time`(part: String) throws {
        let text = String(repeating: part, count: 60_000 / part.utf8.count)
        _ = try Self.html(text)
    }
}
