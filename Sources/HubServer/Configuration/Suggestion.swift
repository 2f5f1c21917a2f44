/// Finds the word that somebody probably meant.
enum Suggestion {
    /// The one of `candidates` that is most like `word`; `nil` when none is like it.
    static func closest(to word: String, among candidates: [String]) -> String? {
        // A third of the letters wrong is no typing mistake any more.
        let tolerance = max(1, min(word.utf8.count, 60) / 3)
        guard word.utf8.count <= 100 else { return nil }
        return
            candidates
            .map { (candidate: $0, distance: distance(word, $0)) }
            .filter { $0.distance <= tolerance }
            .min { $0.distance < $1.distance }?
            .candidate
    }

    /// How many bytes must be inserted, deleted, replaced or swapped with their neighbour, upper
    /// and lower case being equal (optimal string alignment).
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().utf8)
        let right = Array(right.lowercased().utf8)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(
                    last[column + 1] + 1,
                    current[column] + 1,
                    last[column] + (byte == other ? 0 : 1)
                )
                if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
