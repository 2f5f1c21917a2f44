import JSONRPC

extension ContentGeneration {
    /// The result with a text that a language model writes in place of the draft.
    ///
    /// Its hashtags are those in the text. One that is longer than the platform allows says so by
    /// `fits`: it is never cut.
    func result(_ draft: JSONValue, by writer: ModelWriter) async throws -> JSONValue {
        let text = try await writer.write(instructions: instructions, request: request)
        guard var result = draft.objectValue else { return draft }
        let length = platform?.length(text) ?? text.unicodeScalars.count
        result["text"] = .string(text)
        result["characters"] = .integer(length)
        result["fits"] = .bool(length <= platform?.limit ?? .max)
        result["hashtags"] = .array(Self.hashtags(in: text).map(JSONValue.string))
        return .object(result)
    }

    private var instructions: String {
        let form =
            switch kind {
            case .socialPost: "a post for a social network"
            case .blogPost: "an article for a blog in Markdown, with a title and sections"
            case .email: "an e-mail that begins with a line \"Subject: …\""
            case .ad: "an advertisement of a headline and at most three sentences"
            }
        var text = """
            You write \(form). The tone is \(tone.rawValue). Answer with the text alone, without \
            remarks about it. Invent no facts, figures, names or quotations.
            """
        if let platform {
            text += " It has at most \(platform.limit) characters, hashtags included."
        }
        return text
    }

    private var request: String {
        var text = "Topic: \(topic)"
        if !keywords.isEmpty { text += "\nKeywords: \(keywords.joined(separator: ", "))" }
        return text
    }

    /// The tags of a text in their order, each once, at most ``mostHashtags``.
    private static func hashtags(in text: String) -> [String] {
        var tags: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) where word.hasPrefix("#") {
            let body = word.dropFirst().unicodeScalars.prefix { $0.isLetterOrDigit || $0 == "_" }
            let tag = "#" + String(body)
            guard body.contains(where: \.properties.isAlphabetic), !tags.contains(tag) else {
                continue
            }
            tags.append(tag)
        }
        return Array(tags.prefix(mostHashtags))
    }
}
