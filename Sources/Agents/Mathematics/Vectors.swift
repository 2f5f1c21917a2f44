/// Small pieces of arithmetic on lists of numbers.
enum Vectors {
    /// √Σx², scaled so that squares neither overflow nor vanish.
    static func euclideanNorm(_ values: [Double]) -> Double {
        let largest = values.reduce(0) { max($0, $1.magnitude) }
        guard largest > 0 else { return 0 }
        let sum = values.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }
        return largest * sum.squareRoot()
    }

    /// The values divided by their sum, or `nil` when that is not a positive finite number.
    static func normalizedToUnitSum(_ values: [Double]) -> [Double]? {
        let sum = values.reduce(0, +)
        guard sum > 0, sum.isFinite else { return nil }
        return values.map { $0 / sum }
    }

    /// Indices by falling score, equal scores in their given order, with competition ranks:
    /// 1 + the number of higher scores, so that equals share a rank.
    static func ranked(_ scores: [Double]) -> [(index: Int, rank: Int)] {
        let order = scores.enumerated().sorted {
            ($1.element, $0.offset) < ($0.element, $1.offset)
        }
        var result: [(index: Int, rank: Int)] = []
        var previous: (score: Double, rank: Int)?
        for (position, item) in order.enumerated() {
            let rank =
                if let previous, previous.score == item.element {
                    previous.rank
                } else {
                    position + 1
                }
            previous = (item.element, rank)
            result.append((item.offset, rank))
        }
        return result
    }
}
