import Testing

@testable import Agents

@Suite struct CSSColorTests {
    @Test(
        arguments: [
            ("#f80", 255.0, 136.0, 0.0, 1.0), ("#F808", 255, 136, 0, 136.0 / 255),
            ("#0a141e", 10, 20, 30, 1), ("#0a141e33", 10, 20, 30, 0.2),
            ("rgb(10, 20, 30)", 10, 20, 30, 1), ("rgba(10,20,30,.5)", 10, 20, 30, 0.5),
            ("rgb(10 20 30 / 50%)", 10, 20, 30, 0.5), ("RGB(10% 20% 100%)", 25.5, 51, 255, 1),
            ("rgb(-5, 300, 1e2)", 0, 255, 100, 1), ("hsl(120, 50%, 50%)", 63.75, 191.25, 63.75, 1),
            ("hsl(-240deg 50% 50%)", 63.75, 191.25, 63.75, 1),
            ("hsla(0.5turn 100% 50% / 25%)", 0, 255, 255, 0.25),
            ("RebeccaPurple", 102, 51, 153, 1), ("transparent", 0, 0, 0, 0),
        ] as [(String, Double, Double, Double, Double)]
    )
    func `colours are read in every notation`(
        text: String,
        red: Double,
        green: Double,
        blue: Double,
        alpha: Double
    ) throws {
        let color = try #require(CSSColor(css: text))
        #expect((color.red * 255).isClose(to: red))
        #expect((color.green * 255).isClose(to: green))
        #expect((color.blue * 255).isClose(to: blue))
        #expect(color.alpha.isClose(to: alpha))
    }

    @Test(
        arguments: [
            "", "#", "#12345", "#ggg", "rgb(1,2)", "rgb(nan,0,0)", "rgb(inf 0 0)", "rgb(0x1 2 3)",
            "rgb(1e999,0,0)", "hsl(1e308turn 1% 1%)", "lab(1 2 3)", "nocolour", "rgb(", "rgb)",
            "#１２３",
        ]
    )
    func `what is no colour is not read`(text: String) {
        #expect(CSSColor(css: text) == nil)
    }

    /// Ratios on white: wcag-contrast-ratio 0.9.
    @Test(
        arguments: [
            ("#767676", 4.542224959605253), ("#777777", 4.478089453577214),
            ("#949494", 3.0334698257384747), ("#0000ee", 9.397615840239814),
            ("red", 3.9984767707539985), ("black", 21), ("white", 1),
        ]
    )
    func `contrast is that of the published definition`(text: String, ratio: Double) throws {
        let color = try #require(CSSColor(css: text))
        #expect(CSSColor.contrastRatio(color, .white).isClose(to: ratio))
        #expect(CSSColor.contrastRatio(.white, color).isClose(to: ratio))
    }

    @Test func `translucent colours are blended`() {
        let half = CSSColor(red: 0, green: 0, blue: 0, alpha: 0.5)
        #expect(half.composited(over: .white) == CSSColor(red: 0.5, green: 0.5, blue: 0.5))
    }

    @Test func `there are 148 names`() {
        #expect(CSSColor.named.count == 148)
    }
}
