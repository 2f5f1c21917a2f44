/// How large an audience is, in the classes of the trade.
enum CreatorTier: String, CaseIterable {
    /// Below 10,000 followers.
    case nano
    /// Below 100,000.
    case micro
    /// Below 500,000.
    case mid
    /// Below 1,000,000.
    case macro
    case mega

    init(followers: Double) {
        self =
            switch followers {
            case ..<10_000: .nano
            case ..<100_000: .micro
            case ..<500_000: .mid
            case ..<1_000_000: .macro
            default: .mega
            }
    }

    /// The engagement rate in percent that is usual for the class, as this hub assumes it: the rate
    /// falls as the audience grows.
    var usualEngagementRate: Double {
        switch self {
        case .nano: 4
        case .micro: 2.5
        case .mid: 1.8
        case .macro: 1.4
        case .mega: 1
        }
    }
}

/// What a post got.
struct PostFigures {
    static let largestCount = 1_000_000_000_000

    var likes: Int
    var comments: Int
    var shares: Int
    var views: Int?

    init(_ fields: PayloadFields) throws(InvalidPayload) {
        likes = try Self.count("likes", fields)
        comments = try Self.count("comments", fields)
        shares = fields.has("shares") ? try Self.count("shares", fields) : 0
        views = fields.has("views") ? try Self.count("views", fields) : nil
    }

    private static func count(
        _ name: String,
        _ fields: PayloadFields
    ) throws(InvalidPayload) -> Int {
        let count = try fields.integer(name)
        guard (0...largestCount).contains(count) else {
            throw fields.wrong(name, "from 0 to \(largestCount)")
        }
        return count
    }

    /// Likes, comments and shares.
    var interactions: Double { Double(likes) + Double(comments) + Double(shares) }

    static let schema = Schema.object(
        [
            "likes": Schema.integer(0...largestCount),
            "comments": Schema.integer(0...largestCount),
            "shares": Schema.integer(0...largestCount, default: 0),
            "views": Schema.integer(0...largestCount),
        ],
        required: ["likes", "comments"]
    )
}
