import AgentRuntime
import JSONRPC

/// Finds values far from the median, measured by the median absolute deviation.
///
/// The modified z-score of B. Iglewicz and D. C. Hoaglin, “How to Detect and Handle Outliers”,
/// 1993: 0.6745 (x − median) ÷ MAD, an anomaly where its magnitude is above the threshold, 3.5.
/// Where the MAD is 0, half of the values being equal, the mean absolute deviation stands in:
/// (x − median) ÷ (1.253314 × mean |x − median|), as IBM SPSS does; where that is 0 too, all
/// values are equal and none is an anomaly.
struct AnomalyDetection: TaskInput {
    static let longestSeries = 50_000
    /// How many anomalies a result lists, so that it stays within the size of results.
    static let listLimit = 10_000

    var values: [Double]
    var threshold: Double

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        values = try fields.numbers("values", 1...Self.longestSeries)
        threshold = try fields.number("threshold", default: 3.5)
        guard threshold > 0 else { throw fields.wrong("threshold", "above 0") }
    }

    func result() throws -> JSONValue {
        let median = Statistics.median(values)
        try Task.checkCancellation()
        let distances = values.map { ($0 - median).magnitude }
        let deviation = Statistics.median(distances)
        try Task.checkCancellation()
        let mean = Statistics.mean(distances)
        let scale = deviation > 0 ? deviation / 0.6745 : 1.253314 * mean
        var anomalies: [JSONValue] = []
        var found = 0
        for (index, value) in values.enumerated() where scale > 0 {
            let score = (value - median) / scale
            // A scale near the smallest number could make it infinite.
            guard score.magnitude > threshold else { continue }
            found += 1
            guard found <= Self.listLimit else { continue }
            anomalies.append([
                "index": .integer(index),
                "value": .double(value),
                "score": .double(min(max(score, -1e300), 1e300)),
            ])
        }
        return [
            "anomalies": .array(anomalies),
            "found": .integer(found),
            "median": .double(median),
            "medianAbsoluteDeviation": .double(deviation),
            "threshold": .double(threshold),
        ]
    }
}

extension AnomalyDetection {
    static let task = TaskFunction(
        "anomaly.detect",
        summary: """
            Finds outliers by the modified z-score 0.6745 (x − median) ÷ MAD of Iglewicz and \
            Hoaglin.
            """,
        definition: """
            modified z-score (Iglewicz and Hoaglin 1993); the mean absolute deviation where the \
            median one is 0
            """,
        payload: Schema.object(
            [
                "values": Schema.array(Schema.number(-1e15...1e15), 1...longestSeries),
                "threshold": Schema.number(
                    1e-9...1e9,
                    default: 3.5,
                    description: "Anomalies have a score of a larger magnitude"
                ),
            ],
            required: ["values"]
        ),
        result: Schema.object([
            "anomalies": Schema.array(
                Schema.object([
                    "index": Schema.integer(description: "Position in values, from 0"),
                    "value": Schema.number(),
                    "score": Schema.number(description: "Positive above the median"),
                ]),
                0...listLimit,
                description: "In the order of the values"
            ),
            "found": Schema.integer(description: "Also those beyond the listed ones"),
            "median": Schema.number(),
            "medianAbsoluteDeviation": Schema.number(),
            "threshold": Schema.number(),
        ]),
        example: ["values": [120, 118, 125, 122, 119, 480, 121, 117]],
        perform: { (input: AnomalyDetection, _) in try input.result() }
    )
}
