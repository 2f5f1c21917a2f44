import JSONRPC

extension Decision {
    /// The ranking with the intermediate figures of the method.
    func result() -> JSONValue {
        switch plan {
        case .topsis(let matrix, let weights):
            let benefits = criteria.map(\.isBenefit)
            return result(TOPSIS(matrix: matrix, weights: weights, benefits: benefits), weights)
        case .ahp(let criteria, let alternatives):
            return result(criteria.evaluated, alternatives.map(\.evaluated))
        }
    }

    private func result(_ topsis: TOPSIS, _ weights: [Double]) -> JSONValue {
        let distances = alternatives.indices.map { index -> JSONValue in
            [
                "alternative": .string(alternatives[index]),
                "toIdeal": .double(topsis.distanceToIdeal[index]),
                "toAntiIdeal": .double(topsis.distanceToAntiIdeal[index]),
            ]
        }
        return [
            "method": "topsis",
            "ranking": ranking(topsis.scores),
            "weights": named(weights),
            "intermediate": [
                "normalized": Self.matrix(topsis.normalized),
                "weighted": Self.matrix(topsis.weighted),
                "ideal": Self.list(topsis.ideal),
                "antiIdeal": Self.list(topsis.antiIdeal),
                "distances": .array(distances),
            ],
        ]
    }

    private func result(
        _ criteria: PairwiseComparison,
        _ local: [PairwiseComparison]
    ) -> JSONValue {
        let scores = alternatives.indices.map { index in
            zip(criteria.priorities, local).reduce(0) { $0 + $1.0 * $1.1.priorities[index] }
        }
        let comparisons = zip(self.criteria, local).map { criterion, comparison -> JSONValue in
            [
                "criterion": .string(criterion.name),
                "priorities": Self.list(comparison.priorities),
                "lambdaMax": .double(comparison.lambdaMax),
                "consistencyIndex": .double(comparison.consistencyIndex),
                "consistencyRatio": .double(comparison.consistencyRatio),
            ]
        }
        return [
            "method": "ahp",
            "ranking": ranking(scores),
            "weights": named(criteria.priorities),
            "lambdaMax": .double(criteria.lambdaMax),
            "consistencyIndex": .double(criteria.consistencyIndex),
            "consistencyRatio": .double(criteria.consistencyRatio),
            "consistent": .bool(criteria.consistencyRatio <= 0.1),
            "intermediate": [
                "randomIndex": .double(PairwiseComparison.randomIndex(order: self.criteria.count)),
                "alternatives": .array(comparisons),
            ],
        ]
    }

    private func ranking(_ scores: [Double]) -> JSONValue {
        .array(
            Vectors.ranked(scores).map { place in
                [
                    "alternative": .string(alternatives[place.index]),
                    "score": .double(scores[place.index]),
                    "rank": .integer(place.rank),
                ]
            }
        )
    }

    private func named(_ weights: [Double]) -> JSONValue {
        .array(
            zip(criteria, weights).map { criterion, weight in
                ["criterion": .string(criterion.name), "weight": .double(weight)]
            }
        )
    }

    private static func list(_ values: [Double]) -> JSONValue {
        .array(values.map(JSONValue.double))
    }

    private static func matrix(_ rows: [[Double]]) -> JSONValue {
        .array(rows.map(list))
    }
}
