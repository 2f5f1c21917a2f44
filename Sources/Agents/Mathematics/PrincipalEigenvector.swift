/// The Perron eigenpair of a positive square matrix: the eigenvalue of largest magnitude and its
/// eigenvector, whose components are positive and add up to 1.
///
/// By power iteration (R. von Mises and H. Pollaczek-Geiringer, 1929), which converges for every
/// positive matrix by the theorem of Perron.
struct PrincipalEigenvector: Equatable {
    let value: Double
    let vector: [Double]

    /// Steps after which the last approximation is taken as it is.
    private static let stepLimit = 10_000

    /// - Parameter matrix: Square, of positive finite numbers.
    init(ofPositive matrix: [[Double]]) {
        var vector = [Double](repeating: 1 / Double(matrix.count), count: matrix.count)
        var value = Double(matrix.count)
        for _ in 0..<Self.stepLimit {
            let product = matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
            // The components add up to 1, so the sum of the product estimates the eigenvalue.
            value = product.reduce(0, +)
            let next = product.map { $0 / value }
            let change = zip(next, vector).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
            vector = next
            if change <= 1e-16 { break }
        }
        self.value = value
        self.vector = vector
    }
}
