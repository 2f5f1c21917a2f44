/// What is asked of a scenario's results.
struct Threshold: Sendable {
    enum Bound: Sendable {
        case atLeast(Double)
        case atMost(Double)
        case below(Double)
    }

    /// What the value is, as people read it.
    let label: String
    /// As programs read it.
    let name: String
    let bound: Bound
    /// Of one run, and of the reference's run after it.
    let value: @Sendable (Measurement, Measurement?) -> Double?

    /// The value over all runs, the median of which counts.
    func spread(_ result: ScenarioResult) -> Spread? {
        Spread(
            result.server.enumerated().compactMap { index, run in
                value(run, index < result.reference.count ? result.reference[index] : nil)
            }
        )
    }

    func isMet(by spread: Spread) -> Bool {
        switch bound {
        case .atLeast(let limit): spread.median >= limit
        case .atMost(let limit): spread.median <= limit
        case .below(let limit): spread.median < limit
        }
    }

    /// A line such as `0.91 (0.88…0.95) of the floor's messages/s; to be at least 0.80: met`.
    func line(_ result: ScenarioResult) -> String? {
        guard let spread = spread(result) else { return nil }
        let asked =
            switch bound {
            case .atLeast(let limit): "at least \(Self.text(limit))"
            case .atMost(let limit): "at most \(Self.text(limit))"
            case .below(let limit): "less than \(Self.text(limit))"
            }
        return "\(Self.text(spread.median)) "
            + "(\(Self.text(spread.minimum))…\(Self.text(spread.maximum))) \(label); "
            + "to be \(asked): \(isMet(by: spread) ? "met" : "MISSED")"
    }

    private static func text(_ value: Double) -> String {
        Table.fixed(value, value.magnitude < 100 ? 2 : 0)
    }
}

extension Threshold {
    /// Messages a second over those of the reference.
    static func throughput(atLeast ratio: Double) -> Threshold {
        Threshold(
            label: "of the floor's messages/s",
            name: "throughputRatio",
            bound: .atLeast(ratio)
        ) { run, reference in
            reference.map { run.messagesPerSecond / $0.messagesPerSecond }
        }
    }

    /// The 99th percentile over that of the reference.
    static func p99(below ratio: Double) -> Threshold {
        Threshold(
            label: "times the p99 of the line below",
            name: "p99Ratio",
            bound: .below(ratio)
        ) { run, reference in
            reference.map {
                Double(run.latency.quantile(0.99)) / Double($0.latency.quantile(0.99))
            }
        }
    }

    /// Messages a second.
    static func rate(atLeast limit: Double) -> Threshold {
        Threshold(label: "messages/s", name: "rate", bound: .atLeast(limit)) { run, _ in
            run.messagesPerSecond
        }
    }

    static func figure(_ kind: Figure.Kind, atMost limit: Double) -> Threshold {
        Threshold(label: kind.label, name: kind.rawValue, bound: .atMost(limit)) { run, _ in
            run.value(of: kind)
        }
    }
}
