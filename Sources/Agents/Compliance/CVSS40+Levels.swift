extension CVSS40 {
    /// The severity of each metric in steps from the worst, 0.
    struct Levels {
        /// AV, PR, UI.
        let exploitability: [Int]
        /// AC, AT.
        let complexity: [Int]
        /// VC, VI, VA.
        let vulnerable: [Int]
        /// CR, IR, AR.
        let requirements: [Int]
        /// SC, SI, SA; 0 is safety.
        let subsequent: [Int]
        let threat: Int
        let equivalence: [Int]

        init(_ vector: CVSSVector) {
            func level(_ metric: String, _ order: String) -> Int {
                let value = vector.effective(metric)
                return order.firstIndex { String($0) == value }?.utf16Offset(in: order) ?? 0
            }
            func requirement(_ metric: String) -> Int {
                ["H": 0, "M": 1, "L": 2][vector.given(metric, default: "H")] ?? 0
            }
            exploitability = [level("AV", "NALP"), level("PR", "NLH"), level("UI", "NPA")]
            complexity = [level("AC", "LH"), level("AT", "NP")]
            vulnerable = ["VC", "VI", "VA"].map { level($0, "HLN") }
            requirements = ["CR", "IR", "AR"].map(requirement)
            subsequent = ["SC", "SI", "SA"].map { level($0, "SHLN") }
            threat = ["A": 0, "P": 1, "U": 2][vector.given("E", default: "A")] ?? 0
            equivalence = Self.equivalence(
                exploitability,
                complexity,
                vulnerable,
                requirements,
                subsequent,
                threat
            )
        }

        /// Tables 24 to 29 of the specification.
        private static func equivalence(
            _ exploitability: [Int],
            _ complexity: [Int],
            _ vulnerable: [Int],
            _ requirements: [Int],
            _ subsequent: [Int],
            _ threat: Int
        ) -> [Int] {
            let isPhysical = exploitability[0] == 3
            let open = exploitability.count { $0 == 0 }
            let first = open == 3 ? 0 : open > 0 && !isPhysical ? 1 : 2
            let second = complexity == [0, 0] ? 0 : 1
            let third =
                vulnerable[0] == 0 && vulnerable[1] == 0 ? 0 : vulnerable.contains(0) ? 1 : 2
            let fourth = subsequent.contains(0) ? 0 : subsequent.contains(1) ? 1 : 2
            let isRequired = zip(vulnerable, requirements).contains { $0 == 0 && $1 == 0 }
            return [first, second, third, fourth, threat, isRequired ? 0 : 1]
        }

        var hasImpact: Bool {
            vulnerable.contains { $0 < 2 } || subsequent.contains { $0 < 3 }
        }

        /// Steps below the highest vector of the set that is nowhere below this one.
        func distance(_ set: EquivalenceSet) -> Int {
            let own: [Int]
            let highest: [[Int]]
            switch set {
            case .exploitability:
                own = exploitability
                highest =
                    [
                        [[0, 0, 0]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[3, 0, 0], [1, 1, 1]],
                    ][equivalence[0]]
            case .complexity:
                own = complexity
                highest = [[[0, 0]], [[1, 0], [0, 1]]][equivalence[1]]
            case .subsequent:
                own = subsequent
                highest = [[[1, 0, 0]], [[1, 1, 1]], [[2, 2, 2]]][equivalence[3]]
            case .threat: return 0
            case .vulnerable:
                own = vulnerable + requirements
                highest = Self.highest(equivalence[2], equivalence[5])
            }
            for vector in highest {
                let steps = zip(own, vector).map { $0 - $1 }
                if steps.allSatisfy({ $0 >= 0 }) { return steps.reduce(0, +) }
            }
            return 0
        }

        /// VC, VI, VA, CR, IR, AR of the highest vectors of the sets 3 and 6.
        private static func highest(_ third: Int, _ sixth: Int) -> [[Int]] {
            switch (third, sixth) {
            case (0, 0): [[0, 0, 0, 0, 0, 0]]
            case (0, _): [[0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1]]
            case (1, 0): [[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]]
            case (1, _):
                [
                    [1, 0, 1, 0, 1, 0], [1, 0, 0, 0, 1, 1], [0, 1, 0, 1, 0, 1],
                    [0, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 1],
                ]
            default: [[1, 1, 1, 0, 0, 0]]
            }
        }
    }
}
