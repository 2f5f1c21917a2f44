/// The colours of a site and its style sheet.
///
/// Text, links and the accent have a contrast of 4.5:1 or more to what is behind them (WCAG 2.2,
/// 1.4.3): an accent that has less is moved towards black or white until it does.
struct SiteTheme {
    enum Scheme: String, CaseIterable {
        case light
        case dark
        /// What the reader's system prefers.
        case auto
    }

    private struct Palette {
        var background: CSSColor
        var text: CSSColor
        var muted: CSSColor
        var accent: CSSColor

        static func light(_ accent: CSSColor) -> Palette {
            let background = CSSColor.white
            return Palette(
                background: background,
                text: gray(0x1F),
                muted: gray(0x55),
                accent: SiteTheme.legible(accent, on: background, towards: .black)
            )
        }

        static func dark(_ accent: CSSColor) -> Palette {
            let background = gray(0x16)
            return Palette(
                background: background,
                text: gray(0xEA),
                muted: gray(0xB4),
                accent: SiteTheme.legible(accent, on: background, towards: .white)
            )
        }

        private static func gray(_ level: Double) -> CSSColor {
            CSSColor(red: level / 255, green: level / 255, blue: level / 255)
        }

        var declarations: String {
            """
            --background: \(background.hexadecimal); --text: \(text.hexadecimal); \
            --muted: \(muted.hexadecimal); --accent: \(accent.hexadecimal);
            """
        }
    }

    var scheme: Scheme
    var accent: CSSColor

    static let defaultAccent = CSSColor(red: 0x0B / 255, green: 0x57 / 255, blue: 0xD0 / 255)

    /// A colour moved in steps of 5 % until its contrast, in eight bits, is 4.5:1.
    static func legible(
        _ color: CSSColor,
        on background: CSSColor,
        towards end: CSSColor
    ) -> CSSColor {
        var color = CSSColor(red: color.red, green: color.green, blue: color.blue).rounded
        for _ in 0..<200 where CSSColor.contrastRatio(color, background) < 4.5 {
            var veil = end
            veil.alpha = 0.05
            let next = veil.composited(over: color).rounded
            if next == color { return end }
            color = next
        }
        return color
    }

    var styleSheet: String {
        let light = Palette.light(accent).declarations
        let dark = Palette.dark(accent).declarations
        let colors =
            switch scheme {
            case .light: ":root { color-scheme: light; \(light) }"
            case .dark: ":root { color-scheme: dark; \(dark) }"
            case .auto:
                """
                :root { color-scheme: light dark; \(light) }
                @media (prefers-color-scheme: dark) { :root { \(dark) } }
                """
            }
        return colors + "\n" + Self.rules
    }

    private static let rules = """
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; max-width: 46rem; padding: 1rem;
          background: var(--background); color: var(--text);
          font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere;
        }
        a { color: var(--accent); text-decoration: underline; }
        a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .skip { position: absolute; left: -100vw; padding: .5rem; background: var(--background); }
        .skip:focus { left: 1rem; }
        header { border-bottom: 1px solid var(--muted); margin-bottom: 1.5rem; }
        .site { font-weight: 700; margin: 0; }
        nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; }
        nav a { display: inline-block; min-height: 24px; min-width: 24px; }
        h1, h2, h3, h4, h5, h6 { line-height: 1.25; }
        img { max-width: 100%; height: auto; }
        pre { white-space: pre-wrap; border-left: 4px solid var(--accent); padding-left: 1rem; }
        code { font-family: ui-monospace, monospace; }
        blockquote { margin-left: 0; padding-left: 1rem; border-left: 4px solid var(--muted); }
        table { border-collapse: collapse; width: 100%; }
        th, td { border: 1px solid var(--muted); padding: .25rem .5rem; text-align: left; }
        .center { text-align: center; }
        .right { text-align: right; }
        footer { border-top: 1px solid var(--muted); margin-top: 2rem; color: var(--muted); }

        """
}

extension CSSColor {
    /// As eight bits a component can show it.
    var rounded: CSSColor {
        func eight(_ component: Double) -> Double {
            (min(max(component, 0), 1) * 255).rounded() / 255
        }
        return CSSColor(red: eight(red), green: eight(green), blue: eight(blue))
    }

    /// `#rrggbb`, without alpha.
    var hexadecimal: String {
        let parts = [red, green, blue].map { component in
            let value = Int((min(max(component, 0), 1) * 255).rounded())
            return (value < 16 ? "0" : "") + String(value, radix: 16)
        }
        return "#" + parts.joined()
    }
}
