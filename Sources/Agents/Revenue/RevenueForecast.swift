import AgentRuntime
import JSONRPC

/// Forecasts a series by additive exponential smoothing (``HoltWinters``).
///
/// The initial state and the weights are part of the result. The error is the mean absolute
/// percentage error of the one-step forecasts, 100 × mean |y − ŷ| ÷ |y|, over the values that
/// are not 0 (Hyndman and Athanasopoulos, section 5.8).
struct RevenueForecast: TaskInput {
    static let longestSeries = 20_000

    var values: [Double]
    /// 1 without a season.
    var period: Int
    var horizon: Int
    var alpha: Double?
    var beta: Double?
    var gamma: Double?

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        values = try fields.numbers("values", 1...Self.longestSeries)
        period = try fields.integer("period", default: 1)
        horizon = try fields.integer("horizon")
        guard (1...1_000).contains(period) else { throw fields.wrong("period", "1–1000") }
        guard (1...1_000).contains(horizon) else { throw fields.wrong("horizon", "1–1000") }
        guard period == 1 || values.count >= 2 * period else {
            throw fields.wrong("period", "at most half the number of values: two whole periods")
        }
        alpha = try Self.weight("alpha", fields)
        beta = try Self.weight("beta", fields)
        gamma = try Self.weight("gamma", fields)
    }

    private static func weight(
        _ name: String,
        _ fields: PayloadFields
    ) throws(InvalidPayload) -> Double? {
        guard fields.has(name) else { return nil }
        let weight = try fields.number(name)
        guard (0...1).contains(weight) else { throw fields.wrong(name, "from 0 to 1") }
        return weight
    }

    func result() throws -> JSONValue {
        let fit = try HoltWinters.fit(
            values,
            period: period,
            alpha: alpha,
            beta: beta,
            gamma: gamma
        )
        guard let (model, weights) = fit else { throw Self.divergence }
        let forecast = model.forecast(horizon)
        guard forecast.allSatisfy(\.isFinite) else { throw Self.divergence }
        return [
            "forecast": .array(forecast.map(JSONValue.double)),
            "fitted": .array(model.fitted.map(JSONValue.double)),
            "mape": Self.meanPercentageError(values, model.fitted).map(JSONValue.double) ?? .null,
            "alpha": .double(weights.alpha),
            "beta": .double(weights.beta),
            "gamma": .double(weights.gamma),
            "initial": [
                "level": .double(model.initial.level),
                "trend": .double(model.initial.trend),
                "season": .array(model.initial.season.map(JSONValue.double)),
            ],
            "squaredError": .double(model.squaredError),
        ]
    }

    private static let divergence = InvalidPayload(
        "/alpha",
        "must be smaller, or beta or gamma must: with these weights the errors grow without end"
    )

    /// `nil` when every value is 0, or so small that the error has no finite form.
    static func meanPercentageError(_ values: [Double], _ fitted: [Double]) -> Double? {
        let errors = zip(values, fitted).compactMap { value, fitted in
            value == 0 ? nil : 100 * ((value - fitted) / value).magnitude
        }
        guard !errors.isEmpty else { return nil }
        let mean = Statistics.mean(errors)
        return mean.isFinite ? mean : nil
    }
}

extension RevenueForecast {
    private static let weightSchema = Schema.number(
        0...1,
        description: "Chosen for the smallest squared error when not given"
    )

    static let task = TaskFunction(
        "revenue.forecast",
        summary: """
            Forecasts a series by Holt–Winters with additive trend and season; without a period \
            by Holt's linear method.
            """,
        definition: """
            Holt–Winters, additive (Hyndman and Athanasopoulos 2021, 8.3), started from the first \
            two periods
            """,
        payload: Schema.object(
            [
                "values": Schema.array(
                    Schema.number(-1e15...1e15),
                    1...longestSeries,
                    description: "At equal distances in time, oldest first"
                ),
                "period": Schema.integer(
                    1...1_000,
                    default: 1,
                    description: "Values in a season, such as 12; needs two whole ones"
                ),
                "horizon": Schema.integer(1...1_000, description: "How many values to forecast"),
                "alpha": weightSchema,
                "beta": weightSchema,
                "gamma": weightSchema,
            ],
            required: ["values", "horizon"]
        ),
        result: Schema.object([
            "forecast": Schema.array(Schema.number()),
            "fitted": Schema.array(Schema.number(), description: "One step ahead of each value"),
            "mape": Schema.nullable(
                Schema.number(description: "Mean absolute percentage error where values are not 0")
            ),
            "alpha": Schema.number(0...1),
            "beta": Schema.number(0...1),
            "gamma": Schema.number(0...1),
            "initial": Schema.object([
                "level": Schema.number(),
                "trend": Schema.number(),
                "season": Schema.array(Schema.number(), description: "Empty without a period"),
            ]),
            "squaredError": Schema.number(description: "Sum over the one-step errors"),
        ]),
        example: [
            "values": [30, 21, 29, 31, 40, 48, 53, 47, 37, 39, 31, 29, 17, 9, 20, 24],
            "period": 4,
            "horizon": 4,
        ],
        perform: { (input: RevenueForecast, _) in try input.result() }
    )
}
