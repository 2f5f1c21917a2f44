import Glibc

/// A value that is assigned to a name which speaks of a secret: `password = "…"`, `api_key: …`.
enum SecretAssignment {
    /// In names without `-`, `_` and case.
    private static let names = [
        "password", "passwd", "passphrase", "secret", "apikey", "accesskey", "privatekey",
        "authtoken", "accesstoken", "secretkey", "credential", "token", "pwd",
    ]

    /// Values that only stand for one.
    private static let placeholders: Set<String> = [
        "changeme", "password", "secret", "example", "placeholder", "redacted", "undefined",
        "required", "optional", "yourpassword", "your_password", "your-password", "xxxxxxxx",
    ]

    static func finding(_ scan: TextScan, at start: Int) -> TextScan.Finding? {
        guard let first = scan[start], TextScan.isASCIILetter(first) else { return nil }
        let nameEnd = scan.end(from: start, limit: 64) {
            TextScan.isAlphanumeric($0) || $0 == "_" || $0 == "-"
        }
        guard nameEnd - start >= 3, let value = value(scan, after: nameEnd) else { return nil }
        let name = scan.text(start..<nameEnd).lowercased().filter { $0 != "_" && $0 != "-" }
        guard names.contains(where: name.hasSuffix) else { return nil }
        let text = scan.text(value)
        guard !isPlaceholder(text) else { return nil }
        let confidence = entropy(text) >= 3 ? 0.75 : 0.5
        return TextScan.Finding(type: "secret", range: value, confidence: confidence)
    }

    /// The value of at least eight characters after `=`, `:` or `=>`.
    private static func value(_ scan: TextScan, after nameEnd: Int) -> Range<Int>? {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
        func isQuote(_ scalar: Unicode.Scalar?) -> Bool {
            scalar == "\"" || scalar == "'" || scalar == "`"
        }
        var index = nameEnd
        // The end of a quoted name, as in JSON.
        if isQuote(scan[index]) { index += 1 }
        index = scan.end(from: index, limit: 8, while: isBlank)
        let sign = scan.end(from: index, limit: 2) { $0 == "=" || $0 == ":" || $0 == ">" }
        guard sign > index else { return nil }
        index = scan.end(from: sign, limit: 8, while: isBlank)
        let quote = isQuote(scan[index]) ? scan[index] : nil
        if quote != nil { index += 1 }
        let end = scan.end(from: index, limit: 512) { scalar in
            if let quote { return scalar != quote && scalar != "\n" }
            return !scalar.properties.isWhitespace && !",;\"'`)}]".unicodeScalars.contains(scalar)
        }
        return end - index >= 8 ? index..<end : nil
    }

    private static func isPlaceholder(_ text: String) -> Bool {
        Set(text.unicodeScalars).count <= 2 || placeholders.contains(text.lowercased())
            || ["$", "<", "{", "%"].contains { text.hasPrefix($0) }
    }

    /// Bits per character.
    static func entropy(_ text: String) -> Double {
        var counts: [Unicode.Scalar: Double] = [:]
        for scalar in text.unicodeScalars { counts[scalar, default: 0] += 1 }
        let total = counts.values.reduce(0, +)
        return counts.values.reduce(0) { $0 - $1 / total * log2($1 / total) }
    }
}
