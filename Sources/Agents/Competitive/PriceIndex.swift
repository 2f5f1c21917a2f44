import AgentRuntime
import JSONRPC

/// Says where a price stands among those of competitors.
///
/// The index is the price relative, 100 × ours ÷ the weighted arithmetic mean of theirs (“Consumer
/// Price Index Manual”, International Monetary Fund, 2020, chapter 8); 100 is the average of the
/// market. Weights are relative, such as market shares; without them all count the same.
struct PriceIndex: TaskInput {
    /// How far from 100 the index may be for the price still to be that of the market, in points.
    static let parity = 1.0

    enum Position: String, CaseIterable {
        /// Below every competitor.
        case lowest
        case below
        case average
        case above
        /// Above every competitor.
        case highest
    }

    var ours: Double
    var competitors: [Double]
    /// Add up to 1.
    var weights: [Double]

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        ours = try fields.number("ours")
        competitors = try fields.numbers("competitors")
        guard ours > 0 else { throw fields.wrong("ours", "above 0") }
        guard !competitors.isEmpty, competitors.allSatisfy({ $0 > 0 }) else {
            throw fields.wrong("competitors", "prices above 0")
        }
        let given =
            fields.has("weights")
            ? try fields.numbers("weights") : competitors.map { _ in 1 }
        guard given.count == competitors.count else {
            throw fields.wrong("weights", "as many as competitors")
        }
        guard given.allSatisfy({ $0 >= 0 }), let unit = Vectors.normalizedToUnitSum(given) else {
            throw fields.wrong("weights", "at least 0, and one of them above 0")
        }
        weights = unit
    }

    func result() -> JSONValue {
        let mean = zip(competitors, weights).reduce(0) { $0 + $1.0 * $1.1 }
        let index = 100 * ours / mean
        let lowest = competitors.reduce(.infinity, min)
        let highest = competitors.reduce(0, max)
        let position: Position =
            if ours < lowest {
                .lowest
            } else if ours > highest {
                .highest
            } else if (index - 100).magnitude <= Self.parity {
                .average
            } else {
                index < 100 ? .below : .above
            }
        return [
            "index": .double(index),
            "position": .string(position.rawValue),
            "average": .double(mean),
            "lowest": .double(lowest),
            "highest": .double(highest),
            "rank": .integer(1 + competitors.count { $0 < ours }),
        ]
    }
}

extension PriceIndex {
    /// Bounds within which the index of any prices is finite.
    private static let price = 1e-9...1e15

    static let task = TaskFunction(
        "price.index",
        summary: "Compares a price with the weighted mean of competitors' prices (100 is equal).",
        definition: """
            100 × price ÷ weighted mean (Consumer Price Index Manual 2020, price relative); \
            `average` is within a point of 100
            """,
        payload: Schema.object(
            [
                "ours": Schema.number(price),
                "competitors": Schema.array(Schema.number(price), 1...10_000),
                "weights": Schema.array(
                    Schema.number(0...1e15),
                    1...10_000,
                    description: "One for each competitor; equal without them"
                ),
            ],
            required: ["ours", "competitors"]
        ),
        result: Schema.object([
            "index": Schema.number(),
            "position": Schema.choice(
                Position.allCases.map(\.rawValue),
                description: "average is within a point of 100"
            ),
            "average": Schema.number(),
            "lowest": Schema.number(),
            "highest": Schema.number(),
            "rank": Schema.integer(description: "1 when no competitor is cheaper"),
        ]),
        example: ["ours": 49, "competitors": [45, 55, 60], "weights": [0.5, 0.3, 0.2]],
        perform: { (input: PriceIndex, _) in input.result() }
    )
}
