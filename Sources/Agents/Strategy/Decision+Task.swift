import AgentRuntime
import JSONRPC

extension Decision {
    static let task = TaskFunction(
        "strategy.decide",
        summary: "Ranks alternatives on weighted criteria by TOPSIS or AHP.",
        definition: """
            TOPSIS (Hwang and Yoon 1981) with vector normalisation. AHP (Saaty 1980): principal \
            eigenvector, distributive mode, Saaty's random indices; `consistent` is a ratio of at \
            most 0.1
            """,
        payload: payloadSchema,
        result: resultSchema,
        example: [
            "method": "topsis",
            "alternatives": ["Berlin", "Lisbon", "Oslo"],
            "criteria": [
                ["name": "rent", "weight": 3, "benefit": false],
                ["name": "talent", "weight": 5, "benefit": true],
                ["name": "flights", "weight": 2, "benefit": true],
            ],
            "matrix": [[28, 8, 9], [19, 6, 7], [33, 7, 5]],
        ],
        perform: { (input: Decision, _) in input.result() }
    )

    private static let payloadSchema = Schema.object(
        [
            "method": Schema.choice(Method.allCases.map(\.rawValue), default: "topsis"),
            "alternatives": Schema.array(Schema.string(1...200), 1...200),
            "criteria": Schema.array(
                Schema.object(
                    [
                        "name": Schema.string(1...200),
                        "weight": Schema.number(
                            0...1e9,
                            description: "Not needed where criteriaComparisons are given"
                        ),
                        "benefit": Schema.boolean(
                            default: true,
                            description: "Whether more is better"
                        ),
                    ],
                    required: ["name"]
                ),
                1...50
            ),
            "matrix": Schema.array(
                Schema.array(Schema.number(-1e15...1e15), 1...50),
                1...200,
                description: "A row for each alternative, a column for each criterion"
            ),
            "criteriaComparisons": comparisons(
                "AHP: how much more important the criterion of the row is, reciprocal"
            ),
            "alternativeComparisons": Schema.array(
                comparisons("How much better the alternative of the row is"),
                1...PairwiseComparison.largestOrder,
                description: "AHP: a reciprocal matrix for each criterion, instead of matrix"
            ),
        ],
        required: ["alternatives", "criteria"]
    )

    private static func comparisons(_ description: String) -> JSONValue {
        let order = 1...PairwiseComparison.largestOrder
        return Schema.array(
            Schema.array(Schema.number(PairwiseComparison.scale), order),
            order,
            description: description
        )
    }

    private static let resultSchema = Schema.object(
        [
            "method": Schema.choice(Method.allCases.map(\.rawValue)),
            "ranking": Schema.array(
                Schema.object([
                    "alternative": Schema.string(),
                    "score": Schema.number(),
                    "rank": Schema.integer(1...200),
                ]),
                description: "By falling score; equal scores share a rank"
            ),
            "weights": Schema.array(
                Schema.object(["criterion": Schema.string(), "weight": Schema.number()]),
                description: "Add up to 1"
            ),
            "lambdaMax": Schema.number(description: "AHP: principal eigenvalue"),
            "consistencyIndex": Schema.number(description: "AHP: (λmax − n) ÷ (n − 1)"),
            "consistencyRatio": Schema.number(
                description: "AHP: consistency index ÷ Saaty's random index"
            ),
            "consistent": Schema.boolean(description: "AHP: whether the ratio is at most 0.1"),
            "intermediate": ["type": "object"],
        ],
        required: ["method", "ranking", "weights", "intermediate"]
    )
}
