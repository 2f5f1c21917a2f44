/// Priorities and consistency of a reciprocal matrix of pairwise comparisons.
///
/// T. L. Saaty, “The Analytic Hierarchy Process”, McGraw-Hill, 1980: the priorities are the
/// principal eigenvector; the consistency index is (λmax − n) ÷ (n − 1), the consistency ratio
/// that divided by the random index of the same order, 0 for up to two elements.
struct PairwiseComparison: Equatable {
    /// Add up to 1.
    let priorities: [Double]
    let lambdaMax: Double
    let consistencyIndex: Double
    let consistencyRatio: Double

    /// The largest order with a published random index.
    static let largestOrder = 15
    /// Saaty's scale is 1/9…9; twice as wide leaves room for finer judgements.
    static let scale = 0.05...20.0

    /// - Parameter matrix: Square of at most ``largestOrder``, reciprocal, positive.
    init(_ matrix: [[Double]]) {
        let order = matrix.count
        let eigenvector = PrincipalEigenvector(ofPositive: matrix)
        priorities = eigenvector.vector
        lambdaMax = eigenvector.value
        guard order > 2 else {
            consistencyIndex = 0
            consistencyRatio = 0
            return
        }
        consistencyIndex = (eigenvector.value - Double(order)) / Double(order - 1)
        consistencyRatio = consistencyIndex / Self.randomIndex(order: order)
    }

    /// Priorities that were measured instead of judged, and so are consistent.
    init(measured priorities: [Double]) {
        self.priorities = priorities
        lambdaMax = Double(priorities.count)
        consistencyIndex = 0
        consistencyRatio = 0
    }

    /// Mean consistency index of random reciprocal matrices, as published by Saaty (1980).
    static func randomIndex(order: Int) -> Double {
        switch order {
        case ...2: 0
        case 3: 0.58
        case 4: 0.90
        case 5: 1.12
        case 6: 1.24
        case 7: 1.32
        case 8: 1.41
        case 9: 1.45
        case 10: 1.49
        case 11: 1.51
        case 12: 1.48
        case 13: 1.56
        case 14: 1.57
        default: 1.59
        }
    }

    /// What keeps `matrix` from being one of reciprocal comparisons; `nil` when nothing does.
    ///
    /// Judgements come rounded, such as 0.333 for 1/3, so the product of a pair may miss 1 by
    /// one percent.
    static func defect(of matrix: [[Double]]) -> String? {
        for (row, values) in matrix.enumerated() {
            for (column, value) in values.enumerated() {
                guard scale.contains(value) else {
                    return "must have comparisons from \(scale.lowerBound) to \(scale.upperBound)"
                }
                if row == column, value != 1 { return "must have 1 on the diagonal" }
                guard (value * matrix[column][row] - 1).magnitude <= 0.01 else {
                    return "must be reciprocal at row \(row) and column \(column)"
                }
            }
        }
        return nil
    }
}
