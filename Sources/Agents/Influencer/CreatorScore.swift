import AgentRuntime
import JSONRPC

/// Rates how much of an audience takes part.
///
/// The engagement rate by followers: the mean over the posts of (likes + comments + shares) ÷
/// followers, in percent. The score is 60 × min(1, rate ÷ twice the usual rate of the tier,
/// ``CreatorTier``) + 25 ÷ (1 + coefficient of variation of the interactions) + 15 × min(1, share of
/// comments among the interactions ÷ 0.05); without any interaction it is 0.
struct CreatorScore: TaskInput {
    var followers: Double
    var posts: [PostFigures]

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        followers = try fields.number("followers", in: 1...1e12)
        var posts: [PostFigures] = []
        for post in try fields.objects("posts") { posts.append(try PostFigures(post)) }
        guard !posts.isEmpty else { throw fields.wrong("posts", "at least one post") }
        self.posts = posts
    }

    func result() -> JSONValue {
        let interactions = posts.map(\.interactions)
        let mean = Statistics.mean(interactions)
        let rate = 100 * mean / followers
        let tier = CreatorTier(followers: followers)
        let variation = mean > 0 ? Statistics.standardDeviation(interactions) / mean : 0
        let comments = Statistics.mean(posts.map { Double($0.comments) })
        let commentShare = mean > 0 ? comments / mean : 0
        let parts = [
            "engagement": 60 * min(1, rate / (2 * tier.usualEngagementRate)),
            "consistency": mean > 0 ? 25 / (1 + variation) : 0,
            "conversation": 15 * min(1, commentShare / 0.05),
        ]
        let names = ["engagement", "consistency", "conversation"]
        let score = names.reduce(0) { $0 + (parts[$1] ?? 0) }
        return [
            "engagementRate": .double(rate),
            "tier": .string(tier.rawValue),
            "score": .double(min(100, score)),
            "parts": .object(JSONObject(names.map { ($0, .double(parts[$0] ?? 0)) })),
            "variation": .double(variation),
            "commentShare": .double(commentShare),
            "viewRate": viewRate.map(JSONValue.double) ?? .null,
        ]
    }

    /// Interactions by views in percent over the posts that say their views.
    private var viewRate: Double? {
        let seen = posts.filter { ($0.views ?? 0) > 0 }
        guard !seen.isEmpty else { return nil }
        let views = seen.reduce(0) { $0 + Double($1.views ?? 0) }
        return 100 * seen.reduce(0) { $0 + $1.interactions } / views
    }
}

extension CreatorScore {
    static let task = TaskFunction(
        "influencer.score",
        summary: """
            Computes the engagement rate by followers, the tier, and a score of engagement, \
            consistency and conversation.
            """,
        definition: """
            engagement by followers; 60 × rate ÷ twice the usual of the tier, 25 for consistency, \
            15 for comments
            """,
        payload: Schema.object([
            "followers": Schema.number(1...1e12),
            "posts": Schema.array(PostFigures.schema, 1...10_000),
        ]),
        result: Schema.object([
            "engagementRate": Schema.number(description: "In percent of the followers"),
            "tier": Schema.choice(CreatorTier.allCases.map(\.rawValue)),
            "score": Schema.number(0...100),
            "parts": Schema.object([
                "engagement": Schema.number(0...60),
                "consistency": Schema.number(0...25),
                "conversation": Schema.number(0...15),
            ]),
            "variation": Schema.number(description: "Standard deviation ÷ mean of interactions"),
            "commentShare": Schema.number(0...1),
            "viewRate": Schema.nullable(
                Schema.number(description: "Interactions in percent of views, where known")
            ),
        ]),
        example: [
            "followers": 24_000,
            "posts": [
                ["likes": 820, "comments": 41, "shares": 12, "views": 9_100],
                ["likes": 640, "comments": 35], ["likes": 1_010, "comments": 66, "shares": 30],
            ],
        ],
        perform: { (input: CreatorScore, _) in input.result() }
    )
}
