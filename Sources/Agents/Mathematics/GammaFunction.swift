import Glibc

/// The regularised incomplete gamma functions.
///
/// For x < a + 1 the series, else the continued fraction by Lentz's method (M. Abramowitz and
/// I. A. Stegun, “Handbook of Mathematical Functions”, 6.5.29 and 6.5.31); about 14 digits for a
/// up to some thousands.
enum GammaFunction {
    /// P(a, x) = γ(a, x) ÷ Γ(a), for a > 0 and x ≥ 0.
    static func lowerRegularized(_ a: Double, _ x: Double) -> Double {
        guard a > 0, x >= 0 else { return .nan }
        guard x.isFinite else { return 1 }
        return x < a + 1 ? series(a, x) : 1 - continuedFraction(a, x)
    }

    /// Q(a, x) = 1 − P(a, x), without cancellation in the tail.
    static func upperRegularized(_ a: Double, _ x: Double) -> Double {
        guard a > 0, x >= 0 else { return .nan }
        guard x.isFinite else { return 0 }
        return x < a + 1 ? 1 - series(a, x) : continuedFraction(a, x)
    }

    private static let stepLimit = 100_000

    private static func factor(_ a: Double, _ x: Double) -> Double {
        exp(a * log(x) - x - lgamma(a))
    }

    private static func series(_ a: Double, _ x: Double) -> Double {
        guard x > 0 else { return 0 }
        var term = 1 / a
        var sum = term
        for step in 1...stepLimit {
            term *= x / (a + Double(step))
            sum += term
            if term < sum * 1e-17 { break }
        }
        return min(1, sum * factor(a, x))
    }

    private static func continuedFraction(_ a: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / b
        var fraction = d
        for step in 1...stepLimit {
            let numerator = -Double(step) * (Double(step) - a)
            b += 2
            d = numerator * d + b
            if d.magnitude < tiny { d = tiny }
            c = b + numerator / c
            if c.magnitude < tiny { c = tiny }
            d = 1 / d
            let change = d * c
            fraction *= change
            if (change - 1).magnitude < 1e-16 { break }
        }
        return min(1, factor(a, x) * fraction)
    }
}

/// The chi-squared distribution.
enum ChiSquaredDistribution {
    /// P(X ≥ x) with `degrees` degrees of freedom.
    static func upperTail(_ x: Double, degrees: Int) -> Double {
        GammaFunction.upperRegularized(Double(degrees) / 2, max(0, x) / 2)
    }
}
