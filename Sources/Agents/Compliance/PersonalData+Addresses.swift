/// Addresses of e-mail.
enum EmailAddress {
    /// The address around an `@`: a dot-string, and a host name of two labels or more.
    static func finding(_ scan: TextScan, at sign: Int) -> TextScan.Finding? {
        var start = sign
        while sign - start < 64, let before = scan[start - 1], isLocal(before) { start -= 1 }
        // What stands before an address is no part of it.
        while start < sign, scan[start] == "." || scan[start] == "'" { start += 1 }
        guard start < sign, scan[sign - 1] != ".",
            !scan.text(start..<sign).contains(".."),
            scan[start - 1].map(isLocal) != true || scan[start - 1] == "." || scan[start - 1] == "'"
        else { return nil }
        guard let end = domainEnd(scan, from: sign + 1) else { return nil }
        return TextScan.Finding(type: "email", range: start..<end, confidence: 0.95)
    }

    private static func isLocal(_ scalar: Unicode.Scalar) -> Bool {
        TextScan.isAlphanumeric(scalar) || "!#$%&'*+-/=?^_`{|}~.".unicodeScalars.contains(scalar)
    }

    /// The end of the longest host name whose last label is of letters.
    private static func domainEnd(_ scan: TextScan, from start: Int) -> Int? {
        var index = start
        var labels = 0
        var end: Int?
        while index - start <= 253 {
            let labelEnd = scan.end(from: index, limit: 64) {
                TextScan.isAlphanumeric($0) || $0 == "-"
            }
            let label = scan.scalars[index..<labelEnd]
            guard (1...63).contains(label.count), label.first != "-", label.last != "-" else {
                break
            }
            labels += 1
            let isTop = label.count >= 2 && label.allSatisfy(TextScan.isASCIILetter)
            if labels >= 2, isTop || label.starts(with: "xn--".unicodeScalars) { end = labelEnd }
            guard scan[labelEnd] == "." else { break }
            index = labelEnd + 1
        }
        return end
    }
}

/// Addresses of the Internet Protocol.
enum NetworkAddress {
    static func finding(_ scan: TextScan, at start: Int) -> TextScan.Finding? {
        guard let first = scan[start], isPart(first), scan[start - 1].map(isPart) != true else {
            return nil
        }
        var end = scan.end(from: start, limit: 46, while: isPart)
        // The full stop or colon of a sentence.
        while end > start, scan[end - 1] == "." { end -= 1 }
        if scan[end - 1] == ":", scan[end - 2] != ":" { end -= 1 }
        guard end > start, scan.isBoundary(end),
            scan[end].map(isPart) != true || scan[end] == "."
                || scan[end] == ":"
        else { return nil }
        let parts = Array(scan.scalars[start..<end])
        guard isIPv4(parts[...]) || isIPv6(parts[...]) else { return nil }
        return TextScan.Finding(type: "ip", range: start..<end, confidence: 0.9)
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        TextScan.isDigit(scalar) || scalar == "." || scalar == ":"
            || ("a"..."f").contains(scalar) || ("A"..."F").contains(scalar)
    }

    static func isIPv4(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy(TextScan.isDigit)
                    && (part.count == 1 || part.first != "0")
                    && part.reduce(0) { $0 * 10 + Int($1.value) - 48 } <= 255
            }
    }

    /// RFC 4291, section 2.2, without zones.
    static func isIPv6(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        guard text.count(where: { $0 == ":" }) >= 2 else { return false }
        var groups = text.split(separator: ":", omittingEmptySubsequences: false)
        var needed = 8
        if let last = groups.last, last.contains(".") {
            guard isIPv4(last) else { return false }
            groups.removeLast()
            needed = 6
            // `::1.2.3.4` leaves what a colon alone would.
            if groups.last?.isEmpty == true, groups.count == 1 { return false }
        }
        let isCompressedAtStart = groups.starts(with: [[], []])
        let isCompressedAtEnd =
            needed == 8 && groups.count >= 2 && groups.suffix(2).allSatisfy(\.isEmpty)
        // A colon alone neither begins nor ends an address.
        guard groups.first?.isEmpty == isCompressedAtStart,
            needed == 6 || groups.last?.isEmpty == isCompressedAtEnd
        else { return false }
        let inner = groups.dropFirst(isCompressedAtStart ? 1 : 0).dropLast(
            isCompressedAtEnd && groups.count > 2 ? 1 : 0
        )
        let empty = inner.count { $0.isEmpty }
        let isWellFormed = inner.allSatisfy { group in
            group.isEmpty || group.count <= 4 && group.allSatisfy { $0.properties.isASCIIHexDigit }
        }
        guard isWellFormed, empty <= 1 else { return false }
        let filled = inner.count - empty
        return empty == 1 ? filled < needed : filled == needed
    }
}
