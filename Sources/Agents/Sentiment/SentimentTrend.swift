import AgentRuntime
import Glibc
import JSONRPC

/// Smooths scores over time and finds where their level changed.
///
/// The smoothing is the exponentially weighted moving average (S. W. Roberts, “Control Chart Tests
/// Based on Geometric Moving Averages”, 1959): s₁ = x₁, s = αx + (1 − α)s₋₁. The change points are
/// those of the segmentation with the smallest sum of squared distances from the segments' means
/// plus a penalty of 2σ² ln n for each change, segments having three values or more, by optimal
/// partitioning (B. Jackson et al., “An Algorithm for Optimal Partitioning of Data on an Interval”,
/// 2005). σ is estimated from the differences of neighbours, 1.4826 × the median of their magnitudes
/// ÷ √2, and is at least 0.01.
struct SentimentTrend: TaskInput {
    static let shortestSegment = 3
    static let smallestNoise = 0.01

    var series: ScoreSeries
    var alpha: Double

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        series = try ScoreSeries(fields)
        alpha = try fields.number("alpha", in: 0.001...1, default: 0.3)
    }

    /// The estimated noise of a value.
    static func noise(_ scores: [Double]) -> Double {
        let steps = zip(scores.dropFirst(), scores).map { ($0 - $1).magnitude }
        return max(smallestNoise, 1.4826 * Statistics.median(steps) / 2.0.squareRoot())
    }

    /// Where segments begin, but for the first.
    static func changePoints(_ scores: [Double], penalty: Double) throws -> [Int] {
        let count = scores.count
        guard count >= 2 * shortestSegment else { return [] }
        // Sums over the values before each position, about the mean so that squares stay small.
        let mean = Statistics.mean(scores)
        var sums = [0.0]
        var squares = [0.0]
        for score in scores {
            sums.append(sums[sums.count - 1] + score - mean)
            squares.append(squares[squares.count - 1] + (score - mean) * (score - mean))
        }
        var best = [Double](repeating: .infinity, count: count + 1)
        var starts = [Int](repeating: 0, count: count + 1)
        best[0] = -penalty
        for end in shortestSegment...count {
            if end.isMultiple(of: 64) { try Task.checkCancellation() }
            for start in 0...(end - shortestSegment) where best[start] < .infinity {
                let sum = sums[end] - sums[start]
                let error = squares[end] - squares[start] - sum * sum / Double(end - start)
                let total = best[start] + penalty + max(0, error)
                if total < best[end] {
                    best[end] = total
                    starts[end] = start
                }
            }
        }
        var changes: [Int] = []
        var end = count
        while starts[end] > 0 {
            end = starts[end]
            changes.append(end)
        }
        return changes.reversed()
    }

    func result() throws -> JSONValue {
        let scores = series.scores
        var smoothed: [Double] = []
        for score in scores {
            smoothed.append(smoothed.last.map { alpha * score + (1 - alpha) * $0 } ?? score)
        }
        let noise = Self.noise(scores)
        let penalty = 2 * noise * noise * log(Double(scores.count))
        let changes = try Self.changePoints(scores, penalty: penalty)
        let bounds = [0] + changes + [scores.count]
        let means = zip(bounds, bounds.dropFirst()).map { Statistics.mean(Array(scores[$0..<$1])) }
        let points = changes.enumerated().map { position, index -> JSONValue in
            [
                "time": .string(series.times[index]),
                "index": .integer(index),
                "before": .double(means[position]),
                "after": .double(means[position + 1]),
            ]
        }
        let averages = zip(series.times, smoothed).map { time, value -> JSONValue in
            ["time": .string(time), "value": .double(value)]
        }
        return [
            "ewma": .array(averages),
            "changePoints": .array(points),
            "noise": .double(noise),
            "alpha": .double(alpha),
        ]
    }
}

extension SentimentTrend {
    static let task = TaskFunction(
        "sentiment.trend",
        summary: """
            Smooths scores over time by an exponentially weighted moving average and finds the \
            changes of their level by optimal partitioning.
            """,
        definition: """
            exponentially weighted moving average (Roberts 1959); change points by optimal \
            partitioning (Jackson et al. 2005), squared errors, segments of three or more, \
            penalty 2σ² ln n
            """,
        payload: Schema.object(
            [
                "series": ScoreSeries.schema,
                "alpha": Schema.number(
                    0.001...1,
                    default: 0.3,
                    description: "The weight of the newest score"
                ),
            ],
            required: ["series"]
        ),
        result: Schema.object([
            "ewma": Schema.array(
                Schema.object(["time": Schema.string(), "value": Schema.number()])
            ),
            "changePoints": Schema.array(
                Schema.object([
                    "time": Schema.string(),
                    "index": Schema.integer(description: "The first score of the new level"),
                    "before": Schema.number(description: "Mean of the segment that ended"),
                    "after": Schema.number(description: "Mean of the segment that begins"),
                ])
            ),
            "noise": Schema.number(description: "Estimated standard deviation of a score"),
            "alpha": Schema.number(),
        ]),
        example: [
            "series": [
                ["time": "2026-11-01", "score": 0.42], ["time": "2026-11-02", "score": 0.38],
                ["time": "2026-11-03", "score": 0.45], ["time": "2026-11-04", "score": 0.4],
                ["time": "2026-11-05", "score": -0.21], ["time": "2026-11-06", "score": -0.25],
                ["time": "2026-11-07", "score": -0.18], ["time": "2026-11-08", "score": -0.22],
            ]
        ],
        perform: { (input: SentimentTrend, _) in try input.result() }
    )
}
