/// The declarations of a block that bear on the contrast of text; all others are passed over.
struct CSSBlock: Equatable {
    /// What its normal declarations come to.
    private(set) var normal = Cascade()
    /// What those marked `!important` come to.
    private(set) var important = Cascade()

    /// Reads a `style` attribute or the block of a rule.
    init(_ text: some StringProtocol) {
        for declaration in CSSDeclaration.parse(text) {
            if declaration.isImportant {
                important.apply(declaration.property)
            } else {
                normal.apply(declaration.property)
            }
        }
    }
}

/// A declaration that bears on the contrast of text.
struct CSSDeclaration: Equatable {
    enum Property: Equatable {
        case color(ColorValue)
        case backgroundColor(ColorValue)
        /// Whether there is an image or gradient, whose colours are not known.
        case backgroundImage(Bool)
        case fontSize(FontSize)
        case fontWeight(FontWeight)
        /// Whether `display` is `none`.
        case isRemoved(Bool)
        /// Whether `visibility` is `visible`.
        case isVisible(Bool)
    }

    enum ColorValue: Equatable {
        case color(CSSColor)
        case currentColor
        case inherit
        case initial
        /// `inherit` for properties that are inherited, else `initial`.
        case unset
    }

    enum FontSize: Equatable {
        case pixels(Double)
        /// Times the parent's.
        case relative(Double)
        /// Times that of the root element.
        case root(Double)
    }

    enum FontWeight: Equatable {
        case absolute(Double)
        case bolder
        case lighter
        case inherit
    }

    var property: Property
    var isImportant: Bool

    /// Reads the declarations of a block.
    static func parse(_ block: some StringProtocol) -> [CSSDeclaration] {
        split(block.lowercased(), at: ";").flatMap { declaration -> [CSSDeclaration] in
            guard let colon = declaration.firstIndex(of: ":") else { return [] }
            let name = String(declaration[..<colon].trimmed)
            var value = declaration[declaration.index(after: colon)...].trimmed
            let isImportant = value.hasSuffix("important")
            if isImportant {
                let rest = value.dropLast("important".count).trimmed
                guard rest.hasSuffix("!") else { return [] }
                value = rest.dropLast().trimmed
            }
            return properties(name, value).map {
                CSSDeclaration(property: $0, isImportant: isImportant)
            }
        }
    }

    /// Nothing for an invalid value: such a declaration is ignored as a whole.
    private static func properties(_ name: String, _ value: Substring) -> [Property] {
        switch name {
        case "color": ColorValue(value).map { [.color($0)] } ?? []
        case "background-color": ColorValue(value).map { [.backgroundColor($0)] } ?? []
        case "background-image": [.backgroundImage(hasImage(value))]
        case "background": background(value)
        case "font-size": FontSize(value).map { [.fontSize($0)] } ?? []
        case "font-weight": FontWeight(value).map { [.fontWeight($0)] } ?? []
        case "font": font(value)
        case "display": [.isRemoved(value == "none")]
        case "visibility": [.isVisible(value != "hidden" && value != "collapse")]
        default: []
        }
    }

    private static func hasImage(_ value: Substring) -> Bool {
        value.contains("url(") || value.contains("gradient(") || value.contains("image(")
            || value.contains("image-set(")
    }

    /// The shorthand: a colour anywhere in it, and whether there is an image.
    private static func background(_ value: Substring) -> [Property] {
        let color = split(String(value), at: " ").lazy.compactMap { ColorValue($0) }.first
        return [.backgroundColor(color ?? .initial), .backgroundImage(hasImage(value))]
    }

    /// The shorthand: `[weight] size[/line-height] family`.
    private static func font(_ value: Substring) -> [Property] {
        var weight = FontWeight.absolute(400)
        for word in value.split(whereSeparator: \.isWhitespace) {
            let size = word.split(separator: "/", maxSplits: 1).first ?? word
            if let absolute = FontWeight(word) {
                weight = absolute
            } else if let size = FontSize(size) {
                return [.fontSize(size), .fontWeight(weight)]
            }
        }
        return []
    }

    /// Cuts at `separator` outside parentheses and quotes.
    private static func split(_ text: String, at separator: Character) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var depth = 0
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            switch character {
            case "\"", "'":
                if quote == character { quote = nil } else if quote == nil { quote = character }
            case _ where quote != nil: break
            case "(": depth += 1
            case ")": depth = max(0, depth - 1)
            case separator where depth == 0:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        parts.append(text[start...])
        return parts
    }
}

extension CSSDeclaration.ColorValue {
    init?(_ text: Substring) {
        switch text.trimmed {
        case "currentcolor": self = .currentColor
        case "inherit": self = .inherit
        case "initial": self = .initial
        case "unset", "revert", "revert-layer": self = .unset
        case let text:
            guard let color = CSSColor(css: text) else { return nil }
            self = .color(color)
        }
    }
}

extension CSSDeclaration.FontSize {
    /// Absolute and relative keywords, and lengths in px, pt, pc, in, cm, mm, em, rem and %.
    init?(_ text: Substring) {
        if let keyword = Self.keywords[String(text)] {
            self = keyword
            return
        }
        if text == "0" {
            self = .pixels(0)
            return
        }
        for (unit, make) in Self.units where text.hasSuffix(unit) {
            guard let number = CSSNumber(text.dropLast(unit.count)), number.value >= 0 else {
                return nil
            }
            self = make(number.value)
            return
        }
        return nil
    }

    private static let units: [(String, @Sendable (Double) -> Self)] = [
        ("px", { .pixels($0) }),
        ("pt", { .pixels($0 * 4 / 3) }),
        ("pc", { .pixels($0 * 16) }),
        ("in", { .pixels($0 * 96) }),
        ("cm", { .pixels($0 * 96 / 2.54) }),
        ("mm", { .pixels($0 * 96 / 25.4) }),
        ("rem", { .root($0) }),
        ("em", { .relative($0) }),
        ("%", { .relative($0 / 100) }),
    ]

    /// CSS Fonts Module Level 4, section 2.5, for a medium of 16 px.
    private static let keywords: [String: Self] = [
        "xx-small": .pixels(9.6), "x-small": .pixels(12), "small": .pixels(16 * 8 / 9.0),
        "medium": .pixels(16), "large": .pixels(19.2), "x-large": .pixels(24),
        "xx-large": .pixels(32), "xxx-large": .pixels(48), "smaller": .relative(1 / 1.2),
        "larger": .relative(1.2), "inherit": .relative(1), "unset": .relative(1),
        "initial": .pixels(16),
    ]
}

extension CSSDeclaration.FontWeight {
    init?(_ text: Substring) {
        switch text {
        case "normal", "initial": self = .absolute(400)
        case "bold": self = .absolute(700)
        case "bolder": self = .bolder
        case "lighter": self = .lighter
        case "inherit", "unset": self = .inherit
        default:
            guard let number = CSSNumber(text), (1...1_000).contains(number.value) else {
                return nil
            }
            self = .absolute(number.value)
        }
    }
}

extension StringProtocol {
    /// Without white space at either end.
    var trimmed: Substring {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace }.map(index(after:)) ?? start
        return Substring(self[start..<end])
    }
}
