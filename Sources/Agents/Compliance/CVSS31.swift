import Glibc

/// The scores of CVSS 3.1, by section 7 of its specification (FIRST, 2019).
struct CVSS31 {
    let base: Double
    let temporal: Double
    let environmental: Double

    init(_ vector: CVSSVector) {
        let isChanged = vector.given("S") == "C"
        let loss = 1 - Self.remaining(["C", "I", "A"].map { Self.impact(vector.given($0)) })
        let impact = isChanged ? 7.52 * (loss - 0.029) - 3.25 * pow(loss - 0.02, 15) : 6.42 * loss
        let exploitability =
            8.22 * Self.attackVector(vector.given("AV")) * Self.complexity(vector.given("AC"))
            * Self.privileges(vector.given("PR"), isChanged)
            * Self.interaction(vector.given("UI"))
        base =
            impact <= 0
            ? 0
            : Self.roundedUp(min((isChanged ? 1.08 : 1) * (impact + exploitability), 10))

        let time =
            Self.maturity(vector.given("E")) * Self.remediation(vector.given("RL"))
            * Self.confidence(vector.given("RC"))
        temporal = Self.roundedUp(base * time)
        environmental = Self.environmental(vector, time: time)
    }

    private static func environmental(_ vector: CVSSVector, time: Double) -> Double {
        let isChanged = vector.effective("S") == "C"
        let parts = [("C", "CR"), ("I", "IR"), ("A", "AR")].map { metric, requirement in
            Self.requirement(vector.given(requirement)) * impact(vector.effective(metric))
        }
        let loss = min(1 - remaining(parts), 0.915)
        let total =
            isChanged
            ? 7.52 * (loss - 0.029) - 3.25 * pow(loss * 0.9731 - 0.02, 13) : 6.42 * loss
        guard total > 0 else { return 0 }
        let exploitability =
            8.22 * attackVector(vector.effective("AV")) * complexity(vector.effective("AC"))
            * privileges(vector.effective("PR"), isChanged) * interaction(vector.effective("UI"))
        let sum = min((isChanged ? 1.08 : 1) * (total + exploitability), 10)
        return roundedUp(roundedUp(sum) * time)
    }

    /// To one decimal, up, but for what is only an error of representation (appendix A).
    static func roundedUp(_ value: Double) -> Double {
        let whole = Int((value * 100_000).rounded())
        guard !whole.isMultiple(of: 10_000) else { return Double(whole) / 100_000 }
        return Double(whole / 10_000 + 1) / 10
    }

    private static func remaining(_ parts: [Double]) -> Double {
        parts.reduce(1) { $0 * (1 - $1) }
    }

    private static func impact(_ value: Substring) -> Double {
        switch value {
        case "H": 0.56
        case "L": 0.22
        default: 0
        }
    }

    private static func attackVector(_ value: Substring) -> Double {
        switch value {
        case "N": 0.85
        case "A": 0.62
        case "L": 0.55
        default: 0.2
        }
    }

    private static func complexity(_ value: Substring) -> Double { value == "L" ? 0.77 : 0.44 }

    private static func privileges(_ value: Substring, _ isChanged: Bool) -> Double {
        switch value {
        case "N": 0.85
        case "L": isChanged ? 0.68 : 0.62
        default: isChanged ? 0.5 : 0.27
        }
    }

    private static func interaction(_ value: Substring) -> Double { value == "N" ? 0.85 : 0.62 }

    private static func maturity(_ value: Substring) -> Double {
        switch value {
        case "U": 0.91
        case "P": 0.94
        case "F": 0.97
        default: 1
        }
    }

    private static func remediation(_ value: Substring) -> Double {
        switch value {
        case "O": 0.95
        case "T": 0.96
        case "W": 0.97
        default: 1
        }
    }

    private static func confidence(_ value: Substring) -> Double {
        switch value {
        case "U": 0.92
        case "R": 0.96
        default: 1
        }
    }

    private static func requirement(_ value: Substring) -> Double {
        switch value {
        case "H": 1.5
        case "L": 0.5
        default: 1
        }
    }
}
