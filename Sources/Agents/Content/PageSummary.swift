/// What search engines look at in a page.
struct PageSummary {
    var title: String?
    var description: String?
    var robots = ""
    var hasCanonical = false
    var hasViewport = false
    var hasLanguage = false
    /// Levels and texts.
    var headings: [(level: Int, text: String)] = []
    var images = 0
    var imagesWithoutAlternative = 0
    /// The texts of links, with the alternatives of their images.
    var links: [String] = []
    /// The text of the body, white space made single spaces.
    var text = ""

    /// - Throws: `CancellationError`.
    init(html: String) throws {
        var tokenizer = HTMLTokenizer(html)
        var raw: String?
        var hidden: String?
        var heading: (level: Int, text: String)?
        var link: String?
        var body = ""
        var tokens = 0
        while let token = tokenizer.next() {
            tokens += 1
            if tokens.isMultiple(of: 256) { try Task.checkCancellation() }
            switch token {
            case .startTag(let name, let attributes):
                if ["script", "style", "title", "textarea"].contains(name) { raw = name }
                if ["head", "template", "noscript"].contains(name), hidden == nil { hidden = name }
                if name == "body" { hidden = nil }
                if let level = Self.headingLevel(name) { heading = (level, "") }
                if name == "a", attributes["href"] != nil { link = "" }
                if name == "img", let alternative = attributes["alt"] { link? += alternative }
                note(name, attributes)
                body += " "
            case .endTag(let name):
                if name == hidden { hidden = nil }
                if let done = heading, Self.headingLevel(name) == done.level {
                    headings.append((done.level, Self.collapsed(done.text)))
                    heading = nil
                }
                if name == "a", let done = link {
                    links.append(Self.collapsed(done))
                    link = nil
                }
                body += " "
            case .text(let range):
                guard hidden == nil else { continue }
                let text = Self.decoded(String(decoding: tokenizer.bytes[range], as: UTF8.self))
                body += text
                heading?.text += text
                link? += text
            case .rawText(let range):
                if raw == "title", title == nil {
                    let text = String(decoding: tokenizer.bytes[range], as: UTF8.self)
                    title = Self.collapsed(Self.decoded(text))
                }
                raw = nil
            }
        }
        text = Self.collapsed(body)
    }

    private mutating func note(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "html":
            hasLanguage = attributes["lang"].map { !$0.trimmingSpaces.isEmpty } ?? false
        case "meta":
            let content = Self.collapsed(Self.decoded(attributes["content"] ?? ""))
            switch attributes["name"]?.lowercased() {
            case "description": if description == nil { description = content }
            case "robots", "googlebot": robots += " " + content.lowercased()
            case "viewport": hasViewport = true
            default: break
            }
        case "link":
            let relations = attributes["rel"]?.lowercased().split(separator: " ") ?? []
            if relations.contains("canonical"), attributes["href"]?.isEmpty == false {
                hasCanonical = true
            }
        case "img":
            images += 1
            if attributes["alt"] == nil { imagesWithoutAlternative += 1 }
        default: break
        }
    }

    private static func headingLevel(_ name: String) -> Int? {
        let bytes = Array(name.utf8)
        guard bytes.count == 2, bytes[0] == UInt8(ascii: "h"),
            (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[1])
        else { return nil }
        return Int(bytes[1] - UInt8(ascii: "0"))
    }

    static func collapsed(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// With the character references that matter for words and spaces.
    private static func decoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var decoded = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "&") {
            decoded += rest[..<start]
            rest = rest[start...]
            let end = rest.prefix(10).firstIndex(of: ";")
            let name = end.map { rest[rest.index(after: start)..<$0] } ?? ""
            if let end, let character = references[String(name)] {
                decoded += character
                rest = rest[rest.index(after: end)...]
            } else {
                decoded += "&"
                rest = rest.dropFirst()
            }
        }
        return decoded + rest
    }

    private static let references = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "#39": "'", "nbsp": " ",
        "ndash": "–", "mdash": "—", "rsquo": "’", "hellip": "…",
    ]
}
