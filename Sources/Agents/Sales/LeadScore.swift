import AgentRuntime
import JSONRPC

/// Scores a lead from 0 to 100 by a weighted sum of what is known about it.
///
/// The factors are IBM's BANT (budget, authority, need, timeline) with fit and engagement, as
/// lead scoring combines explicit and implicit data (R. Nygård and J. Mezei, “Automating Lead
/// Scoring with Machine Learning”, HICSS 2020, section 2). Each factor has a value from 0 to 1 by
/// ``LeadFactor``; a factor's points are 100 × weight ÷ sum of all weights × value, and the score
/// is their sum. What is not known has the value 0. Grades: A from 80, B from 60, C from 40, D from
/// 20, else E.
struct LeadScore: TaskInput {
    var values: [(factor: LeadFactor, value: Double?)]
    var weights: [LeadFactor: Double]

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        let lead = try fields.fields("lead")
        var values: [(LeadFactor, Double?)] = []
        for factor in LeadFactor.allCases {
            values.append((factor, try factor.value(lead)))
        }
        var weights = LeadFactor.defaultWeights
        if fields.has("weights") {
            let given = try fields.fields("weights")
            for factor in LeadFactor.allCases where given.has(factor.rawValue) {
                weights[factor] = try given.number(factor.rawValue, in: 0...1e6)
            }
        }
        guard weights.values.contains(where: { $0 >= 1e-6 }) else {
            throw fields.wrong("weights", "weights of which at least one is 1e-6 or more")
        }
        self.values = values
        self.weights = weights
    }

    func result() -> JSONValue {
        let sum = LeadFactor.allCases.reduce(0) { $0 + (weights[$1] ?? 0) }
        var score = 0.0
        var reasons: [(factor: LeadFactor, points: Double, most: Double)] = []
        var unknown: [JSONValue] = []
        for (factor, value) in values {
            let most = 100 * (weights[factor] ?? 0) / sum
            guard let value else {
                if most > 0 { unknown.append(.string(factor.rawValue)) }
                continue
            }
            score += most * value
            reasons.append((factor, most * value, most))
        }
        // Rounding may step over the ends.
        score = min(100, score)
        let order = Vectors.ranked(reasons.map(\.points)).map { reasons[$0.index] }
        return [
            "score": .double(score),
            "grade": .string(Self.grade(score)),
            "reasons": .array(
                order.map { reason in
                    [
                        "factor": .string(reason.factor.rawValue),
                        "points": .double(reason.points),
                        "most": .double(reason.most),
                    ]
                }
            ),
            "unknown": .array(unknown),
        ]
    }

    static func grade(_ score: Double) -> String {
        switch score {
        case 80...: "A"
        case 60..<80: "B"
        case 40..<60: "C"
        case 20..<40: "D"
        default: "E"
        }
    }
}

extension LeadScore {
    private static let weightsSchema: JSONValue = {
        var properties: [(String, JSONValue)] = []
        for factor in LeadFactor.allCases {
            let weight = LeadFactor.defaultWeights[factor] ?? 0
            properties.append((factor.rawValue, Schema.number(0...1e6, default: weight)))
        }
        return [
            "type": "object",
            "description": "Only their ratios count",
            "properties": .object(JSONObject(properties)),
        ]
    }()

    static let task = TaskFunction(
        "lead.score",
        summary: """
            Scores a lead from 0 to 100 by a weighted sum over budget, authority, need, timeline, \
            fit, engagement and recency.
            """,
        definition: """
            a weighted sum over budget, authority, need, timeline (BANT), fit, engagement and \
            recency, each from 0 to 1; what is unknown counts 0
            """,
        payload: Schema.object(
            ["lead": LeadFactor.leadSchema, "weights": weightsSchema],
            required: ["lead"]
        ),
        result: Schema.object([
            "score": Schema.number(0...100),
            "grade": Schema.choice(["A", "B", "C", "D", "E"]),
            "reasons": Schema.array(
                Schema.object([
                    "factor": Schema.choice(LeadFactor.allCases.map(\.rawValue)),
                    "points": Schema.number(0...100.001),
                    "most": Schema.number(0...100.001, description: "The points of a value of 1"),
                ]),
                description: "By falling points; they add up to the score"
            ),
            "unknown": Schema.array(
                Schema.choice(LeadFactor.allCases.map(\.rawValue)),
                description: "Factors the lead says nothing about, which count as 0"
            ),
        ]),
        example: [
            "lead": [
                "budget": 40_000, "dealSize": 50_000, "role": "director", "need": 4,
                "timelineDays": 45, "employees": 300, "visits": 12, "emailClicks": 3,
                "daysSinceContact": 6,
            ]
        ],
        perform: { (input: LeadScore, _) in input.result() }
    )
}
