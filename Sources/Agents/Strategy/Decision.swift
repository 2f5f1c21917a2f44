import AgentRuntime
import JSONRPC

/// Decides between alternatives on several criteria, by ``TOPSIS`` or the analytic hierarchy
/// process.
///
/// AHP synthesises in the distributive mode (Saaty 1980): an alternative's score is Σ weight of
/// criterion × its priority within the criterion. Criteria are weighed by
/// `criteriaComparisons`, or by their given weights; alternatives by
/// `alternativeComparisons`, one matrix for each criterion, or by the columns of `matrix`:
/// x ÷ Σx, and for a criterion where less is better (1/x) ÷ Σ(1/x).
struct Decision: TaskInput {
    enum Method: String, CaseIterable {
        case topsis
        case ahp
    }

    struct Criterion {
        var name: String
        var isBenefit: Bool
    }

    /// What the method works on.
    enum Plan {
        case topsis(matrix: [[Double]], weights: [Double])
        /// The criteria among themselves, and the alternatives within each of them.
        case ahp(criteria: Comparisons, alternatives: [Comparisons])
    }

    enum Comparisons {
        /// A reciprocal matrix.
        case judged([[Double]])
        /// Priorities that add up to 1.
        case measured([Double])

        var evaluated: PairwiseComparison {
            switch self {
            case .judged(let matrix): PairwiseComparison(matrix)
            case .measured(let priorities): PairwiseComparison(measured: priorities)
            }
        }
    }

    var alternatives: [String]
    var criteria: [Criterion]
    var plan: Plan

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        let names = try fields.array("alternatives").compactMap(\.stringValue)
        guard names.count == (try fields.array("alternatives")).count, !names.isEmpty else {
            throw fields.wrong("alternatives", "a list of names")
        }
        alternatives = names
        var criteria: [Criterion] = []
        for criterion in try fields.objects("criteria") {
            let name = try criterion.string("name")
            let isBenefit = try criterion.bool("benefit", default: true)
            criteria.append(Criterion(name: name, isBenefit: isBenefit))
        }
        guard !criteria.isEmpty else { throw fields.wrong("criteria", "a list of criteria") }
        self.criteria = criteria
        switch try fields.choice("method", default: Method.topsis) {
        case .topsis:
            let matrix = try fields.matrix("matrix", rows: names.count, columns: criteria.count)
            plan = .topsis(matrix: matrix, weights: try Self.weights(fields))
        case .ahp:
            plan = .ahp(
                criteria: try Self.criteriaComparisons(fields, count: criteria.count),
                alternatives: try Self.alternativeComparisons(
                    fields,
                    criteria: criteria,
                    count: names.count
                )
            )
        }
    }

    private static func weights(_ fields: PayloadFields) throws(InvalidPayload) -> [Double] {
        var weights: [Double] = []
        for criterion in try fields.objects("criteria") {
            let weight = try criterion.number("weight")
            guard weight >= 0 else { throw criterion.wrong("weight", "0 or more") }
            weights.append(weight)
        }
        guard let normalized = Vectors.normalizedToUnitSum(weights) else {
            throw InvalidPayload("/criteria", "must have weights that add up to more than 0")
        }
        return normalized
    }

    private static func criteriaComparisons(
        _ fields: PayloadFields,
        count: Int
    ) throws(InvalidPayload) -> Comparisons {
        guard let value = fields.object["criteriaComparisons"] else {
            return .measured(try weights(fields))
        }
        return .judged(try judgements(value, path: "/criteriaComparisons", order: count))
    }

    private static func alternativeComparisons(
        _ fields: PayloadFields,
        criteria: [Criterion],
        count: Int
    ) throws(InvalidPayload) -> [Comparisons] {
        var result: [Comparisons] = []
        guard fields.has("alternativeComparisons") else {
            let matrix = try fields.matrix("matrix", rows: count, columns: criteria.count)
            for (column, criterion) in criteria.enumerated() {
                let values = matrix.map { criterion.isBenefit ? $0[column] : 1 / $0[column] }
                guard values.allSatisfy({ $0 > 0 && $0.isFinite }),
                    let priorities = Vectors.normalizedToUnitSum(values)
                else {
                    throw InvalidPayload(
                        "/matrix",
                        "must be above 0 in column \(column) for the method ahp"
                    )
                }
                result.append(.measured(priorities))
            }
            return result
        }
        let matrices = try fields.array("alternativeComparisons")
        guard matrices.count == criteria.count else {
            throw fields.wrong("alternativeComparisons", "one matrix for each criterion")
        }
        for (index, value) in matrices.enumerated() {
            let path = "/alternativeComparisons/\(index)"
            result.append(.judged(try judgements(value, path: path, order: count)))
        }
        return result
    }

    private static func judgements(
        _ value: JSONValue,
        path: String,
        order: Int
    ) throws(InvalidPayload) -> [[Double]] {
        guard order <= PairwiseComparison.largestOrder else {
            throw InvalidPayload(
                path,
                "must compare at most \(PairwiseComparison.largestOrder) elements"
            )
        }
        let matrix = try PayloadFields.matrix(value, path: path, rows: order, columns: order)
        if let defect = PairwiseComparison.defect(of: matrix) {
            throw InvalidPayload(path, defect)
        }
        return matrix
    }
}
