import JSONRPC

extension VoteCount {
    private static let names = Schema.array(Schema.string(1...200), 0...mostCandidates)
    private static let count = Schema.integer(0...mostBallots)

    private static let ballotSchema: JSONValue = [
        "description": """
        Rankings, each a list of names or {ranking, count}; or votes by name, as lists are \
        voted for
        """,
        "anyOf": [
            Schema.array(
                [
                    "anyOf": [
                        Schema.string(1...200),
                        names,
                        Schema.object(["ranking": names, "count": count], required: ["ranking"]),
                    ]
                ],
                1...100_000
            ),
            [
                "type": "object", "minProperties": 1, "maxProperties": .integer(mostCandidates),
                "additionalProperties": count,
            ],
        ],
    ]

    static let task = TaskFunction(
        "vote.count",
        summary: "Counts an election by STV, instant runoff or D'Hondt and shows its rounds.",
        definition: """
            STV with the weighted inclusive Gregory method; the quota `exact` is votes ÷ (seats + \
            1) and must be exceeded, `droop` its integer and must be reached. Instant runoff. \
            D'Hondt's highest averages. `tied` says that the order of candidates decided
            """,
        payload: Schema.object(
            [
                "ballots": ballotSchema,
                "seats": Schema.integer(1...1_000, default: 1),
                "method": Schema.choice(Method.allCases.map(\.rawValue), default: "stv"),
                "candidates": Schema.array(
                    Schema.string(1...200),
                    1...mostCandidates,
                    description: "Without it those who are named, in that order"
                ),
                "quota": Schema.choice(
                    Quota.allCases.map(\.rawValue),
                    default: "exact",
                    description: "Of STV: exceed votes ÷ (seats + 1), or reach Droop's integer"
                ),
            ],
            required: ["ballots"]
        ),
        result: Schema.object([
            "method": Schema.choice(Method.allCases.map(\.rawValue)),
            "elected": Schema.array(Schema.string(), description: "In the order of election"),
            "allocation": Schema.array(
                Schema.object(["name": Schema.string(), "seats": Schema.integer()])
            ),
            "quota": Schema.nullable(Schema.number()),
            "rounds": Schema.array(
                Schema.object([
                    "round": Schema.integer(),
                    "votes": Schema.array(
                        Schema.object(["candidate": Schema.string(), "votes": Schema.number()]),
                        description: "Of D'Hondt the highest average alone"
                    ),
                    "elected": Schema.array(Schema.string()),
                    "excluded": Schema.array(Schema.string()),
                    "exhausted": Schema.number(),
                ])
            ),
            "tied": Schema.boolean(
                description: "Whether the order of the candidates decided between equals"
            ),
        ]),
        example: [
            "method": "stv",
            "seats": 2,
            "ballots": [
                ["ranking": ["Ada", "Grace", "Alan"], "count": 34],
                ["ranking": ["Grace", "Alan"], "count": 20],
                ["ranking": ["Alan", "Grace"], "count": 26],
                ["ranking": ["Edsger", "Alan"], "count": 10],
            ],
        ],
        perform: { (input: VoteCount, _) in try input.result() }
    )
}
