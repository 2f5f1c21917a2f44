/// A draft in its parts, of which some can go.
struct ContentDraft {
    private var paragraphs: [String]

    init(_ order: ContentGeneration) {
        var random = SeededRandom(seed: UInt64(bitPattern: Int64(order.seed)))
        func pick(_ phrases: [String], _ keyword: String = "") -> String {
            let phrase = phrases[random.index(below: phrases.count)]
            return Self.filled(phrase, topic: order.topic, keyword: keyword)
        }
        let phrases = ContentPhrases(order.tone)
        switch order.kind {
        case .socialPost:
            paragraphs = [pick(phrases.openings), pick(phrases.calls)]
        case .ad:
            paragraphs = [
                pick(phrases.headlines), pick(phrases.benefits, order.keywords.first ?? ""),
                pick(phrases.calls),
            ]
        case .email:
            paragraphs = ["Subject: " + pick(phrases.headlines), phrases.greeting]
            paragraphs.append(pick(phrases.openings))
            for keyword in order.keywords.prefix(3) {
                paragraphs.append(pick(phrases.points, keyword))
            }
            paragraphs += [pick(phrases.calls), phrases.farewell]
        case .blogPost:
            paragraphs = ["# " + pick(phrases.headlines), pick(phrases.openings)]
            let sections = order.keywords.isEmpty ? ContentPhrases.aspects : order.keywords
            for section in sections.prefix(10) {
                paragraphs.append("## " + Self.capitalized(section))
                paragraphs.append(pick(phrases.points, section))
                paragraphs.append(pick(phrases.benefits, section))
            }
            paragraphs += ["## Next steps", pick(phrases.calls)]
        }
    }

    func text(_ hashtags: [String]) -> String {
        let tags = hashtags.isEmpty ? [] : [hashtags.joined(separator: " ")]
        return (paragraphs + tags).joined(separator: "\n\n")
    }

    /// Leaves the first part only.
    mutating func shorten() {
        paragraphs = Array(paragraphs.prefix(1))
    }

    /// The phrase with the topic for `{t}` and the keyword, or the topic without one, for `{k}`;
    /// capital letters where these begin it.
    private static func filled(_ phrase: String, topic: String, keyword: String) -> String {
        var text = ""
        var rest = phrase[...]
        while let open = rest.firstIndex(of: "{") {
            text += rest[..<open]
            let isTopic = rest[open...].hasPrefix("{t}") || keyword.isEmpty
            let value = isTopic ? topic : keyword
            text += text.isEmpty ? capitalized(value) : value
            rest = rest[open...].dropFirst(3)
        }
        return text + rest
    }

    private static func capitalized(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }
}
