/// Figures that describe a list of numbers; of an empty one they are 0.
enum Statistics {
    static func mean(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        return values.reduce(0, +) / Double(values.count)
    }

    /// The standard deviation about the mean, divided by n.
    static func standardDeviation(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let mean = mean(values)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count)).squareRoot()
    }

    static func median(_ values: [Double]) -> Double {
        median(sorted: values.sorted())
    }

    static func median(sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        guard sorted.count.isMultiple(of: 2) else { return sorted[middle] }
        // Halved first: the sum of two large numbers may not be finite.
        return sorted[middle - 1] / 2 + sorted[middle] / 2
    }

    /// The median of the distances from the median, unscaled.
    static func medianAbsoluteDeviation(_ values: [Double]) -> Double {
        let centre = median(values)
        return median(values.map { ($0 - centre).magnitude })
    }

    /// The smallest value that is not exceeded by at least the share `p` of the values.
    ///
    /// The inverse of the empirical distribution function: type 1 in R. J. Hyndman and Y. Fan,
    /// “Sample Quantiles in Statistical Packages”, 1996.
    static func quantile(sorted: [Double], _ p: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let rank = Int((p * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }
}
