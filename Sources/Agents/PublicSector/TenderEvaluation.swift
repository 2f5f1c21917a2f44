import AgentRuntime
import JSONRPC

/// Ranks the bids of a tender by the weighted sum of their scores.
///
/// The weighted sum model (P. C. Fishburn, 1967) as it is used in procurement: a quality criterion
/// counts score ÷ maximum, a price criterion lowest price ÷ price over the bids that are not
/// excluded (“Guidance on the evaluation of tenders”, relative price formula, as in World Bank
/// “Evaluating Bids and Proposals with Rated Criteria”, 2023); the total is 100 × Σ weight × value
/// with weights that add up to 1. A bid below the minimum of a quality criterion is excluded
/// before prices are compared. Equal totals share a rank.
struct TenderEvaluation: TaskInput {
    enum Kind: String, CaseIterable {
        case quality
        case price
    }

    struct Criterion {
        var name: String
        var kind: Kind
        /// Add up to 1.
        var weight: Double
        var maximum: Double
        var minimum: Double
    }

    struct Bid {
        var name: String
        /// By criterion.
        var figures: [Double]
    }

    var criteria: [Criterion]
    var bids: [Bid] = []

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        criteria = try Self.criteria(fields)
        var names: Set<String> = []
        for bid in try fields.objects("bids") {
            let name = try bid.string("name")
            guard names.insert(name).inserted else { throw bid.wrong("name", "unique") }
            let scores = try bid.fields("scores")
            var figures: [Double] = []
            for criterion in criteria {
                let figure = try scores.number(criterion.name)
                switch criterion.kind {
                case .quality:
                    guard (0...criterion.maximum).contains(figure) else {
                        throw scores.wrong(criterion.name, "from 0 to \(criterion.maximum)")
                    }
                case .price:
                    guard figure > 0 else { throw scores.wrong(criterion.name, "above 0") }
                }
                figures.append(figure)
            }
            bids.append(Bid(name: name, figures: figures))
        }
    }

    private static func criteria(
        _ fields: PayloadFields
    ) throws(InvalidPayload) -> [Criterion] {
        var criteria: [Criterion] = []
        var names: Set<String> = []
        for one in try fields.objects("criteria") {
            let name = try one.string("name")
            guard names.insert(name).inserted else { throw one.wrong("name", "unique") }
            let weight = try one.number("weight")
            guard weight >= 0 else { throw one.wrong("weight", "at least 0") }
            let maximum = try one.number("maximum", default: 100)
            guard maximum > 0 else { throw one.wrong("maximum", "above 0") }
            criteria.append(
                Criterion(
                    name: name,
                    kind: try one.choice("kind", default: Kind.quality),
                    weight: weight,
                    maximum: maximum,
                    minimum: try one.number("minimum", default: 0)
                )
            )
        }
        guard let weights = Vectors.normalizedToUnitSum(criteria.map(\.weight)) else {
            throw fields.wrong("criteria", "weighted, at least one of them above 0")
        }
        for (index, weight) in weights.enumerated() { criteria[index].weight = weight }
        return criteria
    }

    func result() throws -> JSONValue {
        let excluded = bids.map { bid in
            criteria.indices.filter { index in
                criteria[index].kind == .quality
                    && bid.figures[index] < criteria[index].minimum
            }
        }
        let admitted = bids.indices.filter { excluded[$0].isEmpty }
        let lowest = criteria.indices.map { index in
            admitted.reduce(Double.infinity) { min($0, bids[$1].figures[index]) }
        }
        try Task.checkCancellation()
        let points = admitted.map { bid in
            criteria.indices.map { index in
                let criterion = criteria[index]
                let figure = bids[bid].figures[index]
                let value =
                    criterion.kind == .price ? lowest[index] / figure : figure / criterion.maximum
                return 100 * criterion.weight * value
            }
        }
        let totals = points.map { $0.reduce(0, +) }
        let ranking = Vectors.ranked(totals).map { place -> JSONValue in
            let parts = zip(criteria, points[place.index]).map { criterion, points -> JSONValue in
                ["criterion": .string(criterion.name), "points": .double(points)]
            }
            return [
                "bid": .string(bids[admitted[place.index]].name),
                "total": .double(totals[place.index]),
                "rank": .integer(place.rank),
                "parts": .array(parts),
            ]
        }
        let refused = bids.indices.filter { !excluded[$0].isEmpty }.map { bid -> JSONValue in
            [
                "bid": .string(bids[bid].name),
                "criteria": .array(excluded[bid].map { .string(criteria[$0].name) }),
            ]
        }
        return ["ranking": .array(ranking), "excluded": .array(refused)]
    }
}

extension TenderEvaluation {
    private static let figure = 0.0...1e15

    static let task = TaskFunction(
        "tender.evaluate",
        summary: """
            Ranks bids by the weighted sum of quality (score ÷ maximum) and price (lowest ÷ price).
            """,
        definition: """
            weighted sum; quality score ÷ maximum, price lowest ÷ price; below a minimum a bid is \
            excluded
            """,
        payload: Schema.object([
            "bids": Schema.array(
                Schema.object([
                    "name": Schema.string(1...200),
                    "scores": .object([
                        "type": "object",
                        "description": "A figure for each criterion, by its name",
                        "additionalProperties": Schema.number(figure),
                    ]),
                ]),
                1...500
            ),
            "criteria": Schema.array(
                Schema.object(
                    [
                        "name": Schema.string(1...200),
                        "weight": Schema.number(0...1e9),
                        "kind": Schema.choice(Kind.allCases.map(\.rawValue), default: "quality"),
                        "maximum": Schema.number(
                            1e-6...1e15,
                            default: 100,
                            description: "The best score of a quality criterion"
                        ),
                        "minimum": Schema.number(
                            figure,
                            default: 0,
                            description: "A lower quality score excludes the bid"
                        ),
                    ],
                    required: ["name", "weight"]
                ),
                1...30
            ),
        ]),
        result: Schema.object([
            "ranking": Schema.array(
                Schema.object([
                    "bid": Schema.string(),
                    "total": Schema.number(description: "From 0 to 100"),
                    "rank": Schema.integer(1...500),
                    "parts": Schema.array(
                        Schema.object(["criterion": Schema.string(), "points": Schema.number()])
                    ),
                ])
            ),
            "excluded": Schema.array(
                Schema.object([
                    "bid": Schema.string(),
                    "criteria": Schema.array(
                        Schema.string(),
                        description: "Whose minimum it misses"
                    ),
                ])
            ),
        ]),
        example: [
            "criteria": [
                ["name": "price", "weight": 40, "kind": "price"],
                ["name": "method", "weight": 60, "maximum": 10, "minimum": 5],
            ],
            "bids": [
                ["name": "Acme", "scores": ["price": 120_000, "method": 8]],
                ["name": "Globex", "scores": ["price": 95_000, "method": 6]],
                ["name": "Initech", "scores": ["price": 60_000, "method": 3]],
            ],
        ],
        perform: { (input: TenderEvaluation, _) in try input.result() }
    )
}
