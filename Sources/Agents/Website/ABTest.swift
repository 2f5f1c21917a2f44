import AgentRuntime
import JSONRPC

/// Compares the conversion rates of two variants.
///
/// The two-proportion z-test with pooled variance, two-sided: z = (p_b − p_a) ÷
/// √(p(1 − p)(1/n_a + 1/n_b)) with p over both variants (J. L. Fleiss, B. Levin and M. C. Paik,
/// “Statistical Methods for Rates and Proportions”, 3rd edition, 2003, section 3.1, without
/// continuity correction). Where nobody or everybody converted the variance is 0: z is then 0
/// and p 1, there being no difference. The intervals are score intervals (E. B. Wilson, 1927)
/// at the confidence 1 − alpha.
struct ABTest: TaskInput {
    struct Variant {
        var visitors: Double
        var conversions: Double

        var rate: Double { conversions / visitors }
    }

    enum Winner: String, CaseIterable {
        case a
        case b
        case none
    }

    /// Counts up to here and their sums are exact in a double.
    static let largestCount = 1_000_000_000_000

    var a: Variant
    var b: Variant
    /// The error of the first kind that is accepted.
    var alpha: Double

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        a = try Self.variant(fields.fields("a"))
        b = try Self.variant(fields.fields("b"))
        alpha = try fields.number("alpha", default: 0.05)
        guard alpha > 0, alpha < 1 else { throw fields.wrong("alpha", "between 0 and 1") }
    }

    private static func variant(_ fields: PayloadFields) throws(InvalidPayload) -> Variant {
        let visitors = try fields.integer("visitors")
        let conversions = try fields.integer("conversions")
        guard (1...largestCount).contains(visitors) else {
            throw fields.wrong("visitors", "from 1 to \(largestCount)")
        }
        guard (0...visitors).contains(conversions) else {
            throw fields.wrong("conversions", "from 0 to the number of visitors")
        }
        return Variant(visitors: Double(visitors), conversions: Double(conversions))
    }

    /// Positive when `b` converts better.
    var z: Double {
        let pooled = (a.conversions + b.conversions) / (a.visitors + b.visitors)
        let variance = pooled * (1 - pooled) * (1 / a.visitors + 1 / b.visitors)
        guard variance > 0 else { return 0 }
        return (b.rate - a.rate) / variance.squareRoot()
    }

    var pValue: Double { NormalDistribution.twoSidedTail(z) }

    /// (p_b − p_a) ÷ p_a; none when `a` never converted.
    var uplift: Double? {
        a.conversions > 0 ? (b.rate - a.rate) / a.rate : nil
    }

    var winner: Winner {
        guard pValue < alpha else { return .none }
        return z > 0 ? .b : .a
    }

    /// Wilson's score interval.
    func interval(_ variant: Variant) -> ClosedRange<Double> {
        let critical = -NormalDistribution.quantile(alpha / 2)
        let square = critical * critical
        let scale = 1 + square / variant.visitors
        let centre = (variant.rate + square / (2 * variant.visitors)) / scale
        let spread =
            variant.rate * (1 - variant.rate) / variant.visitors
            + square / (4 * variant.visitors * variant.visitors)
        let half = critical * spread.squareRoot() / scale
        // Rounding may step over the ends of what a proportion can be.
        return max(0, centre - half)...min(1, centre + half)
    }

    func result() -> JSONValue {
        let intervals = [a, b].map { variant -> JSONValue in
            let interval = interval(variant)
            return ["lower": .double(interval.lowerBound), "upper": .double(interval.upperBound)]
        }
        return [
            "z": .double(z),
            "pValue": .double(pValue),
            "uplift": uplift.map(JSONValue.double) ?? .null,
            "winner": .string(winner.rawValue),
            "intervals": ["a": intervals[0], "b": intervals[1]],
            "rates": ["a": .double(a.rate), "b": .double(b.rate)],
            "alpha": .double(alpha),
        ]
    }
}

extension ABTest {
    private static let variantSchema = Schema.object([
        "visitors": Schema.integer(1...largestCount),
        "conversions": Schema.integer(0...largestCount, description: "At most visitors"),
    ])

    private static let intervalSchema = Schema.object([
        "lower": Schema.number(0...1), "upper": Schema.number(0...1),
    ])

    static let task = TaskFunction(
        "ab.evaluate",
        summary: """
            Compares two conversion rates by the pooled two-proportion z-test (two-sided), with \
            Wilson score intervals.
            """,
        definition: """
            two-sided pooled two-proportion z-test without continuity correction (Fleiss, Levin \
            and Paik 2003, 3.1); Wilson score intervals (1927) at 1 − alpha; a winner where the \
            p-value is below alpha
            """,
        payload: Schema.object(
            [
                "a": variantSchema,
                "b": variantSchema,
                "alpha": Schema.number(above: 0, below: 1, default: 0.05),
            ],
            required: ["a", "b"]
        ),
        result: Schema.object([
            "z": Schema.number(description: "Positive when b converts better"),
            "pValue": Schema.number(0...1),
            "uplift": Schema.nullable(
                Schema.number(description: "Relative to a; null when a never converted")
            ),
            "winner": Schema.choice(Winner.allCases.map(\.rawValue)),
            "intervals": Schema.object(["a": intervalSchema, "b": intervalSchema]),
            "rates": Schema.object(["a": Schema.number(0...1), "b": Schema.number(0...1)]),
            "alpha": Schema.number(),
        ]),
        example: [
            "a": ["visitors": 1000, "conversions": 100],
            "b": ["visitors": 1000, "conversions": 130],
        ],
        perform: { (input: ABTest, _) in input.result() }
    )
}
