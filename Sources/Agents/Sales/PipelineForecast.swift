import AgentRuntime
import JSONRPC

/// Forecasts what open deals bring in, each being won or lost as a whole.
///
/// The weighted value is Σ value × probability, which is the mean; its variance, deals being
/// independent, Σ value² × probability × (1 − probability). The spread comes from a Monte Carlo
/// simulation (N. Metropolis and S. Ulam, 1949) of Bernoulli trials by ``SeededRandom``: `expected`
/// is the mean of the simulated totals, whose standard error is the deviation ÷ √simulations, and
/// p10, p50, p90 are their percentiles (``Statistics/quantile(sorted:_:)``). Deals of probability
/// 0 and 1 take no random number.
struct PipelineForecast: TaskInput {
    struct Deal {
        var value: Double
        var probability: Double
        var month: String?
    }

    /// Of trials in all, which keeps a task within some seconds.
    static let trialLimit = 10_000_000

    var deals: [Deal]
    var simulations: Int
    var seed: Int

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        var deals: [Deal] = []
        for deal in try fields.objects("deals") {
            deals.append(
                Deal(
                    value: try deal.number("value", in: -1e12...1e12),
                    probability: try deal.number("probability", in: 0...1),
                    month: try deal.optionalDate("closeDate").map { String($0.text.prefix(7)) }
                )
            )
        }
        let most = max(1, min(100_000, Self.trialLimit / max(1, deals.count)))
        simulations = try fields.integer("simulations", default: min(10_000, most))
        guard (1...most).contains(simulations) else {
            throw fields.wrong("simulations", "from 1 to \(most) for \(deals.count) deals")
        }
        seed = try fields.integer("seed", default: 0)
        self.deals = deals
    }

    func result(context: any TaskContext) throws -> JSONValue {
        let totals = try totals(context: context).sorted()
        let weighted = deals.reduce(0) { $0 + $1.value * $1.probability }
        let variance = deals.reduce(0) {
            $0 + $1.value * $1.value * $1.probability * (1 - $1.probability)
        }
        let deviation = variance.squareRoot()
        return [
            "expected": .double(Statistics.mean(totals)),
            "weighted": .double(weighted),
            "standardDeviation": .double(deviation),
            "standardError": .double(deviation / Double(simulations).squareRoot()),
            "p10": .double(Statistics.quantile(sorted: totals, 0.1)),
            "p50": .double(Statistics.quantile(sorted: totals, 0.5)),
            "p90": .double(Statistics.quantile(sorted: totals, 0.9)),
            "best": .double(deals.reduce(0) { $0 + ($1.probability > 0 ? max(0, $1.value) : 0) }),
            "simulations": .integer(simulations),
            "months": .array(months()),
        ]
    }

    /// The total of each simulation.
    private func totals(context: any TaskContext) throws -> [Double] {
        var random = SeededRandom(seed: UInt64(bitPattern: Int64(seed)))
        let certain = deals.reduce(0) { $0 + ($1.probability == 1 ? $1.value : 0) }
        let open = deals.filter { $0.probability > 0 && $0.probability < 1 }
        var totals: [Double] = []
        totals.reserveCapacity(simulations)
        var trials = 0
        for simulation in 0..<simulations {
            var total = certain
            for deal in open where random.unit() < deal.probability { total += deal.value }
            totals.append(total)
            trials += open.count
            if trials > 100_000 {
                trials = 0
                try Task.checkCancellation()
                context.reportProgress(100 * simulation / simulations, message: "simulated")
            }
        }
        return totals
    }

    /// The weighted value by the month in which the deals close.
    private func months() -> [JSONValue] {
        var values: [String: (weighted: Double, deals: Int)] = [:]
        for deal in deals {
            guard let month = deal.month else { continue }
            values[month, default: (0, 0)].weighted += deal.value * deal.probability
            values[month, default: (0, 0)].deals += 1
        }
        return values.sorted { $0.key < $1.key }.map { month, figures in
            [
                "month": .string(month), "weighted": .double(figures.weighted),
                "deals": .integer(figures.deals),
            ]
        }
    }
}

extension PipelineForecast {
    static let task = TaskFunction(
        "pipeline.forecast",
        summary: """
            Forecasts the value of open deals: probability-weighted, and with the 10th, 50th and \
            90th percentile of a seeded Monte Carlo simulation.
            """,
        definition: """
            Σ value × probability; Monte Carlo simulation of independent deals with xoshiro256** \
            (Blackman and Vigna 2021); percentiles by the inverse empirical distribution
            """,
        payload: Schema.object(
            [
                "deals": Schema.array(
                    Schema.object(
                        [
                            "value": Schema.number(-1e12...1e12),
                            "probability": Schema.number(0...1),
                            "closeDate": Schema.date(),
                        ],
                        required: ["value", "probability"]
                    ),
                    0...10_000
                ),
                "simulations": Schema.integer(
                    1...100_000,
                    default: 10_000,
                    description: "At most 10,000,000 ÷ deals, which is also the default's limit"
                ),
                "seed": Schema.integer(default: 0, description: "The same gives the same result"),
            ],
            required: ["deals"]
        ),
        result: Schema.object([
            "expected": Schema.number(description: "Mean of the simulated totals"),
            "weighted": Schema.number(description: "Σ value × probability"),
            "standardDeviation": Schema.number(description: "Of the total, exact"),
            "standardError": Schema.number(description: "Of expected"),
            "p10": Schema.number(),
            "p50": Schema.number(),
            "p90": Schema.number(),
            "best": Schema.number(description: "When every deal with a chance and a gain is won"),
            "simulations": Schema.integer(),
            "months": Schema.array(
                Schema.object([
                    "month": Schema.string(description: "As in 2026-12"),
                    "weighted": Schema.number(),
                    "deals": Schema.integer(),
                ]),
                description: "Of the deals with a closeDate"
            ),
        ]),
        example: [
            "deals": [
                ["value": 50_000, "probability": 0.6, "closeDate": "2026-12-15"],
                ["value": 120_000, "probability": 0.3, "closeDate": "2027-01-31"],
                ["value": 8_000, "probability": 0.9],
            ],
            "simulations": 10_000,
            "seed": 7,
        ],
        perform: { (input: PipelineForecast, context) in try input.result(context: context) }
    )
}
