import AgentRuntime
import JSONRPC

/// Looks for signs that followers or engagement were bought.
///
/// - `follower-spike`, `follower-drop`: a step of the series whose growth rate has a modified
///   z-score (Iglewicz and Hoaglin, ``AnomalyDetection``) beyond 3.5 and is above 5 % of the
///   followers before;
/// - `engagement-low`, `engagement-high`: a rate below a fifth or above five times the usual one
///   of the tier (``CreatorTier``);
/// - `comments-scarce`: fewer than one comment per 1,000 likes, of 1,000 likes or more;
/// - `engagement-uniform`: likes that vary by less than 5 % over ten posts or more;
/// - `digits-unnatural`: leading digits against Benford's law (``BenfordTest``) at p < 0.01 over 50
///   counts or more of likes, comments and shares.
///
/// A flag is a reason to look closer, no proof.
struct CreatorAudit: TaskInput {
    static let longestSeries = 20_000

    var followers: [Double]
    var posts: [PostFigures]

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        followers = try fields.numbers("followers", 1...Self.longestSeries)
        for (index, count) in followers.enumerated() where !(0...1e12).contains(count) {
            throw fields.wrong("followers/\(index)", "from 0 to 1e12")
        }
        var posts: [PostFigures] = []
        for post in try fields.objects("posts") { posts.append(try PostFigures(post)) }
        self.posts = posts
    }

    func result() throws -> JSONValue {
        let benford = BenfordTest(posts.flatMap { [$0.likes, $0.comments, $0.shares] })
        try Task.checkCancellation()
        var flags = stepFlags()
        flags += engagementFlags()
        if benford.count >= 50, benford.pValue < 0.01 {
            let message =
                "The leading digits of \(benford.count) counts do not follow Benford's law"
            flags.append(Self.flag("digits-unnatural", message, value: benford.pValue))
        }
        return [
            "flags": .array(flags),
            "benford": [
                "chiSquare": .double(benford.chiSquare),
                "pValue": .double(benford.pValue),
                "count": .integer(benford.count),
                "observed": .array(benford.observed.map(JSONValue.integer)),
            ],
        ]
    }

    private static func flag(_ name: String, _ message: String, value: Double) -> JSONValue {
        ["flag": .string(name), "message": .string(message), "value": .double(value)]
    }

    private static let flagLimit = 100

    private func stepFlags() -> [JSONValue] {
        let rates = zip(followers.dropFirst(), followers).map { next, previous in
            // From nothing any growth is endless; the first follower counts as one before.
            (next - previous) / max(1, previous)
        }
        let centre = Statistics.median(rates)
        let deviation = Statistics.medianAbsoluteDeviation(rates)
        var flags: [JSONValue] = []
        for (index, rate) in rates.enumerated() where flags.count < Self.flagLimit {
            guard rates.count >= 5, rate.magnitude > 0.05,
                0.6745 * (rate - centre).magnitude > 3.5 * deviation
            else { continue }
            let percent = (rate.magnitude * 1_000).rounded() / 10
            flags.append(
                Self.flag(
                    rate > 0 ? "follower-spike" : "follower-drop",
                    "\(percent) % \(rate > 0 ? "more" : "fewer") followers at position \(index + 1)",
                    value: rate
                )
            )
        }
        return flags
    }

    private func engagementFlags() -> [JSONValue] {
        guard !posts.isEmpty, let count = followers.last, count >= 1 else { return [] }
        var flags: [JSONValue] = []
        let rate = 100 * Statistics.mean(posts.map(\.interactions)) / count
        let usual = CreatorTier(followers: count).usualEngagementRate
        if rate < usual / 5 {
            let message = "Engagement is below a fifth of what is usual at this size"
            flags.append(Self.flag("engagement-low", message, value: rate))
        } else if rate > usual * 5 {
            let message = "Engagement is above five times what is usual at this size"
            flags.append(Self.flag("engagement-high", message, value: rate))
        }
        let likes = posts.map { Double($0.likes) }
        let sum = likes.reduce(0, +)
        let comments = posts.reduce(0) { $0 + Double($1.comments) }
        if sum >= 1_000, comments * 1_000 < sum {
            let message = "There is less than one comment per 1,000 likes"
            flags.append(Self.flag("comments-scarce", message, value: comments / sum))
        }
        if posts.count >= 10, sum > 0 {
            let variation = Statistics.standardDeviation(likes) / Statistics.mean(likes)
            if variation < 0.05 {
                let message = "The likes of the posts hardly differ"
                flags.append(Self.flag("engagement-uniform", message, value: variation))
            }
        }
        return flags
    }
}

extension CreatorAudit {
    private static let flagNames = [
        "follower-spike", "follower-drop", "engagement-low", "engagement-high", "comments-scarce",
        "engagement-uniform", "digits-unnatural",
    ]

    static let task = TaskFunction(
        "influencer.audit",
        summary: """
            Flags signs of bought followers and engagement: spikes, unusual rates, and leading \
            digits against Benford's law (χ² with 8 degrees of freedom).
            """,
        definition: """
            Benford's law (1938) by Pearson's χ² with 8 degrees of freedom; modified z-scores of \
            growth
            """,
        payload: Schema.object([
            "followers": Schema.array(
                Schema.number(0...1e12),
                1...longestSeries,
                description: "At equal distances in time, oldest first"
            ),
            "posts": Schema.array(PostFigures.schema, 0...10_000),
        ]),
        result: Schema.object([
            "flags": Schema.array(
                Schema.object([
                    "flag": Schema.choice(flagNames),
                    "message": Schema.string(),
                    "value": Schema.number(description: "The figure that is out of bounds"),
                ])
            ),
            "benford": Schema.object([
                "chiSquare": Schema.number(),
                "pValue": Schema.number(0...1),
                "count": Schema.integer(description: "Likes, comments and shares above 0"),
                "observed": Schema.array(
                    Schema.integer(),
                    9...9,
                    description: "How many begin with 1, 2, … 9"
                ),
            ]),
        ]),
        example: [
            "followers": [10_000, 10_080, 10_150, 10_210, 14_900, 14_950, 15_020],
            "posts": [
                ["likes": 812, "comments": 31], ["likes": 145, "comments": 9],
                ["likes": 1_930, "comments": 104, "shares": 22],
            ],
        ],
        perform: { (input: CreatorAudit, _) in try input.result() }
    )
}
