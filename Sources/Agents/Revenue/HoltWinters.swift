/// Additive exponential smoothing after Holt and Winters.
///
/// In the component form of R. J. Hyndman and G. Athanasopoulos, “Forecasting: Principles and
/// Practice”, 3rd edition, 2021, section 8.3, with the period m:
/// - level ℓ = α(y − s₋ₘ) + (1 − α)(ℓ₋₁ + b₋₁)
/// - trend b = β(ℓ − ℓ₋₁) + (1 − β)b₋₁
/// - season s = γ(y − ℓ₋₁ − b₋₁) + (1 − γ)s₋ₘ
/// - forecast in h steps: ℓ + hb + the season of that step.
///
/// Without a season (m = 1) this is Holt's linear method, section 8.2.
struct HoltWinters: Equatable {
    struct Weights: Equatable {
        var alpha: Double
        var beta: Double
        var gamma: Double
    }

    /// What is known before the first value.
    struct State: Equatable {
        var level: Double
        var trend: Double
        /// One per step of the period, for the first value first; empty without a season.
        var season: [Double]
    }

    var initial: State
    /// One step ahead of each value.
    var fitted: [Double]
    var final: State
    /// The sum of the squared one-step errors.
    var squaredError: Double

    /// The usual start, from the first two periods.
    ///
    /// The level is the mean of the first period, the trend the difference of the means of the
    /// first two periods by m, the season the first period less the level (Hyndman and
    /// Athanasopoulos, 2nd edition, 7.3). Without a season, or without two periods, they are the
    /// first value and the first difference, 0 for a single value.
    static func initialState(_ values: [Double], period: Int) -> State {
        guard period > 1, values.count >= 2 * period else {
            let trend = values.count > 1 ? values[1] - values[0] : 0
            return State(level: values.first ?? 0, trend: trend, season: [])
        }
        let first = Array(values[..<period])
        let level = Statistics.mean(first)
        let next = Statistics.mean(Array(values[period..<2 * period]))
        return State(
            level: level,
            trend: (next - level) / Double(period),
            season: first.map { $0 - level }
        )
    }

    init(_ values: [Double], initial: State, weights: Weights) {
        var level = initial.level
        var trend = initial.trend
        var season = initial.season
        var fitted: [Double] = []
        fitted.reserveCapacity(values.count)
        var squaredError = 0.0
        for (index, value) in values.enumerated() {
            let step = season.isEmpty ? 0 : index % season.count
            let seasonal = season.isEmpty ? 0 : season[step]
            let expected = level + trend
            let error = value - (expected + seasonal)
            fitted.append(expected + seasonal)
            squaredError += error * error
            let newLevel = weights.alpha * (value - seasonal) + (1 - weights.alpha) * expected
            trend = weights.beta * (newLevel - level) + (1 - weights.beta) * trend
            level = newLevel
            if !season.isEmpty {
                season[step] = weights.gamma * (value - expected) + (1 - weights.gamma) * seasonal
            }
        }
        // Turned so that the season of the next value comes first.
        let turn = season.isEmpty ? 0 : values.count % season.count
        self.initial = initial
        self.fitted = fitted
        self.squaredError = squaredError
        final = State(
            level: level,
            trend: trend,
            season: Array(season[turn...] + season[..<turn])
        )
    }

    /// The next `horizon` values.
    func forecast(_ horizon: Int) -> [Double] {
        (0..<horizon).map { step in
            let seasonal = final.season.isEmpty ? 0 : final.season[step % final.season.count]
            return final.level + Double(step + 1) * final.trend + seasonal
        }
    }
}

extension HoltWinters {
    /// Smooths with the weights that are given and good ones for those left open.
    ///
    /// These are chosen for the smallest squared one-step error: the best point of the grid 0.05,
    /// 0.25, 0.5, 0.75, 0.95, then coordinate steps that halve from 0.1 to 0.001. The same values
    /// give the same weights; that they are the best of all is not promised.
    ///
    /// - Returns: `nil` when the errors grow beyond all numbers with every choice, which weights
    ///   near 1 can bring about.
    /// - Throws: `CancellationError`.
    static func fit(
        _ values: [Double],
        period: Int,
        alpha: Double?,
        beta: Double?,
        gamma: Double?
    ) throws -> (model: HoltWinters, weights: Weights)? {
        let initial = initialState(values, period: period)
        let grid = [0.05, 0.25, 0.5, 0.75, 0.95]
        var best: (model: HoltWinters, weights: Weights)?
        func consider(_ weights: Weights) throws -> Bool {
            try Task.checkCancellation()
            let model = HoltWinters(values, initial: initial, weights: weights)
            guard model.squaredError < best?.model.squaredError ?? .infinity else { return false }
            best = (model, weights)
            return true
        }
        for alpha in alpha.map({ [$0] }) ?? grid {
            for beta in beta.map({ [$0] }) ?? grid {
                let gammas = gamma.map { [$0] } ?? (initial.season.isEmpty ? [0] : grid)
                for gamma in gammas {
                    _ = try consider(Weights(alpha: alpha, beta: beta, gamma: gamma))
                }
            }
        }
        var open: [WritableKeyPath<Weights, Double>] = []
        if alpha == nil { open.append(\.alpha) }
        if beta == nil { open.append(\.beta) }
        if gamma == nil, !initial.season.isEmpty { open.append(\.gamma) }
        var step = 0.1
        while step > 0.001, !open.isEmpty {
            var isBetter = false
            for weight in open {
                for change in [step, -step] {
                    guard var weights = best?.weights else { continue }
                    weights[keyPath: weight] = min(1, max(0, weights[keyPath: weight] + change))
                    if try consider(weights) { isBetter = true }
                }
            }
            if !isBetter { step /= 2 }
        }
        return best
    }
}
