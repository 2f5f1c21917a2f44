import AgentRuntime
import JSONRPC

/// Writes a first draft of a post, article, e-mail or advertisement.
///
/// Without a language model the draft is put together from ``ContentPhrases`` by the kind and tone,
/// the topic and keywords standing in their places; which of the phrases are taken follows from the
/// seed (``SeededRandom``), so the same payload gives the same text. Hashtags are the keywords, or
/// the topic's words that are no stop words, without spaces and signs. A social post is shortened
/// to the platform's limit: hashtags go first, then its second sentence.
///
/// Lengths are X's weighted length (``WeightedLength``, 280), and Unicode code points for LinkedIn
/// (3,000) and Instagram (2,200, and 30 hashtags).
struct ContentGeneration: TaskInput {
    enum Kind: String, CaseIterable {
        case socialPost = "social-post"
        case blogPost = "blog-post"
        case email
        case ad
    }

    enum Tone: String, CaseIterable {
        case professional
        case friendly
        case enthusiastic
        case informative
        case urgent
    }

    enum Platform: String, CaseIterable {
        case x
        case linkedin
        case instagram

        var limit: Int {
            switch self {
            case .x: 280
            case .linkedin: 3_000
            case .instagram: 2_200
            }
        }

        func length(_ text: String) -> Int {
            self == .x ? WeightedLength.count(text) : text.unicodeScalars.count
        }
    }

    static let mostHashtags = 30

    var kind: Kind
    var topic: String
    var tone: Tone
    var platform: Platform?
    var keywords: [String]
    var seed: Int

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        guard fields.has("kind") else { throw fields.wrong("kind", "given") }
        kind = try fields.choice("kind", default: Kind.socialPost)
        topic = try fields.string("topic").trimmingSpaces
        guard topic.unicodeScalars.contains(where: \.isLetterOrDigit) else {
            throw fields.wrong("topic", "a topic with at least one letter or digit")
        }
        tone = try fields.choice("tone", default: Tone.professional)
        platform = fields.has("platform") ? try fields.choice("platform", default: Platform.x) : nil
        let given = fields.has("keywords") ? try fields.strings("keywords") : []
        var keywords: [String] = []
        for keyword in given.map(\.trimmingSpaces) where !keyword.isEmpty {
            if !keywords.contains(keyword) { keywords.append(keyword) }
        }
        guard keywords.count <= 50 else { throw fields.wrong("keywords", "at most 50 keywords") }
        seed = try fields.integer("seed", default: 0)
        self.keywords = keywords
    }

    func result() -> JSONValue {
        var hashtags = kind == .socialPost ? Self.hashtags(keywords, topic: topic) : []
        var draft = ContentDraft(self)
        let limit = platform?.limit ?? .max
        let length = { (text: String) in platform?.length(text) ?? text.unicodeScalars.count }
        if kind == .socialPost {
            while !hashtags.isEmpty, length(draft.text(hashtags)) > limit { hashtags.removeLast() }
            if length(draft.text(hashtags)) > limit { draft.shorten() }
        }
        let text = draft.text(hashtags)
        return [
            "text": .string(text),
            "characters": .integer(length(text)),
            "fits": .bool(length(text) <= limit),
            "hashtags": .array(hashtags.map(JSONValue.string)),
            "limit": platform.map { .integer($0.limit) } ?? .null,
            "engine": "deterministic",
        ]
    }

    /// Words joined with capitals, each tag once, at most ``mostHashtags``.
    static func hashtags(_ keywords: [String], topic: String) -> [String] {
        var phrases = keywords
        if phrases.isEmpty {
            phrases = topic.split(whereSeparator: \.isWhitespace).map(String.init).filter {
                !StopWords.english.contains($0.lowercased())
            }
        }
        var seen: Set<String> = []
        var tags: [String] = []
        for phrase in phrases {
            let words = phrase.unicodeScalars.split { !$0.isLetterOrDigit }.map { String($0) }
            let tag = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            // A tag of digits only is no tag.
            guard tag.contains(where: \.isLetter), seen.insert(tag.lowercased()).inserted else {
                continue
            }
            tags.append("#" + tag)
        }
        return Array(tags.prefix(mostHashtags))
    }
}

extension ContentGeneration {
    static let task = TaskFunction(
        "content.generate",
        summary: """
            Drafts a social post, blog post, e-mail or ad on a topic in a tone, within the limit \
            of X, LinkedIn or Instagram.
            """,
        definition: """
            phrases chosen by the seed; lengths are twitter-text's weighted length (280) for X, \
            code points for LinkedIn (3,000) and Instagram (2,200, 30 hashtags)
            """,
        payload: Schema.object(
            [
                "kind": Schema.choice(Kind.allCases.map(\.rawValue)),
                "topic": Schema.string(1...500),
                "tone": Schema.choice(Tone.allCases.map(\.rawValue), default: "professional"),
                "platform": Schema.choice(Platform.allCases.map(\.rawValue)),
                "keywords": Schema.array(Schema.string(1...100), 0...50),
                "seed": Schema.integer(default: 0, description: "Another gives another draft"),
                "engine": ModelWriter.engineSchema,
            ],
            required: ["kind", "topic"]
        ),
        result: Schema.object(
            [
                "text": Schema.string(),
                "characters": Schema.integer(
                    description: "Weighted for X, else Unicode code points"
                ),
                "fits": Schema.boolean(description: "Whether within the limit of the platform"),
                "hashtags": Schema.array(Schema.string(), 0...mostHashtags),
                "limit": Schema.nullable(Schema.integer()),
                "engine": Schema.string(description: "deterministic, or provider/model"),
                "usage": ModelWriter.usageSchema,
            ],
            required: ["text", "characters", "fits", "hashtags", "limit", "engine"]
        ),
        example: [
            "kind": "social-post", "topic": "our new offline mode", "tone": "enthusiastic",
            "platform": "x", "keywords": ["offline first", "sync"],
        ],
        perform: { (input: ContentGeneration, _) in input.result() },
        enrich: { input, result, writer in try await input.result(result, by: writer) }
    )
}
