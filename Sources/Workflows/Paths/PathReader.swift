/// Reads paths, and for intrinsic functions what stands around them, character by character.
struct PathReader {
    private let characters: [Character]
    private(set) var position = 0

    init(_ text: String) {
        characters = Array(text)
    }

    var isAtEnd: Bool { position == characters.count }

    var next: Character? { position < characters.count ? characters[position] : nil }

    mutating func take() -> Character? {
        guard let next else { return nil }
        position += 1
        return next
    }

    mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        position += 1
        return true
    }

    mutating func skipSpaces() {
        while let next, next == " " || next == "\t" || next == "\n" { position += 1 }
    }

    mutating func word(where belongs: (Character) -> Bool) -> String {
        let start = position
        while let next, belongs(next) { position += 1 }
        return String(characters[start..<position])
    }

    func text(from start: Int) -> String {
        String(characters[start..<position])
    }
}

extension PathReader {
    /// A path from its `$` to the last character that can belong to it.
    mutating func path() throws(WorkflowProblem) -> DataPath {
        let start = position
        guard take("$") else { throw WorkflowProblem("is no path: it does not begin with '$'") }
        let isOfContext = take("$")
        var segments: [DataPath.Segment] = []
        while let next, next == "." || next == "[" {
            guard segments.count < 64 else {
                throw WorkflowProblem("is no path: it has more than 64 parts")
            }
            segments.append(try segment())
        }
        return DataPath(text: text(from: start), isOfContext: isOfContext, segments: segments)
    }

    private mutating func segment() throws(WorkflowProblem) -> DataPath.Segment {
        if take("[") { return DataPath.Segment(selectors: try bracket()) }
        _ = take(".")
        let isRecursive = take(".")
        if isRecursive, take("[") {
            return DataPath.Segment(selectors: try bracket(), isRecursive: true)
        }
        if take("*") { return DataPath.Segment(selectors: [.wildcard], isRecursive: isRecursive) }
        let name = word { !Self.ends.contains($0) && !$0.isWhitespace }
        guard !name.isEmpty else { throw WorkflowProblem("is no path: a name is missing") }
        return DataPath.Segment(selectors: [.name(name)], isRecursive: isRecursive)
    }

    private static let ends: Set<Character> = [
        ".", "[", "]", "(", ")", "'", "\"", ",", "*", ":", ";", "?", "@", "$", "&", "!", "<", ">",
        "=", "|",
    ]

    private mutating func bracket() throws(WorkflowProblem) -> [DataPath.Selector] {
        var selectors: [DataPath.Selector] = []
        repeat {
            skipSpaces()
            selectors.append(try selector())
            skipSpaces()
        } while take(",")
        guard take("]") else { throw WorkflowProblem("is no path: a ']' is missing") }
        return selectors
    }

    private mutating func selector() throws(WorkflowProblem) -> DataPath.Selector {
        if take("*") { return .wildcard }
        if next == "'" || next == "\"" { return .name(try quoted()) }
        if next == "?" { throw WorkflowProblem("is no path: filters are not supported") }
        let start = try number()
        skipSpaces()
        guard take(":") else {
            guard let start else { throw WorkflowProblem("is no path: a selector is missing") }
            return .index(start)
        }
        skipSpaces()
        let end = try number()
        skipSpaces()
        var step = 1
        if take(":") {
            skipSpaces()
            step = try number() ?? 1
        }
        guard step != 0 else { throw WorkflowProblem("is no path: the step of a slice is 0") }
        return .slice(start: start, end: end, step: step)
    }

    private mutating func number() throws(WorkflowProblem) -> Int? {
        let sign = take("-") ? -1 : 1
        let digits = word { ("0"..."9").contains($0) }
        guard !digits.isEmpty else {
            if sign < 0 { throw WorkflowProblem("is no path: digits are missing after '-'") }
            return nil
        }
        guard let value = Int32(digits) else {
            throw WorkflowProblem("is no path: \(digits) is too large for an index")
        }
        return sign * Int(value)
    }

    /// A string in single or double quotes, in which a backslash makes the next character literal.
    mutating func quoted() throws(WorkflowProblem) -> String {
        guard let quote = take() else { throw WorkflowProblem("a string is missing") }
        var text = ""
        while let character = take() {
            if character == quote { return text }
            if character == "\\" {
                guard let literal = take() else { break }
                text.append(literal)
            } else {
                text.append(character)
            }
        }
        throw WorkflowProblem("a string has no end")
    }
}
