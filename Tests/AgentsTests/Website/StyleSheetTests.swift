import Testing

@testable import Agents

@Suite struct StyleSheetTests {
    private static func sheet(_ source: String) -> StyleSheet {
        var sheet = StyleSheet()
        sheet.add(source)
        return sheet
    }

    @Test func `simple selectors are applied by specificity and then order`() {
        let sheet = Self.sheet("#x{} .a.b{} p.a{} p{} *{} .c{}")
        #expect(sheet.rules.map(\.specificity) == [0, 1, 1_000, 1_001, 2_000, 1_000_000])
        #expect(sheet.skippedSelectors == 0)
    }

    @Test(
        arguments: [
            ("p a{} p>a{} a:hover{} [x]{} p{}", 4, 1),
            ("@media print { p{color:red} a{} } b{}", 1, 1),
            ("@import 'x'; b{}", 1, 1),
            ("/* p{} */ b/**/{} /* open", 0, 1),
            ("b, , i{}", 1, 2),
            ("b{color:red", 0, 1),
            ("}}}b{}", 1, 0),
            ("@media {{{", 1, 0),
            (".{} #{} #a#b{}", 3, 0),
        ]
    )
    func `what is not understood is counted`(source: String, skipped: Int, rules: Int) {
        let sheet = Self.sheet(source)
        #expect(sheet.skippedSelectors == skipped)
        #expect(sheet.rules.count == rules)
    }

    @Test func `rules beyond the limit are counted and not applied`() {
        let sheet = Self.sheet(String(repeating: "p{}", count: StyleSheet.ruleLimit + 7))
        #expect(sheet.rules.count == StyleSheet.ruleLimit)
        #expect(sheet.skippedSelectors == 7)
    }

    @Test(
        arguments: [
            ("color: red; color: nonsense", "color:red"),
            ("COLOR : RED !IMPORTANT; color: blue", "color:red!important;color:blue"),
            ("background: url(a;b.png) no-repeat #fff", "background:#fff url(x)"),
            ("font: italic bold 12pt/1.5 serif", "font-weight:bold;font-size:16px"),
            ("font-size: x-large", "font-size:24px"),
            ("color: red important; font-size: -1px; font-weight: 0", ""),
            ("--color: red; : ; ;; color", ""),
        ]
    )
    func `declarations come to what they mean`(source: String, meaning: String) {
        #expect(CSSBlock(source) == CSSBlock(meaning))
        #expect((CSSBlock(source) == CSSBlock("")) == meaning.isEmpty)
    }
}
