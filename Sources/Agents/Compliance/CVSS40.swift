/// The score of CVSS 4.0, by section 8 of its specification (FIRST, 2023).
///
/// Six equivalence sets of metrics make a macro vector, which has a score by experts
/// (``CVSS40/macroScores``). Within it, each set lowers the score by its share of the way from the
/// set's highest vector to the next lower macro vector, on the mean over the sets.
struct CVSS40 {
    /// From 0 to 10, one decimal.
    let score: Double
    /// The levels of the six equivalence sets.
    let macroVector: [Int]

    init(_ vector: CVSSVector) {
        let levels = Levels(vector)
        macroVector = levels.equivalence
        score = levels.hasImpact ? Self.score(levels) : 0
    }

    private static func score(_ levels: Levels) -> Double {
        let macro = levels.equivalence
        let value = macroScore(macro) ?? 0
        var lowered = 0.0
        var count = 0
        for set in EquivalenceSet.allCases {
            guard let next = nextLower(macro, set) else { continue }
            count += 1
            let depth = Double(set.depth(macro))
            let distance = Double(levels.distance(set))
            lowered += (value - next) * distance / depth
        }
        let mean = count > 0 ? lowered / Double(count) : 0
        // Half up; the addend makes up for the representation of tenths.
        return ((min(max(value - mean, 0), 10) + 1e-6) * 10 + 0.5).rounded(.down) / 10
    }

    /// The score of the macro vector that is one level lower in a set; of sets 3 and 6 together
    /// that is the higher one of two ways.
    private static func nextLower(_ macro: [Int], _ set: EquivalenceSet) -> Double? {
        func lower(_ index: Int) -> Double? {
            var next = macro
            next[index] += 1
            return macroScore(next)
        }
        switch set {
        case .exploitability: return lower(0)
        case .complexity: return lower(1)
        case .subsequent: return lower(3)
        case .threat: return lower(4)
        case .vulnerable:
            switch (macro[2], macro[5]) {
            case (0, 0): return [lower(5), lower(2)].compactMap { $0 }.max()
            case (1, 0): return lower(5)
            case (0, 1), (1, 1): return lower(2)
            default: return nil
            }
        }
    }

    enum EquivalenceSet: CaseIterable {
        /// EQ1: AV, PR, UI.
        case exploitability
        /// EQ2: AC, AT.
        case complexity
        /// EQ3 and EQ6: VC, VI, VA, CR, IR, AR.
        case vulnerable
        /// EQ4: SC, SI, SA.
        case subsequent
        /// EQ5: E.
        case threat

        /// Steps from the highest vector to the next lower macro vector (the specification's
        /// table of depths).
        func depth(_ macro: [Int]) -> Int {
            switch self {
            case .exploitability: [1, 4, 5][macro[0]]
            case .complexity: [1, 2][macro[1]]
            case .subsequent: [6, 5, 4][macro[3]]
            case .threat: 1
            case .vulnerable:
                switch (macro[2], macro[5]) {
                case (0, 0): 7
                case (0, _): 6
                case (1, _): 8
                default: 10
                }
            }
        }
    }
}
