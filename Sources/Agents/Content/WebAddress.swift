/// Addresses in running text, as twitter-text finds them.
///
/// An address has `http://`, `https://` or none of them, a domain that ends with a known top-level
/// domain (``TopLevelDomains``), and perhaps a port, a path and a query that do not end with a
/// punctuation mark; before it stands no ASCII letter or digit, `@`, `#` or `$`. Without a protocol only
/// the ASCII part of a domain counts, and no `-`, `_`, `.` or `/` may stand before it.
enum WebAddress {
    static func find(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
        guard scalars.contains(".") else { return [] }
        var found: [Range<Int>] = []
        var index = 0
        while index < scalars.count {
            guard index == 0 || mayStandBefore(scalars[index - 1]) else {
                index += 1
                continue
            }
            if let (range, end) = match(scalars, at: index) {
                if let range { found.append(range) }
                index = max(end, index + 1)
            } else {
                index += 1
            }
        }
        return found
    }

    private static func mayStandBefore(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "@", "＠", "$", "#", "＃", "\u{FFFE}", "\u{FEFF}",
            "\u{FFFF}":
            false
        default: true
        }
    }

    /// The address at `start`, if one is there, and where the search goes on.
    private static func match(
        _ scalars: [Unicode.Scalar],
        at start: Int
    ) -> (range: Range<Int>?, end: Int)? {
        let hosts = protocolEnd(scalars, at: start)
        guard let domainEnd = domainEnd(scalars, from: hosts ?? start) else { return nil }
        let pathStart = portEnd(scalars, at: domainEnd)
        let end = queryEnd(scalars, at: pathEnd(scalars, at: pathStart))
        if hosts != nil { return (start..<end, end) }
        if start > 0, "-_./".unicodeScalars.contains(scalars[start - 1]) { return (nil, end) }
        var first = domainEnd
        while first > start, isASCIIDomain(scalars[first - 1]) { first -= 1 }
        // A dot or hyphen cannot be what is left of another script's label.
        while first < domainEnd, scalars[first] == "." { first += 1 }
        guard scalars[first..<domainEnd].contains(".") else { return (nil, end) }
        return (first..<end, end)
    }

    private static func protocolEnd(_ scalars: [Unicode.Scalar], at start: Int) -> Int? {
        for name in ["https://", "http://"] {
            let end = start + name.unicodeScalars.count
            guard end <= scalars.count else { continue }
            let isEqual = zip(scalars[start..<end], name.unicodeScalars).allSatisfy {
                lowercased($0) == $1
            }
            if isEqual { return end }
        }
        return nil
    }

    private static let longestDomain = 255

    /// The end of the longest domain at `start`.
    private static func domainEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var end: Int?
        var label = start
        var index = start
        // The label before a top-level domain has no _, which those before it may have.
        var mayPrecedeTop = false
        while index < scalars.count, index - start <= longestDomain {
            let scalar = scalars[index]
            if scalar == "." {
                // A label begins and ends with a character that is neither - nor _.
                guard index > label, isDomain(scalars[label]), isDomain(scalars[index - 1]) else {
                    break
                }
                mayPrecedeTop = !scalars[label..<index].contains("_")
                label = index + 1
            } else if !isDomain(scalar), scalar != "-", scalar != "_" {
                break
            }
            index += 1
            if label == index, mayPrecedeTop, let top = topLevelEnd(scalars, at: label) {
                end = top
            }
        }
        return end
    }

    private static func topLevelEnd(_ scalars: [Unicode.Scalar], at start: Int) -> Int? {
        var end = start
        var name = ""
        while end < scalars.count, isASCIILetterOrDigit(scalars[end]), end - start <= 63 {
            name.unicodeScalars.append(lowercased(scalars[end]))
            end += 1
        }
        if name == "xn", scalars[end...].starts(with: "--".unicodeScalars) {
            while end < scalars.count, isASCIILetterOrDigit(scalars[end]) || scalars[end] == "-" {
                end += 1
            }
            return end
        }
        guard TopLevelDomains.names.contains(name) else { return nil }
        let next: Unicode.Scalar? = end < scalars.count ? scalars[end] : nil
        return next == "@" || next == "+" || next == "-" ? nil : end
    }

    private static func portEnd(_ scalars: [Unicode.Scalar], at start: Int) -> Int {
        guard start < scalars.count, scalars[start] == ":" else { return start }
        let digits = scalars[(start + 1)...].prefix { ("0"..."9").contains($0) }
        return digits.isEmpty ? start : digits.endIndex
    }

    /// The path up to the last character with which one may end.
    private static func pathEnd(_ scalars: [Unicode.Scalar], at start: Int) -> Int {
        guard start < scalars.count, scalars[start] == "/" else { return start }
        var index = start + 1
        var end = index
        while index < scalars.count {
            if isPath(scalars[index]) {
                index += 1
                if isPathEnd(scalars[index - 1]) { end = index }
            } else if let closed = parenthesesEnd(scalars, at: index, depth: 0) {
                index = closed
                end = index
            } else {
                break
            }
        }
        return end
    }

    /// The end of parentheses that hold path characters and at most one more level.
    private static func parenthesesEnd(
        _ scalars: [Unicode.Scalar],
        at start: Int,
        depth: Int
    ) -> Int? {
        guard start < scalars.count, scalars[start] == "(", depth < 2 else { return nil }
        var index = start + 1
        while index < scalars.count, index - start <= 4_096 {
            if scalars[index] == ")" { return index > start + 1 ? index + 1 : nil }
            if isPath(scalars[index]) {
                index += 1
            } else if let inner = parenthesesEnd(scalars, at: index, depth: depth + 1) {
                index = inner
            } else {
                return nil
            }
        }
        return nil
    }

    private static func queryEnd(_ scalars: [Unicode.Scalar], at start: Int) -> Int {
        guard start < scalars.count, scalars[start] == "?" else { return start }
        var index = start + 1
        var end = start
        while index < scalars.count, isQuery(scalars[index]) {
            index += 1
            if isASCIILetterOrDigit(scalars[index - 1])
                || "-_&=#/".unicodeScalars.contains(scalars[index - 1])
            {
                end = index
            }
        }
        return end
    }

    // MARK: Characters

    private static func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(ascii: scalar) + 32) : scalar
    }

    private static func isASCIILetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    private static func isDomain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return isASCIILetterOrDigit(scalar) || "\"`".unicodeScalars.contains(scalar)
        }
        switch scalar.value {
        case 0x85, 0xA0, 0x1680, 0x180E, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
            0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFE, 0xFFFF:
            return false
        default:
            return true
        }
    }

    private static func isASCIIDomain(_ scalar: Unicode.Scalar) -> Bool {
        isASCIILetterOrDigit(scalar) || scalar == "-" || scalar == "." || isAccentedLatin(scalar)
    }

    private static func isAccentedLatin(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0x253, 0x254, 0x256, 0x257, 0x259, 0x25B,
            0x263, 0x268, 0x26F, 0x272, 0x289, 0x28B, 0x2BB, 0x300...0x36F, 0x1E00...0x1EFF:
            true
        default: false
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        isASCIILetterOrDigit(scalar) || isAccentedLatin(scalar)
            || (0x400...0x4FF).contains(scalar.value)
    }

    private static func isPath(_ scalar: Unicode.Scalar) -> Bool {
        isLetter(scalar) || "!*';:=+,.$/%#[]-\u{2013}_~@|&".unicodeScalars.contains(scalar)
    }

    private static func isPathEnd(_ scalar: Unicode.Scalar) -> Bool {
        isLetter(scalar) || "+-=_#/".unicodeScalars.contains(scalar)
    }

    private static func isQuery(_ scalar: Unicode.Scalar) -> Bool {
        isASCIILetterOrDigit(scalar) || "!?*'@();:&=+$/%#[]-_.,~|".unicodeScalars.contains(scalar)
    }
}
