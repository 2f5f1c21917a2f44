import Glibc

/// Tests whether leading digits are distributed as in grown numbers.
///
/// Benford's law (F. Benford, “The Law of Anomalous Numbers”, 1938): the first digit d has the
/// probability log₁₀(1 + 1/d). Pearson's χ² over the nine digits has 8 degrees of freedom.
struct BenfordTest: Equatable {
    static let probabilities = (1...9).map { log10(1 + 1 / Double($0)) }

    /// How many numbers begin with 1, 2, … 9.
    var observed: [Int]
    var count: Int

    /// Numbers below 1 have no leading digit here and are left out.
    init(_ numbers: some Sequence<Int>) {
        var observed = [Int](repeating: 0, count: 9)
        for number in numbers where number > 0 {
            var digit = number
            while digit >= 10 { digit /= 10 }
            observed[digit - 1] += 1
        }
        self.observed = observed
        count = observed.reduce(0, +)
    }

    /// 0 without a number.
    var chiSquare: Double {
        guard count > 0 else { return 0 }
        return zip(observed, Self.probabilities).reduce(0) { sum, digit in
            let expected = Double(count) * digit.1
            let difference = Double(digit.0) - expected
            return sum + difference * difference / expected
        }
    }

    var pValue: Double { ChiSquaredDistribution.upperTail(chiSquare, degrees: 8) }
}
