import JSONRPC

/// A text as code points, in which places are counted, with what detectors need.
struct TextScan {
    let scalars: [Unicode.Scalar]

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// Something found in a text.
    struct Finding: Equatable {
        var type: String
        /// Code points.
        var range: Range<Int>
        /// From 0 to 1: how sure it is that this is what it looks like.
        var confidence: Double
    }

    subscript(index: Int) -> Unicode.Scalar? {
        scalars.indices.contains(index) ? scalars[index] : nil
    }

    func text(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(scalars[range]))
    }

    func hasPrefix(_ prefix: [Unicode.Scalar], at index: Int) -> Bool {
        index + prefix.count <= scalars.count
            && scalars[index..<index + prefix.count].elementsEqual(prefix)
    }

    /// Where a run of at most `limit` code points from `start` on ends.
    func end(
        from start: Int,
        limit: Int = .max,
        while matches: (Unicode.Scalar) -> Bool
    ) -> Int {
        var end = start
        while end < scalars.count, end - start < limit, matches(scalars[end]) { end += 1 }
        return end
    }

    /// Whether no letter, digit or `_` is on both sides of a place.
    func isBoundary(_ index: Int) -> Bool {
        guard let before = self[index - 1], let after = self[index] else { return true }
        return !(Self.isWord(before) && Self.isWord(after))
    }

    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.isLetterOrDigit
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    static func isASCIILetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || isASCIILetter(scalar)
    }

    /// The text with `[TYPE]` in the place of each finding; these are in order and apart.
    func redacted(_ findings: [Finding]) -> String {
        var result = String.UnicodeScalarView()
        var position = 0
        for finding in findings {
            result.append(contentsOf: scalars[position..<finding.range.lowerBound])
            result.append(contentsOf: "[\(finding.type.uppercased())]".unicodeScalars)
            position = finding.range.upperBound
        }
        result.append(contentsOf: scalars[position...])
        return String(result)
    }

    /// The findings in order; of those that overlap, the surer one, then the longer, then the
    /// earlier.
    static func apart(_ findings: [Finding]) -> [Finding] {
        let ranked = findings.sorted { one, other in
            (one.confidence, one.range.count, other.range.lowerBound)
                > (other.confidence, other.range.count, one.range.lowerBound)
        }
        var taken: [Finding] = []
        var places: Set<Int> = []
        for finding in ranked where finding.range.allSatisfy({ !places.contains($0) }) {
            places.formUnion(finding.range)
            taken.append(finding)
        }
        return taken.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// What scans answer, for findings that are in order and apart; `limit` of them are listed and
    /// all are redacted.
    func result(_ findings: [Finding], limit: Int) -> JSONValue {
        let listed = findings.prefix(limit).map { finding -> JSONValue in
            [
                "type": .string(finding.type),
                "start": .integer(finding.range.lowerBound),
                "end": .integer(finding.range.upperBound),
                "confidence": .double(finding.confidence),
            ]
        }
        return [
            "findings": .array(listed),
            "found": .integer(findings.count),
            "redacted": .string(redacted(findings)),
        ]
    }

    static func resultSchema(limit: Int) -> JSONValue {
        Schema.object([
            "findings": Schema.array(
                Schema.object([
                    "type": Schema.string(),
                    "start": Schema.integer(description: "In code points"),
                    "end": Schema.integer(),
                    "confidence": Schema.number(0...1),
                ]),
                0...limit
            ),
            "found": Schema.integer(description: "Also those beyond the listed"),
            "redacted": Schema.string(description: "With [TYPE] in the place of each"),
        ])
    }
}
