import Testing

@testable import CommandLineClient

@Suite("Printable text")
struct PrintableTextTests {
    @Test(
        arguments: [
            ("plain – ümläut 漢字 👩‍💻", "plain – ümläut 漢字 👩‍💻"),
            ("\u{1B}]0;title\u{7}", #"\u001b]0;title\u0007"#),
            ("a\nb\t\u{7F}\u{9B}", #"a\u000ab\u0009\u007f\u009b"#),
            ("\u{202E}\u{2066}\u{FEFF}\u{2028}", #"\u202e\u2066\ufeff\u2028"#),
            ("\u{E0041}", #"\udb40\udc41"#),
        ]
    )
    func `escapes what acts on a terminal`(text: String, escaped: String) {
        #expect(PrintableText.escaped(text) == escaped)
    }

    @Test(
        arguments: [
            ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("漢字", 4, "漢字"), ("漢字漢", 4, "漢…"),
            ("abc", 1, "…"), ("abc", 0, ""), ("e\u{301}e\u{301}", 2, "e\u{301}e\u{301}"),
        ]
    )
    func `cuts at a column`(text: String, columns: Int, cut: String) {
        #expect(PrintableText.truncated(text, to: columns) == cut)
    }
}
