import Glibc

/// A colour in sRGB, each component from 0 to 1, not rounded to eight bits.
struct CSSColor: Equatable {
    var red: Double
    var green: Double
    var blue: Double
    var alpha: Double = 1

    static let black = CSSColor(red: 0, green: 0, blue: 0)
    static let white = CSSColor(red: 1, green: 1, blue: 1)
    static let transparent = CSSColor(red: 0, green: 0, blue: 0, alpha: 0)

    /// Seen over an opaque colour (“source over” of Compositing and Blending Level 1).
    func composited(over backdrop: CSSColor) -> CSSColor {
        func mix(_ above: Double, _ below: Double) -> Double {
            above * alpha + below * (1 - alpha)
        }
        return CSSColor(
            red: mix(red, backdrop.red),
            green: mix(green, backdrop.green),
            blue: mix(blue, backdrop.blue)
        )
    }

    /// Relative luminance as WCAG 2.2 defines it; alpha is left out of account.
    var relativeLuminance: Double {
        func linear(_ component: Double) -> Double {
            component <= 0.04045 ? component / 12.92 : pow((component + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Contrast ratio as WCAG 2.2 defines it, from 1 to 21.
    static func contrastRatio(_ first: CSSColor, _ second: CSSColor) -> Double {
        let luminances = (first.relativeLuminance, second.relativeLuminance)
        return (max(luminances.0, luminances.1) + 0.05) / (min(luminances.0, luminances.1) + 0.05)
    }
}

extension CSSColor {
    /// Reads a colour of CSS Color Module Level 4: hexadecimal, `rgb()`, `rgba()`, `hsl()`,
    /// `hsla()` in both notations, names and `transparent`; `nil` for everything else.
    init?(css text: some StringProtocol) {
        let text = text.lowercased()
        if text.hasPrefix("#") {
            self.init(hexadecimal: text.dropFirst())
        } else if let open = text.firstIndex(of: "("), text.hasSuffix(")") {
            let arguments = text[text.index(after: open)...].dropLast()
            self.init(function: String(text[..<open]), arguments: arguments)
        } else if text == "transparent" {
            self = .transparent
        } else if let packed = Self.named[text] {
            self.init(packed: packed)
        } else {
            return nil
        }
    }

    private init(packed: UInt32) {
        red = Double(packed >> 16 & 0xFF) / 255
        green = Double(packed >> 8 & 0xFF) / 255
        blue = Double(packed & 0xFF) / 255
    }

    private init?(hexadecimal digits: Substring) {
        let values = digits.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
        guard values.count == digits.count else { return nil }
        let components: [Int]
        switch values.count {
        case 3, 4: components = values.map { $0 * 17 }
        case 6, 8:
            components = stride(from: 0, to: values.count, by: 2).map {
                values[$0] * 16 + values[$0 + 1]
            }
        default: return nil
        }
        red = Double(components[0]) / 255
        green = Double(components[1]) / 255
        blue = Double(components[2]) / 255
        alpha = components.count > 3 ? Double(components[3]) / 255 : 1
    }

    private init?(function: String, arguments: Substring) {
        let parts = arguments.split { $0 == "," || $0 == "/" || $0.isWhitespace }
        guard parts.count == 3 || parts.count == 4 else { return nil }
        guard let alpha = parts.count > 3 ? Self.fraction(parts[3], of: 1) : 1 else { return nil }
        switch function {
        case "rgb", "rgba":
            guard let red = Self.fraction(parts[0], of: 255),
                let green = Self.fraction(parts[1], of: 255),
                let blue = Self.fraction(parts[2], of: 255)
            else { return nil }
            self.init(red: red, green: green, blue: blue, alpha: alpha)
        case "hsl", "hsla":
            guard let hue = Self.degrees(parts[0]),
                let saturation = Self.fraction(parts[1], of: 100),
                let lightness = Self.fraction(parts[2], of: 100)
            else { return nil }
            self.init(hue: hue, saturation: saturation, lightness: lightness)
            self.alpha = alpha
        default:
            return nil
        }
    }

    /// CSS Color Module Level 4, section 7.1.
    private init(hue: Double, saturation: Double, lightness: Double) {
        func component(_ offset: Double) -> Double {
            let k = (offset + hue / 30).truncatingRemainder(dividingBy: 12)
            let reach = saturation * min(lightness, 1 - lightness)
            return lightness - reach * max(-1, min(k - 3, 9 - k, 1))
        }
        self.init(red: component(0), green: component(8), blue: component(4))
    }

    /// A number out of `whole`, or a percentage, clamped to 0…1.
    private static func fraction(_ text: Substring, of whole: Double) -> Double? {
        let value =
            if text.hasSuffix("%") {
                CSSNumber(text.dropLast()).map { $0.value / 100 }
            } else {
                CSSNumber(text).map { $0.value / whole }
            }
        return value.map { min(max($0, 0), 1) }
    }

    /// An angle in degrees from 0 up to 360.
    private static func degrees(_ text: Substring) -> Double? {
        let units: [(suffix: String, degrees: Double)] = [
            ("deg", 1), ("grad", 0.9), ("rad", 180 / .pi), ("turn", 360), ("", 1),
        ]
        for unit in units where text.hasSuffix(unit.suffix) {
            guard let value = CSSNumber(text.dropLast(unit.suffix.count))?.value else { continue }
            let angle = (value * unit.degrees).truncatingRemainder(dividingBy: 360)
            guard angle.isFinite else { return nil }
            return angle < 0 ? angle + 360 : angle
        }
        return nil
    }
}
