import AgentRuntime
import JSONRPC

/// Places products in the growth-share matrix.
///
/// B. D. Henderson, “The Product Portfolio”, Boston Consulting Group, 1970: growth of the market
/// over a year, and the share relative to the largest competitor's. A product at a threshold
/// counts as above it. The usual thresholds are 10 % and 1.
struct GrowthShareMatrix: TaskInput {
    enum Quadrant: String, CaseIterable {
        case star
        case cashCow = "cash-cow"
        case questionMark = "question-mark"
        case dog

        init(grows: Bool, leads: Bool) {
            self =
                grows
                ? (leads ? .star : .questionMark)
                : (leads ? .cashCow : .dog)
        }

        var advice: String {
            switch self {
            case .star: "Invest to keep the lead"
            case .cashCow: "Hold, and harvest for the others"
            case .questionMark: "Build a lead or give up"
            case .dog: "Divest, or keep for a niche"
            }
        }
    }

    struct Product {
        var name: String
        var growth: Double
        var relativeShare: Double
    }

    var products: [Product]
    var growthThreshold: Double
    var shareThreshold: Double

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        var products: [Product] = []
        for product in try fields.objects("products") {
            let share = try product.number("relativeShare")
            guard share >= 0 else { throw product.wrong("relativeShare", "at least 0") }
            products.append(
                Product(
                    name: try product.string("name"),
                    growth: try product.number("growth"),
                    relativeShare: share
                )
            )
        }
        self.products = products
        growthThreshold = try fields.number("growthThreshold", default: 10)
        shareThreshold = try fields.number("shareThreshold", default: 1)
    }

    func quadrant(_ product: Product) -> Quadrant {
        Quadrant(
            grows: product.growth >= growthThreshold,
            leads: product.relativeShare >= shareThreshold
        )
    }

    func result() -> JSONValue {
        let quadrants = products.map(quadrant)
        let placed = zip(products, quadrants).map { product, quadrant -> JSONValue in
            [
                "name": .string(product.name),
                "quadrant": .string(quadrant.rawValue),
                "advice": .string(quadrant.advice),
            ]
        }
        let counts = Quadrant.allCases.map { quadrant in
            (quadrant.rawValue, JSONValue.integer(quadrants.count { $0 == quadrant }))
        }
        return [
            "products": .array(placed),
            "counts": .object(JSONObject(counts)),
            "growthThreshold": .double(growthThreshold),
            "shareThreshold": .double(shareThreshold),
        ]
    }
}

extension GrowthShareMatrix {
    static let task = TaskFunction(
        "strategy.portfolio",
        summary: "Places products in the growth-share matrix: stars, cash cows and the others.",
        definition: "growth-share matrix (Henderson 1970)",
        payload: Schema.object(
            [
                "products": Schema.array(
                    Schema.object([
                        "name": Schema.string(1...200),
                        "growth": Schema.number(
                            -1e6...1e6,
                            description: "Of the market, in percent a year"
                        ),
                        "relativeShare": Schema.number(
                            0...1e9,
                            description: "Own share ÷ share of the largest competitor"
                        ),
                    ]),
                    1...1_000
                ),
                "growthThreshold": Schema.number(-1e6...1e6, default: 10),
                "shareThreshold": Schema.number(0...1e9, default: 1),
            ],
            required: ["products"]
        ),
        result: Schema.object([
            "products": Schema.array(
                Schema.object([
                    "name": Schema.string(),
                    "quadrant": Schema.choice(Quadrant.allCases.map(\.rawValue)),
                    "advice": Schema.string(),
                ])
            ),
            "counts": Schema.object([
                "star": Schema.integer(), "cash-cow": Schema.integer(),
                "question-mark": Schema.integer(), "dog": Schema.integer(),
            ]),
            "growthThreshold": Schema.number(),
            "shareThreshold": Schema.number(),
        ]),
        example: [
            "products": [
                ["name": "Hub", "growth": 22, "relativeShare": 1.4],
                ["name": "Desk", "growth": 3, "relativeShare": 2.1],
                ["name": "Pad", "growth": 15, "relativeShare": 0.3],
            ]
        ],
        perform: { (input: GrowthShareMatrix, _) in input.result() }
    )
}
