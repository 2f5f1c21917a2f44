/// Writes HTML or SVG that is well-formed by the way it is used.
struct HTMLWriter {
    private(set) var text = ""

    /// Writes `contents` between a start and an end tag.
    mutating func element(
        _ name: String,
        _ attributes: KeyValuePairs<String, String> = [:],
        _ contents: (inout HTMLWriter) -> Void
    ) {
        start(name, attributes)
        contents(&self)
        text += "</\(name)>"
    }

    mutating func element(
        _ name: String,
        _ attributes: KeyValuePairs<String, String> = [:],
        _ contents: String
    ) {
        element(name, attributes) { $0.write(contents) }
    }

    /// A start tag alone, of elements that have no end tag.
    mutating func start(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
        text += "<\(name)"
        for (name, value) in attributes { text += " \(name)=\"\(Self.escaped(value))\"" }
        text += ">"
    }

    /// An element of SVG without contents.
    mutating func empty(_ name: String, _ attributes: KeyValuePairs<String, String>) {
        start(name, attributes)
        text += "</\(name)>"
    }

    mutating func write(_ contents: String) { text += Self.escaped(contents) }

    /// What is HTML already.
    mutating func raw(_ html: String) { text += html }

    mutating func newLine() { text += "\n" }

    /// For contents and attributes; what HTML does not allow at all becomes U+FFFD.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n": result.unicodeScalars.append(scalar)
            default:
                result.unicodeScalars.append(scalar.isAllowedInHTML ? scalar : "\u{FFFD}")
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Neither a control character nor a noncharacter (HTML §13.2.3.5).
    fileprivate var isAllowedInHTML: Bool {
        let isControl = value < 0x20 || (0x7F...0x9F).contains(value)
        let isNoncharacter = (0xFDD0...0xFDEF).contains(value) || value & 0xFFFE == 0xFFFE
        return !isControl && !isNoncharacter
    }
}
