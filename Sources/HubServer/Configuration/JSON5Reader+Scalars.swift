extension JSON5Reader {
    mutating func string() throws(JSON5Error) -> String {
        let start = index
        guard let quote = current else { throw unexpected("a string") }
        index += 1
        var text = String.UnicodeScalarView()
        while let scalar = current {
            index += 1
            switch scalar {
            case quote: return String(text)
            case "\\": try appendEscaped(to: &text)
            // JSON5 §5.2 lets the two line separators of Unicode stand in a string.
            case "\n", "\r": throw error("this string has no end on its line", at: start)
            default: text.append(scalar)
            }
        }
        throw error("this string has no end", at: start)
    }

    private mutating func appendEscaped(
        to text: inout String.UnicodeScalarView
    ) throws(JSON5Error) {
        guard let scalar = current else { throw unexpected("an escaped character") }
        index += 1
        switch scalar {
        case "b": text.append("\u{8}")
        case "f": text.append("\u{C}")
        case "n": text.append("\n")
        case "r": text.append("\r")
        case "t": text.append("\t")
        case "v": text.append("\u{B}")
        case "x": text.append(try unicodeScalar(digits: 2))
        case "u": text.append(try unicodeScalar(digits: 4))
        case "0":
            if let digit = current, "0"..."9" ~= digit { throw error("octal is not JSON5") }
            text.append("\0")
        case "1"..."9": throw error("'\\\(scalar)' is not JSON5", at: index - 2)
        // A line that goes on.
        case "\r": _ = take("\n")
        case "\n", "\u{2028}", "\u{2029}": break
        default: text.append(scalar)
        }
    }

    private mutating func unicodeScalar(digits: Int) throws(JSON5Error) -> Unicode.Scalar {
        let start = index
        let first = try hexadecimal(digits: digits)
        if let scalar = Unicode.Scalar(first) { return scalar }
        // Half of a surrogate pair, as UTF-16 writes what four digits cannot hold.
        guard first < 0xDC00, take("\\"), take("u") else {
            throw error("half of a surrogate pair", at: start)
        }
        let second = try hexadecimal(digits: 4)
        guard 0xDC00...0xDFFF ~= second,
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw error("half of a surrogate pair", at: start) }
        return scalar
    }

    private mutating func hexadecimal(digits: Int) throws(JSON5Error) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = current?.hexadecimalValue else {
                throw unexpected("a hexadecimal digit")
            }
            value = value << 4 | digit
            index += 1
        }
        return value
    }

    mutating func number() throws(JSON5Error) -> ConfigurationValue {
        let start = index
        let isNegative = current == "-"
        if current == "-" || current == "+" { index += 1 }
        var text = ""
        while let scalar = current, scalar.continuesNumber {
            text.unicodeScalars.append(scalar)
            index += 1
        }
        guard let value = Self.number(text, isNegative: isNegative) else {
            throw error("this is no number", at: start)
        }
        return value
    }

    /// Reads what stands after the sign by the grammar of ECMAScript 5.1 §7.8.3.
    private static func number(_ unsigned: String, isNegative: Bool) -> ConfigurationValue? {
        let sign = isNegative ? "-" : ""
        if unsigned == "Infinity" { return .number(isNegative ? -.infinity : .infinity) }
        if unsigned == "NaN" { return .number(.nan) }
        if unsigned.hasPrefix("0x") || unsigned.hasPrefix("0X") {
            let digits = unsigned.dropFirst(2)
            guard digits.unicodeScalars.allSatisfy({ $0.hexadecimalValue != nil }) else {
                return nil
            }
            return Int(sign + digits, radix: 16).map(ConfigurationValue.integer)
        }
        let parts = unsigned.split(
            maxSplits: 1,
            omittingEmptySubsequences: false
        ) { $0 == "e" || $0 == "E" }
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard mantissa.count <= 2, mantissa.contains(where: { !$0.isEmpty }),
            mantissa.allSatisfy(\.isDigits),
            // 010 is eight to some readers and ten to others.
            mantissa[0].count < 2 || !mantissa[0].hasPrefix("0"),
            let value = Double(normalized(mantissa: mantissa, exponent: parts.dropFirst().first))
        else { return nil }
        if mantissa.count == 1, parts.count == 1, let integer = Int(sign + unsigned) {
            return .integer(integer)
        }
        let signed = isNegative ? -value : value
        return Int(exactly: signed).map(ConfigurationValue.integer) ?? .number(signed)
    }

    /// The form that `Double` reads: digits on both sides of the point.
    private static func normalized(mantissa: [Substring], exponent: Substring?) -> String {
        let whole = mantissa[0].isEmpty ? "0" : mantissa[0]
        let fraction = mantissa.count < 2 || mantissa[1].isEmpty ? "0" : mantissa[1]
        return "\(whole).\(fraction)" + (exponent.map { "e\($0)" } ?? "")
    }
}

extension Substring {
    fileprivate var isDigits: Bool { utf8.allSatisfy { 0x30...0x39 ~= $0 } }
}

extension Unicode.Scalar {
    fileprivate var hexadecimalValue: UInt32? {
        switch self {
        case "0"..."9": value - 0x30
        case "a"..."f": value - 0x61 + 10
        case "A"..."F": value - 0x41 + 10
        default: nil
        }
    }

    fileprivate var continuesNumber: Bool {
        switch self {
        case "0"..."9", "a"..."z", "A"..."Z", ".", "+", "-", "_": true
        default: false
        }
    }
}
