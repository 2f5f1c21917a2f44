import AgentRuntime
import JSONRPC

/// Ranks initiatives by RICE or ICE.
///
/// RICE (S. McBride, “RICE: Simple prioritization for product managers”, Intercom, 2016):
/// reach × impact × confidence ÷ effort. ICE (S. Ellis, GrowthHackers): impact × confidence ×
/// ease; an item without `ease` has the ease 1 ÷ effort. Figures enter as they are given, so
/// confidence is on one scale in all items of a task: 0.8, or 80.
struct Prioritization: TaskInput {
    enum Method: String, CaseIterable {
        case rice
        case ice
    }

    struct Item {
        var name: String
        /// Only RICE asks for it.
        var reach: Double
        var impact: Double
        var confidence: Double
        /// What divides in RICE and multiplies in ICE.
        var cost: Cost
    }

    enum Cost: Equatable {
        case effort(Double)
        case ease(Double)
    }

    var items: [Item]
    var method: Method

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        let method = try fields.choice("method", default: Method.rice)
        var items: [Item] = []
        for item in try fields.objects("items") {
            items.append(try Self.item(item, method: method))
        }
        self.items = items
        self.method = method
    }

    private static func item(
        _ fields: PayloadFields,
        method: Method
    ) throws(InvalidPayload) -> Item {
        let cost: Cost
        switch method {
        case .rice:
            cost = .effort(try fields.number("effort"))
        case .ice:
            guard fields.has("ease") || fields.has("effort") else {
                throw InvalidPayload(fields.path, "must have ease or effort")
            }
            cost =
                if fields.has("ease") {
                    .ease(try fields.number("ease"))
                } else {
                    .effort(try fields.number("effort"))
                }
        }
        if case .effort(let effort) = cost, effort <= 0 {
            throw fields.wrong("effort", "above 0")
        }
        return Item(
            name: try fields.string("name"),
            reach: try fields.number("reach", default: method == .ice ? 0 : nil),
            impact: try fields.number("impact"),
            confidence: try fields.number("confidence"),
            cost: cost
        )
    }

    /// The score of an item by the method.
    func score(_ item: Item) -> Double {
        let gain =
            switch method {
            case .rice: item.reach * item.impact * item.confidence
            case .ice: item.impact * item.confidence
            }
        return switch item.cost {
        case .effort(let effort): gain / effort
        case .ease(let ease): gain * ease
        }
    }

    /// The items by falling score; equal scores keep the order of the payload and share a rank.
    func result() -> JSONValue {
        let scores = items.map(score)
        let ranking = Vectors.ranked(scores).map { place -> JSONValue in
            [
                "name": .string(items[place.index].name),
                "score": .double(scores[place.index]),
                "rank": .integer(place.rank),
            ]
        }
        return ["method": .string(method.rawValue), "ranking": .array(ranking)]
    }
}

extension Prioritization {
    /// Bounds that keep every score finite.
    private static let figure = 0.0...1e12

    static let task = TaskFunction(
        "strategy.prioritize",
        summary: """
            Ranks items by RICE (reach × impact × confidence ÷ effort) or ICE (impact × \
            confidence × ease).
            """,
        definition: """
            RICE (McBride 2016): reach × impact × confidence ÷ effort. ICE (Ellis): impact × \
            confidence × ease, where ease is 1 ÷ effort if it is not given. Equal scores share a \
            rank
            """,
        payload: Schema.object(
            [
                "items": Schema.array(
                    Schema.object(
                        [
                            "name": Schema.string(1...200),
                            "reach": Schema.number(
                                figure,
                                description: "People reached in a period; RICE needs it"
                            ),
                            "impact": Schema.number(figure),
                            "confidence": Schema.number(
                                figure,
                                description: "Enters as it is: one scale in all items"
                            ),
                            "effort": Schema.number(
                                1e-9...1e12,
                                description: "RICE needs it; ICE takes 1/effort without ease"
                            ),
                            "ease": Schema.number(figure, description: "Only for ICE"),
                        ],
                        required: ["name", "impact", "confidence"]
                    ),
                    1...2_000
                ),
                "method": Schema.choice(Method.allCases.map(\.rawValue), default: "rice"),
            ],
            required: ["items"]
        ),
        result: Schema.object([
            "method": Schema.choice(Method.allCases.map(\.rawValue)),
            "ranking": Schema.array(
                Schema.object([
                    "name": Schema.string(),
                    "score": Schema.number(),
                    "rank": Schema.integer(1...2_000),
                ]),
                description: "By falling score; equal scores share a rank"
            ),
        ]),
        example: [
            "method": "rice",
            "items": [
                ["name": "Faster search", "reach": 500, "impact": 3, "confidence": 1, "effort": 4],
                ["name": "Dark mode", "reach": 2000, "impact": 1, "confidence": 0.8, "effort": 4],
                ["name": "Import", "reach": 300, "impact": 2, "confidence": 0.5, "effort": 1],
            ],
        ],
        perform: { (input: Prioritization, _) in input.result() }
    )
}
