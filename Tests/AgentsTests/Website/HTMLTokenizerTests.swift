import Testing

@testable import Agents

@Suite struct HTMLTokenizerTests {
    /// Tags and visible text in a short notation.
    private static func outline(_ html: String) -> [String] {
        var tokenizer = HTMLTokenizer(html)
        var result: [String] = []
        while let token = tokenizer.next() {
            switch token {
            case .startTag(let name, let attributes):
                let list = attributes.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
                result.append("<\(name)\(list.joined())>")
            case .endTag(let name): result.append("</\(name)>")
            case .text(let range), .rawText(let range):
                result.append(String(decoding: tokenizer.bytes[range], as: UTF8.self))
            }
        }
        return result
    }

    @Test(
        arguments: [
            ("<P>a</p>", ["<p>", "a", "</p>"]),
            ("<p id='a b' class=\"x\" hidden>", ["<p class=x hidden= id=a b>"]),
            ("<a href=/x/y>", ["<a href=/x/y>"]),
            ("<p id = a id=b>", ["<p id=a>"]),
            ("<br/><img alt='>'>", ["<br>", "<img alt=>>"]),
            ("a<!-- <b> -->c", ["a", "c"]),
            ("<!-->a<!--->b", ["a", "b"]),
            ("<!doctype html><?xml?>a", ["a"]),
            ("1 < 2 <3", ["1 ", "< 2 ", "<3"]),
            ("<style>a<b</STYLE>x", ["<style>", "a<b", "</style>", "x"]),
            ("<script></p></script >", ["<script>", "</p>", "</script>"]),
            ("<p =id=x>", ["<p>"]),
            ("</>a</ b>c", ["a", "c"]),
            ("<title>never closed", ["<title>", "never closed"]),
            ("<p", []), ("<p id='", []), ("<!--", []), ("<", ["<"]), ("", []),
        ] as [(String, [String])]
    )
    func `HTML is cut into tags and text`(html: String, tokens: [String]) {
        #expect(Self.outline(html) == tokens)
    }

    @Test(arguments: [
        ("a", true), (" \n", false), ("&nbsp;\u{A0} &#160;", false), ("\u{A0}.", true),
    ])
    func `blank text is not visible`(text: String, isVisible: Bool) {
        let tokenizer = HTMLTokenizer(text)
        #expect(tokenizer.isVisible(0..<text.utf8.count) == isVisible)
    }

    @Test(arguments: ["<", "<a ", "<!--", "</", "<a b='", "<a b=", "<style>", "<a x=1", "<?", "&"])
    func `a mebibyte of anything ends`(piece: String) {
        let html = String(repeating: piece, count: 1_048_576 / piece.utf8.count)
        var tokenizer = HTMLTokenizer(html)
        var covered = 0
        while let token = tokenizer.next() {
            if case .text(let range) = token { covered += range.count }
        }
        #expect(covered <= html.utf8.count)
    }
}
