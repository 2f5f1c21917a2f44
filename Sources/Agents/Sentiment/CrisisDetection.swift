import AgentRuntime
import JSONRPC

/// Finds scores that fall far below what came before them.
///
/// z = (score − median) ÷ scale over up to 30 scores before it, at least 5, where the scale is
/// 1.4826 × their median absolute deviation, the standard deviation of normal values (F. R. Hampel,
/// 1974), and at least 0.05, the step between the labels of ``ValenceScore``: scores that never
/// moved are no reason to take the first small step for a crisis. An alert is a z of −threshold or
/// below. The median keeps a crisis from becoming what is usual at once.
struct CrisisDetection: TaskInput {
    static let window = 30
    static let shortestHistory = 5
    static let smallestScale = 0.05

    var series: ScoreSeries
    var threshold: Double

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        series = try ScoreSeries(fields)
        threshold = try fields.number("threshold", in: 0.1...1_000, default: 3)
    }

    func result() throws -> JSONValue {
        let scores = series.scores
        var alerts: [JSONValue] = []
        for index in scores.indices.dropFirst(Self.shortestHistory) {
            if index.isMultiple(of: 256) { try Task.checkCancellation() }
            let history = Array(scores[max(0, index - Self.window)..<index])
            let median = Statistics.median(history)
            let deviation = 1.4826 * Statistics.medianAbsoluteDeviation(history)
            let z = (scores[index] - median) / max(Self.smallestScale, deviation)
            guard z <= -threshold else { continue }
            alerts.append([
                "time": .string(series.times[index]),
                "index": .integer(index),
                "score": .double(scores[index]),
                "usual": .double(median),
                "z": .double(z),
            ])
        }
        return [
            "alerts": .array(alerts),
            "examined": .integer(max(0, scores.count - Self.shortestHistory)),
            "threshold": .double(threshold),
        ]
    }
}

extension CrisisDetection {
    static let task = TaskFunction(
        "crisis.detect",
        summary: """
            Finds scores far below the median of the 30 before them, in units of the scaled \
            median absolute deviation.
            """,
        definition: """
            distance below the median of up to 30 scores before, by their scaled median absolute \
            deviation (Hampel 1974), at least 0.05
            """,
        payload: Schema.object(
            [
                "series": ScoreSeries.schema,
                "threshold": Schema.number(0.1...1_000, default: 3),
            ],
            required: ["series"]
        ),
        result: Schema.object([
            "alerts": Schema.array(
                Schema.object([
                    "time": Schema.string(),
                    "index": Schema.integer(),
                    "score": Schema.number(),
                    "usual": Schema.number(description: "Median of the scores before"),
                    "z": Schema.number(description: "Below 0"),
                ])
            ),
            "examined": Schema.integer(description: "Scores with five or more before them"),
            "threshold": Schema.number(),
        ]),
        example: [
            "series": [
                ["time": "2026-11-01", "score": 0.42], ["time": "2026-11-02", "score": 0.38],
                ["time": "2026-11-03", "score": 0.45], ["time": "2026-11-04", "score": 0.4],
                ["time": "2026-11-05", "score": 0.44], ["time": "2026-11-06", "score": -0.6],
                ["time": "2026-11-07", "score": 0.41],
            ]
        ],
        perform: { (input: CrisisDetection, _) in try input.result() }
    )
}
