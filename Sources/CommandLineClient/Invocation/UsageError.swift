/// A command line that cannot be carried out as it stands.
struct UsageError: Error, Equatable, Sendable {
    /// One line for people, without the program's name.
    var message: String
    var status: ExitStatus

    init(_ message: String, status: ExitStatus = .usage) {
        self.message = message
        self.status = status
    }
}

/// Finds what somebody may have meant.
enum Suggestion {
    /// The candidate that is closest to `word`, if one is close enough to be meant by it.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let limit = max(1, min(word.count / 3 + 1, 3))
        let ranked = candidates.map { ($0, distance(Array(word), Array($0))) }
        return ranked.filter { $0.1 <= min(limit, max(1, $0.0.count / 3)) }.min { $0.1 < $1.1 }?.0
    }

    /// How many characters must be inserted, removed, replaced or swapped with their neighbour
    /// to turn one text into the other (optimal string alignment).
    static func distance(_ from: [Character], _ to: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...to.count)
        for row in from.indices {
            var current = [row + 1]
            for column in to.indices {
                let isSame = from[row] == to[column]
                var best = min(
                    last[column + 1] + 1,
                    current[column] + 1,
                    last[column] + (isSame ? 0 : 1)
                )
                if row > 0, column > 0, from[row] == to[column - 1], from[row - 1] == to[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[to.count]
    }
}
