import AgentRuntime
import JSONRPC

/// How many visitors each variant of an A/B test needs.
///
/// For the two-sided pooled z-test of ``ABTest`` with equal groups (Fleiss, Levin and Paik 2003,
/// section 4.2, without continuity correction): n = (z_α √(2p̄(1 − p̄)) + z_β √(p₁(1 − p₁) +
/// p₂(1 − p₂)))² ÷ (p₂ − p₁)², where p̄ is the mean of both rates, z_α the quantile of
/// 1 − alpha/2 and z_β that of the power; rounded up to whole visitors. The effect is absolute
/// (0.02: from 10 % to 12 %) unless it is said to be relative (0.2: the same).
struct SampleSize: TaskInput {
    enum Effect: String, CaseIterable {
        case absolute
        case relative
    }

    var baseline: Double
    /// The rate that is to be told from the baseline.
    var target: Double
    var alpha: Double
    var power: Double

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        baseline = try fields.number("baseline")
        guard baseline > 0, baseline < 1 else {
            throw fields.wrong("baseline", "between 0 and 1")
        }
        let effect = try fields.number("minimumEffect")
        target =
            switch try fields.choice("effect", default: Effect.absolute) {
            case .absolute: baseline + effect
            case .relative: baseline * (1 + effect)
            }
        guard target > 0, target < 1 else {
            throw fields.wrong("minimumEffect", "such that the new rate is between 0 and 1")
        }
        guard (target - baseline).magnitude >= 1e-6 else {
            throw fields.wrong("minimumEffect", "a change of the rate by 0.000001 or more")
        }
        alpha = try fields.number("alpha", default: 0.05)
        guard alpha > 0, alpha <= 0.5 else { throw fields.wrong("alpha", "above 0, at most 0.5") }
        power = try fields.number("power", default: 0.8)
        guard power >= 0.5, power < 1 else { throw fields.wrong("power", "from 0.5, below 1") }
    }

    /// 1 − alpha/2 quantile of the normal distribution.
    var zAlpha: Double { -NormalDistribution.quantile(alpha / 2) }

    /// Quantile of the power.
    var zBeta: Double { NormalDistribution.quantile(power) }

    /// Before rounding up.
    var exact: Double {
        let mean = (baseline + target) / 2
        let underNull = (2 * mean * (1 - mean)).squareRoot()
        let underAlternative =
            (baseline * (1 - baseline) + target * (1 - target)).squareRoot()
        let ratio = (zAlpha * underNull + zBeta * underAlternative) / (target - baseline)
        return ratio * ratio
    }

    func result() -> JSONValue {
        let perVariant = max(1, exact.rounded(.up))
        return [
            "perVariant": Int(exactly: perVariant).map(JSONValue.integer) ?? .double(perVariant),
            "total": Int(exactly: 2 * perVariant).map(JSONValue.integer)
                ?? .double(2 * perVariant),
            "exact": .double(exact),
            "target": .double(target),
            "zAlpha": .double(zAlpha),
            "zBeta": .double(zBeta),
        ]
    }
}

extension SampleSize {
    static let task = TaskFunction(
        "ab.samplesize",
        summary: """
            Visitors per variant for a two-sided z-test of two conversion rates (normal \
            approximation, pooled under the null hypothesis).
            """,
        definition: """
            Fleiss, Levin and Paik 2003, 4.2, equal groups, without continuity correction, \
            rounded up
            """,
        payload: Schema.object(
            [
                "baseline": Schema.number(above: 0, below: 1),
                "minimumEffect": Schema.number(
                    above: -1e6,
                    below: 1e6,
                    description: "Smallest change worth finding, negative for a loss"
                ),
                "effect": Schema.choice(
                    Effect.allCases.map(\.rawValue),
                    default: "absolute",
                    description: "Whether minimumEffect is added to the baseline or multiplies it"
                ),
                "alpha": Schema.number(1e-300...0.5, default: 0.05),
                "power": Schema.number(0.5...0.999999, default: 0.8),
            ],
            required: ["baseline", "minimumEffect"]
        ),
        result: Schema.object([
            "perVariant": Schema.integer(),
            "total": Schema.integer(),
            "exact": Schema.number(description: "Per variant, before rounding up"),
            "target": Schema.number(description: "The rate to tell from the baseline"),
            "zAlpha": Schema.number(),
            "zBeta": Schema.number(),
        ]),
        example: ["baseline": 0.1, "minimumEffect": 0.02, "alpha": 0.05, "power": 0.8],
        perform: { (input: SampleSize, _) in input.result() }
    )
}
