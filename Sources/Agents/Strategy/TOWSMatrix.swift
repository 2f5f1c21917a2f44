import AgentRuntime
import JSONRPC

/// Pairs strengths and weaknesses with opportunities and threats.
///
/// H. Weihrich, “The TOWS Matrix: A Tool for Situational Analysis”, Long Range Planning 15 (1982):
/// SO uses a strength to take an opportunity, WO overcomes a weakness for an opportunity, ST uses
/// a strength against a threat, WT shields a weakness from a threat. A pair scores the product of
/// its weights, a quadrant the sum of its pairs; the posture is the quadrant that scores most, the
/// first of SO, WO, ST, WT among equals.
struct TOWSMatrix: TaskInput {
    enum Kind: String, CaseIterable {
        case strength
        case weakness
        case opportunity
        case threat
    }

    enum Quadrant: String, CaseIterable {
        case so = "SO"
        case wo = "WO"
        case st = "ST"
        case wt = "WT"

        var pair: (inside: Kind, outside: Kind) {
            switch self {
            case .so: (.strength, .opportunity)
            case .wo: (.weakness, .opportunity)
            case .st: (.strength, .threat)
            case .wt: (.weakness, .threat)
            }
        }

        func strategy(_ inside: String, _ outside: String) -> String {
            switch self {
            case .so: "Use “\(inside)” to take “\(outside)”"
            case .wo: "Overcome “\(inside)” to take “\(outside)”"
            case .st: "Use “\(inside)” against “\(outside)”"
            case .wt: "Shield “\(inside)” from “\(outside)”"
            }
        }
    }

    struct Factor {
        var text: String
        var kind: Kind
        var weight: Double
    }

    /// Pairs that a result lists.
    static let pairLimit = 500

    var factors: [Factor]

    init(payload: JSONValue) throws(InvalidPayload) {
        var factors: [Factor] = []
        for fields in try PayloadFields(payload).objects("factors") {
            guard let kind = Kind(rawValue: try fields.string("kind")) else {
                throw fields.wrong("kind", "strength, weakness, opportunity or threat")
            }
            let weight = try fields.number("weight", default: 1)
            guard weight > 0 else { throw fields.wrong("weight", "above 0") }
            factors.append(Factor(text: try fields.string("text"), kind: kind, weight: weight))
        }
        self.factors = factors
    }

    private struct Pair {
        var quadrant: Quadrant
        var inside: Factor
        var outside: Factor

        var score: Double { inside.weight * outside.weight }
    }

    func result() throws -> JSONValue {
        var pairs: [Pair] = []
        var totals: [(quadrant: Quadrant, score: Double)] = []
        for quadrant in Quadrant.allCases {
            try Task.checkCancellation()
            let (inside, outside) = quadrant.pair
            let outer = factors.filter { $0.kind == outside }
            var own: [Pair] = []
            for inner in factors where inner.kind == inside {
                own += outer.map { Pair(quadrant: quadrant, inside: inner, outside: $0) }
            }
            totals.append((quadrant, own.reduce(0) { $0 + $1.score }))
            pairs += own
        }
        let ranked = Vectors.ranked(pairs.map(\.score)).prefix(Self.pairLimit)
        let best = Vectors.ranked(totals.map(\.score)).first.map { totals[$0.index] }
        return [
            "pairs": .array(ranked.map { Self.pair(pairs[$0.index]) }),
            "quadrants": .object(
                JSONObject(totals.map { ($0.quadrant.rawValue, .double($0.score)) })
            ),
            "posture": best.flatMap { $0.score > 0 ? .string($0.quadrant.rawValue) : nil } ?? .null,
            "omitted": .integer(pairs.count - ranked.count),
            "engine": "deterministic",
        ]
    }

    private static func pair(_ pair: Pair) -> JSONValue {
        [
            "quadrant": .string(pair.quadrant.rawValue),
            "internal": .string(pair.inside.text),
            "external": .string(pair.outside.text),
            "score": .double(pair.score),
            "strategy": .string(pair.quadrant.strategy(pair.inside.text, pair.outside.text)),
        ]
    }
}

extension TOWSMatrix {
    private static let quadrantName = Schema.choice(Quadrant.allCases.map(\.rawValue))

    static let task = TaskFunction(
        "strategy.swot",
        summary: """
            Pairs strengths and weaknesses with opportunities and threats (TOWS), by the product \
            of their weights.
            """,
        definition: """
            TOWS matrix (Weihrich 1982): each inner with each outer factor, scored by the product \
            of weights
            """,
        payload: Schema.object(
            [
                "factors": Schema.array(
                    Schema.object(
                        [
                            "text": Schema.string(1...300),
                            "kind": Schema.choice(Kind.allCases.map(\.rawValue)),
                            "weight": Schema.number(1e-6...1e6, default: 1),
                        ],
                        required: ["text", "kind"]
                    ),
                    1...200
                ),
                "engine": ModelWriter.engineSchema,
            ],
            required: ["factors"]
        ),
        result: Schema.object(
            [
                "pairs": Schema.array(
                    Schema.object([
                        "quadrant": quadrantName,
                        "internal": Schema.string(),
                        "external": Schema.string(),
                        "score": Schema.number(),
                        "strategy": Schema.string(),
                    ]),
                    0...pairLimit,
                    description: "By falling score"
                ),
                "quadrants": Schema.object([
                    "SO": Schema.number(), "WO": Schema.number(), "ST": Schema.number(),
                    "WT": Schema.number(),
                ]),
                "posture": Schema.nullable(quadrantName),
                "omitted": Schema.integer(description: "Pairs beyond those listed"),
                "summary": Schema.string(description: "By a language model, where one was asked"),
                "engine": Schema.string(description: "deterministic, or provider/model"),
                "usage": ModelWriter.usageSchema,
            ],
            required: ["pairs", "quadrants", "posture", "omitted", "engine"]
        ),
        example: [
            "factors": [
                ["text": "Loyal customers", "kind": "strength", "weight": 4],
                ["text": "Old machines", "kind": "weakness", "weight": 2],
                ["text": "A new market", "kind": "opportunity", "weight": 5],
                ["text": "Rising wages", "kind": "threat", "weight": 3],
            ]
        ],
        perform: { (input: TOWSMatrix, _) in try input.result() },
        enrich: { _, result, writer in
            guard var object = result.objectValue else { return result }
            let pairs = object["pairs"]?.arrayValue?.prefix(20) ?? []
            let lines = pairs.map { pair in
                "\(pair["quadrant"]?.stringValue ?? ""): \(pair["strategy"]?.stringValue ?? "")"
            }
            let text = try await writer.write(
                "summary",
                instructions: """
                    You sum up a TOWS analysis for a management in at most 200 words: what to do \
                    first and why, then what to watch. Use only the pairs that are given, which \
                    are in the order of their weight; invent no facts or figures.
                    """,
                request: """
                    Posture: \(object["posture"]?.stringValue ?? "none")
                    \(lines.joined(separator: "\n"))
                    """
            )
            object["summary"] = .string(text)
            return .object(object)
        }
    )
}
