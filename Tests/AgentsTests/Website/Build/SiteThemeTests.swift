import Testing

@testable import Agents

@Suite struct SiteThemeTests {
    @Test(arguments: ["#ffffff", "#ffee88", "#000000", "#777777", "#0b57d0", "red", "lime"])
    func `accents are legible on light and on dark`(color: String) throws {
        let accent = try #require(CSSColor(css: color))
        for scheme in SiteTheme.Scheme.allCases {
            let sheet = SiteTheme(scheme: scheme, accent: accent).styleSheet
            for line in sheet.split(separator: "\n") where line.contains("--accent: ") {
                func value(_ name: String) throws -> CSSColor {
                    let parts = line.components(after: "--\(name): ")
                    return try #require(CSSColor(css: String(parts.prefix(7))))
                }
                let background = try value("background")
                for name in ["accent", "text", "muted"] {
                    #expect(CSSColor.contrastRatio(try value(name), background) >= 4.5)
                }
            }
        }
    }
}

extension Substring {
    /// What follows the first `mark`.
    fileprivate func components(after mark: String) -> Substring {
        var rest = self
        while !rest.isEmpty, !rest.hasPrefix(mark) { rest = rest.dropFirst() }
        return rest.dropFirst(mark.count)
    }
}
