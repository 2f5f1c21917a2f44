/// The part of an element's computed style that decides on the contrast of its text.
struct ComputedStyle: Equatable {
    var color = CSSColor.black
    /// What the element itself paints; not inherited.
    var ownBackground = CSSColor.transparent
    /// The opaque colour behind its text; `nil` where an image or gradient hides what it is.
    var backdrop: CSSColor? = CSSColor.white
    /// In CSS pixels.
    var fontSize = 16.0
    var fontWeight = 400.0
    var isVisible = true
    /// Whether the element and all in it is not rendered.
    var isRemoved = false

    /// At least 18 pt, or 14 pt and bold: what WCAG 2.2 calls large-scale text.
    var isLargeText: Bool {
        fontSize >= 24 || fontWeight >= 700 && fontSize >= 14.0 * 4 / 3 - 1e-9
    }

    /// Contrast ratio that WCAG 2.2 success criterion 1.4.3 asks for at level AA.
    var requiredContrast: Double { isLargeText ? 3 : 4.5 }

    /// Between text and backdrop; `nil` where the latter is not known.
    var contrast: Double? {
        backdrop.map { CSSColor.contrastRatio(color.composited(over: $0), $0) }
    }

    /// The style of a child before any declaration applies.
    func inherited() -> ComputedStyle {
        var child = self
        child.ownBackground = .transparent
        return child
    }
}

/// The declarations that win a cascade, for one element or within one block.
struct Cascade: Equatable {
    private var color: CSSDeclaration.ColorValue?
    private var backgroundColor: CSSDeclaration.ColorValue?
    private var hasImage: Bool?
    private var fontSize: CSSDeclaration.FontSize?
    private var fontWeight: CSSDeclaration.FontWeight?
    private var isRemoved: Bool?
    private var isVisible: Bool?

    /// Applies a declaration over those applied before.
    mutating func apply(_ property: CSSDeclaration.Property) {
        switch property {
        case .color(let value): color = value
        case .backgroundColor(let value): backgroundColor = value
        case .backgroundImage(let value): hasImage = value
        case .fontSize(let value): fontSize = value
        case .fontWeight(let value): fontWeight = value
        case .isRemoved(let value): isRemoved = value
        case .isVisible(let value): isVisible = value
        }
    }

    /// Applies what another cascade decides over what this one does.
    mutating func apply(_ other: Cascade) {
        color = other.color ?? color
        backgroundColor = other.backgroundColor ?? backgroundColor
        hasImage = other.hasImage ?? hasImage
        fontSize = other.fontSize ?? fontSize
        fontWeight = other.fontWeight ?? fontWeight
        isRemoved = other.isRemoved ?? isRemoved
        isVisible = other.isVisible ?? isVisible
    }

    /// Larger sizes are cut, so that relative ones stay finite however deep they nest.
    private static let largestFont = 10_000.0

    /// The computed style of a child of `parent`, where the root element's font is `rootFont`.
    func computed(parent: ComputedStyle, rootFont: Double) -> ComputedStyle {
        var style = parent.inherited()
        switch color {
        case .color(let value): style.color = value
        case .initial: style.color = .black
        case .inherit, .currentColor, .unset, nil: break
        }
        switch backgroundColor {
        case .color(let value): style.ownBackground = value
        case .currentColor: style.ownBackground = style.color
        case .inherit: style.ownBackground = parent.ownBackground
        case .initial, .unset, nil: break
        }
        if hasImage == true {
            style.backdrop = nil
        } else if style.ownBackground.alpha >= 1 {
            style.backdrop = style.ownBackground
        } else {
            style.backdrop = parent.backdrop.map(style.ownBackground.composited)
        }
        switch fontSize {
        case .pixels(let value): style.fontSize = value
        case .relative(let factor): style.fontSize = factor * parent.fontSize
        case .root(let factor): style.fontSize = factor * rootFont
        case nil: break
        }
        style.fontSize = min(style.fontSize, Self.largestFont)
        switch fontWeight {
        case .absolute(let value): style.fontWeight = value
        case .bolder: style.fontWeight = Self.bolder(parent.fontWeight)
        case .lighter: style.fontWeight = Self.lighter(parent.fontWeight)
        case .inherit, nil: break
        }
        style.isVisible = isVisible ?? parent.isVisible
        style.isRemoved = parent.isRemoved || isRemoved == true
        return style
    }

    /// CSS Fonts Module Level 4, section 2.2.1.
    private static func bolder(_ weight: Double) -> Double {
        if weight < 350 { 400 } else if weight < 550 { 700 } else { max(weight, 900) }
    }

    private static func lighter(_ weight: Double) -> Double {
        if weight < 550 { min(weight, 100) } else if weight < 750 { 400 } else { 700 }
    }
}

extension Cascade {
    /// Applies what browsers' own style sheets say (HTML Standard, section 15.3).
    mutating func applyDefaults(of element: String, hasHref: Bool) {
        switch element {
        case "a" where hasHref:
            apply(.color(.color(CSSColor(red: 0, green: 0, blue: 238.0 / 255))))
        case "mark":
            apply(.color(.color(.black)))
            apply(.backgroundColor(.color(CSSColor(red: 1, green: 1, blue: 0))))
        case "b", "strong": apply(.fontWeight(.bolder))
        case "th": apply(.fontWeight(.absolute(700)))
        case "small", "sub", "sup": apply(.fontSize(.relative(1 / 1.2)))
        case "big": apply(.fontSize(.relative(1.2)))
        case "h1": applyHeading(2)
        case "h2": applyHeading(1.5)
        case "h3": applyHeading(1.17)
        case "h4": applyHeading(1)
        case "h5": applyHeading(0.83)
        case "h6": applyHeading(0.67)
        case "head", "title", "script", "style", "template", "noscript", "svg", "math", "iframe",
            "object", "video", "audio", "canvas", "select", "textarea", "button", "datalist":
            // Not rendered, or not with the colours of the page's text.
            apply(.isRemoved(true))
        default: break
        }
    }

    private mutating func applyHeading(_ factor: Double) {
        apply(.fontSize(.relative(factor)))
        apply(.fontWeight(.absolute(700)))
    }
}
