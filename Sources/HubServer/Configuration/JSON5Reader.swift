/// Reads JSON5 (spec.json5.org, version 1.0.0), which people can write by hand.
///
/// Foundation's reader for it does not tell where a mistake is and takes the first of two members
/// with the same name; this one names line and column and refuses such members.
package struct JSON5Reader {
    private static let maximumDepth = 32

    let scalars: [Unicode.Scalar]
    var index = 0
    /// The index of each line's first scalar.
    private let lineStarts: [Int]

    private init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        var lineStarts = [0]
        for (index, scalar) in scalars.enumerated() where scalar.isLineTerminator {
            // CRLF ends one line: its CR is passed over.
            if scalar == "\r", index + 1 < scalars.count, scalars[index + 1] == "\n" { continue }
            lineStarts.append(index + 1)
        }
        self.lineStarts = lineStarts
    }

    /// The value that `bytes` consist of.
    package static func value(of bytes: [UInt8]) throws(JSON5Error) -> ConfigurationValue {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw JSON5Error(line: 1, column: 1, reason: "the text is not UTF-8")
        }
        var reader = JSON5Reader(text)
        let value = try reader.value(depth: 0)
        try reader.skipBlank()
        guard reader.index == reader.scalars.count else {
            throw reader.unexpected("the end")
        }
        return value
    }

    private mutating func value(depth: Int) throws(JSON5Error) -> ConfigurationValue {
        try skipBlank()
        guard depth < Self.maximumDepth else {
            throw error("values are nested more than \(Self.maximumDepth) deep")
        }
        guard let scalar = current else { throw unexpected("a value") }
        switch scalar {
        case "{": return try object(depth: depth)
        case "[": return try array(depth: depth)
        case "\"", "'": return .string(try string())
        case "+", "-", ".", "0"..."9": return try number()
        default: return try word()
        }
    }

    private mutating func object(depth: Int) throws(JSON5Error) -> ConfigurationValue {
        index += 1
        var members: [ConfigurationValue.Member] = []
        var names: Set<String> = []
        while true {
            try skipBlank()
            if take("}") { return .object(members) }
            let start = index
            let name = try memberName()
            guard names.insert(name).inserted else {
                throw error("there is a '\(name)' before this one", at: start)
            }
            try skipBlank()
            guard take(":") else { throw unexpected("':'") }
            members.append(
                ConfigurationValue.Member(
                    name: name,
                    line: position(of: start).line,
                    value: try value(depth: depth + 1)
                )
            )
            try skipBlank()
            guard take(",") || current == "}" else { throw unexpected("',' or '}'") }
        }
    }

    private mutating func array(depth: Int) throws(JSON5Error) -> ConfigurationValue {
        index += 1
        var values: [ConfigurationValue] = []
        while true {
            try skipBlank()
            if take("]") { return .array(values) }
            values.append(try value(depth: depth + 1))
            try skipBlank()
            guard take(",") || current == "]" else { throw unexpected("',' or ']'") }
        }
    }

    private mutating func memberName() throws(JSON5Error) -> String {
        if current == "\"" || current == "'" { return try string() }
        let name = identifier()
        guard !name.isEmpty else { throw unexpected("a name or '}'") }
        return name
    }

    private mutating func word() throws(JSON5Error) -> ConfigurationValue {
        let start = index
        switch identifier() {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case "Infinity": return .number(.infinity)
        case "NaN": return .number(.nan)
        case "": throw unexpected("a value")
        case let word: throw error("'\(word)' is no value; text needs quotes", at: start)
        }
    }

    /// An ECMAScript IdentifierName without escapes, or nothing.
    private mutating func identifier() -> String {
        var name = String.UnicodeScalarView()
        while let scalar = current,
            scalar.isIdentifierStart || (!name.isEmpty && scalar.isIdentifierPart)
        {
            name.append(scalar)
            index += 1
        }
        return String(name)
    }
}

extension JSON5Reader {
    /// `nil` at the end.
    var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        index += 1
        return true
    }

    /// Skips white space and comments.
    mutating func skipBlank() throws(JSON5Error) {
        while let scalar = current {
            if scalar.isJSON5Space {
                index += 1
            } else if scalar == "/" {
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(JSON5Error) {
        let start = index
        index += 1
        if take("/") {
            while let scalar = current, !scalar.isLineTerminator { index += 1 }
        } else if take("*") {
            while let scalar = current {
                index += 1
                if scalar == "*", take("/") { return }
            }
            throw error("this comment has no end", at: start)
        } else {
            throw error("'/' begins no comment; write // or /*", at: start)
        }
    }

    func unexpected(_ wanted: String) -> JSON5Error {
        guard let current else { return error("expected \(wanted), but the text ends") }
        return error("expected \(wanted), not '\(String(current).printable)'")
    }

    func error(_ reason: String, at index: Int? = nil) -> JSON5Error {
        let (line, column) = position(of: index ?? self.index)
        return JSON5Error(line: line, column: column, reason: reason)
    }

    func position(of index: Int) -> (line: Int, column: Int) {
        var lines = lineStarts.indices
        while lines.count > 1 {
            let middle = lines.lowerBound + lines.count / 2
            lines =
                lineStarts[middle] <= index ? middle..<lines.upperBound : lines.lowerBound..<middle
        }
        return (lines.lowerBound + 1, index - lineStarts[lines.lowerBound] + 1)
    }
}

extension Unicode.Scalar {
    var isLineTerminator: Bool {
        self == "\n" || self == "\r" || self == "\u{2028}" || self == "\u{2029}"
    }

    fileprivate var isJSON5Space: Bool {
        switch self {
        case "\t", "\u{B}", "\u{C}", " ", "\u{A0}", "\u{FEFF}": true
        default: isLineTerminator || properties.generalCategory == .spaceSeparator
        }
    }

    fileprivate var isIdentifierStart: Bool {
        self == "$" || self == "_" || properties.isXIDStart
    }

    fileprivate var isIdentifierPart: Bool {
        isIdentifierStart || properties.isXIDContinue || self == "\u{200C}" || self == "\u{200D}"
    }
}
