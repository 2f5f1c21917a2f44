import AgentRuntime
import JSONRPC

/// Says what came of an event.
///
/// The Net Promoter Score is the share of the answers 9 and 10 less that of 0 to 6, from −100 to
/// 100 (F. F. Reichheld, “The One Number You Need to Grow”, Harvard Business Review, 2003); its
/// margin is that of the normal approximation at 95 %. The standard deviation of ratings is that
/// of a sample (n − 1), and null for less than two.
struct EventReport: TaskInput {
    var registrations: Int
    var attendance: Int
    var ratings: [Double] = []
    var answers: [Double] = []

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        registrations = try fields.integer("registrations")
        attendance = try fields.integer("attendance")
        guard registrations >= 0 else { throw fields.wrong("registrations", "at least 0") }
        guard attendance >= 0 else { throw fields.wrong("attendance", "at least 0") }
        if fields.has("ratings") {
            ratings = try fields.numbers("ratings")
            guard ratings.allSatisfy({ (1...5).contains($0) }) else {
                throw fields.wrong("ratings", "from 1 to 5")
            }
        }
        if fields.has("nps") {
            answers = try fields.numbers("nps")
            guard answers.allSatisfy({ (0...10).contains($0) && $0 == $0.rounded() }) else {
                throw fields.wrong("nps", "whole answers from 0 to 10")
            }
        }
    }

    func result() -> JSONValue {
        // Who comes without having registered is no negative no-show.
        let absent = max(0, registrations - attendance)
        let people = Double(registrations)
        return [
            "attendanceRate": registrations > 0 ? .double(Double(attendance) / people) : .null,
            "noShowRate": registrations > 0 ? .double(Double(absent) / people) : .null,
            "ratings": ratings.isEmpty ? .null : ratingResult,
            "nps": answers.isEmpty ? .null : promoterResult,
        ]
    }

    private var ratingResult: JSONValue {
        let count = Double(ratings.count)
        let mean = ratings.reduce(0, +) / count
        let squares = ratings.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let sorted = ratings.sorted()
        let middle = sorted.count / 2
        let median =
            sorted.count.isMultiple(of: 2)
            ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        return [
            "count": .integer(ratings.count),
            "mean": .double(mean),
            "median": .double(median),
            "standardDeviation": ratings.count > 1
                ? .double((squares / (count - 1)).squareRoot()) : .null,
            "satisfied": .double(Double(ratings.count { $0 >= 4 }) / count),
        ]
    }

    private var promoterResult: JSONValue {
        let count = Double(answers.count)
        let promoters = Double(answers.count { $0 >= 9 }) / count
        let detractors = Double(answers.count { $0 <= 6 }) / count
        let score = promoters - detractors
        let variance = max(0, promoters + detractors - score * score)
        let critical = NormalDistribution.quantile(0.975)
        return [
            "count": .integer(answers.count),
            "score": .double(100 * score),
            "promoters": .double(promoters),
            "passives": .double(max(0, 1 - promoters - detractors)),
            "detractors": .double(detractors),
            "margin": .double(100 * critical * (variance / count).squareRoot()),
        ]
    }
}

extension EventReport {
    private static let share = Schema.number(0...1)

    static let task = TaskFunction(
        "event.report",
        summary: "Reports attendance, ratings and the Net Promoter Score of an event.",
        definition: """
            Net Promoter Score (Reichheld 2003) with its 95 % margin; sample standard deviation
            """,
        payload: Schema.object(
            [
                "registrations": Schema.integer(0...1_000_000_000),
                "attendance": Schema.integer(0...1_000_000_000),
                "ratings": Schema.array(Schema.number(1...5), 0...100_000),
                "nps": Schema.array(
                    Schema.integer(0...10),
                    0...100_000,
                    description: "How likely one is to recommend it, 0 to 10"
                ),
            ],
            required: ["registrations", "attendance"]
        ),
        result: Schema.object([
            "attendanceRate": Schema.nullable(Schema.number()),
            "noShowRate": Schema.nullable(share),
            "ratings": Schema.nullable(
                Schema.object([
                    "count": Schema.integer(),
                    "mean": Schema.number(1...5),
                    "median": Schema.number(1...5),
                    "standardDeviation": Schema.nullable(Schema.number()),
                    "satisfied": share,
                ])
            ),
            "nps": Schema.nullable(
                Schema.object([
                    "count": Schema.integer(),
                    "score": Schema.number(-100...100),
                    "promoters": share,
                    "passives": share,
                    "detractors": share,
                    "margin": Schema.number(description: "Half of the 95 % interval"),
                ])
            ),
        ]),
        example: [
            "registrations": 120, "attendance": 96, "ratings": [5, 4, 4, 3, 5],
            "nps": [10, 9, 8, 6, 10],
        ],
        perform: { (input: EventReport, _) in input.result() }
    )
}
