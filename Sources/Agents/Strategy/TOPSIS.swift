/// The Technique for Order of Preference by Similarity to Ideal Solution.
///
/// C.-L. Hwang and K. Yoon, “Multiple Attribute Decision Making”, Springer, 1981, with vector
/// normalisation: r = x ÷ √Σx² over each column, v = w·r; the ideal takes the best of each
/// column of v and the anti-ideal the worst; an alternative's score is its distance to the
/// anti-ideal divided by the sum of both distances. A column of zeros stays zeros; when all
/// alternatives coincide, each is the ideal and scores 1.
struct TOPSIS {
    /// r, by alternative and criterion.
    private(set) var normalized: [[Double]]
    /// v, by alternative and criterion.
    private(set) var weighted: [[Double]]
    private(set) var ideal: [Double] = []
    private(set) var antiIdeal: [Double] = []
    private(set) var distanceToIdeal: [Double] = []
    private(set) var distanceToAntiIdeal: [Double] = []
    private(set) var scores: [Double] = []

    /// - Parameters:
    ///   - matrix: A row for each alternative with a column for each criterion.
    ///   - weights: Add up to 1.
    ///   - benefits: Whether more is better.
    init(matrix: [[Double]], weights: [Double], benefits: [Bool]) {
        let norms = weights.indices.map { column in
            Vectors.euclideanNorm(matrix.map { $0[column] })
        }
        normalized = matrix.map { row in
            zip(row, norms).map { value, norm in norm > 0 ? value / norm : 0 }
        }
        weighted = normalized.map { row in zip(row, weights).map { $0 * $1 } }
        for (column, isBenefit) in benefits.enumerated() {
            let values = weighted.map { $0[column] }
            let lowest = values.min() ?? 0
            let highest = values.max() ?? 0
            ideal.append(isBenefit ? highest : lowest)
            antiIdeal.append(isBenefit ? lowest : highest)
        }
        for row in weighted {
            let toIdeal = Vectors.euclideanNorm(zip(row, ideal).map { $0 - $1 })
            let toAntiIdeal = Vectors.euclideanNorm(zip(row, antiIdeal).map { $0 - $1 })
            distanceToIdeal.append(toIdeal)
            distanceToAntiIdeal.append(toAntiIdeal)
            let sum = toIdeal + toAntiIdeal
            scores.append(sum > 0 ? toAntiIdeal / sum : 1)
        }
    }
}
