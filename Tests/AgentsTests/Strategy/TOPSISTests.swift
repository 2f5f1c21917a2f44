import Testing

@testable import Agents

@Suite struct TOPSISTests {
    /// Five phones on four criteria; scores from pymcdm 1.4.0 with vector normalisation.
    @Test func `scores are those of pymcdm`() {
        let topsis = TOPSIS(
            matrix: [
                [250, 16, 12, 5], [200, 16, 8, 3], [300, 32, 16, 4], [275, 32, 8, 4],
                [225, 16, 16, 2],
            ],
            weights: [0.25, 0.25, 0.25, 0.25],
            benefits: [false, true, true, true]
        )
        let expected = [
            0.5342768571821003, 0.3083677687324685, 0.6916322312675315, 0.534736584486838,
            0.40104612151678615,
        ]
        #expect(zip(topsis.scores, expected).allSatisfy { $0.isClose(to: $1) })
        #expect(topsis.ideal[0] < topsis.antiIdeal[0])
        #expect(topsis.ideal[1] > topsis.antiIdeal[1])
    }

    @Test func `alternatives that coincide are all ideal`() {
        let topsis = TOPSIS(
            matrix: [[1, 2], [1, 2]],
            weights: [0.5, 0.5],
            benefits: [true, true]
        )
        #expect(topsis.scores == [1, 1])
    }

    @Test func `a single alternative is ideal`() {
        let topsis = TOPSIS(matrix: [[-3]], weights: [1], benefits: [false])
        #expect(topsis.scores == [1])
    }

    @Test func `a column of zeros decides nothing`() {
        let topsis = TOPSIS(
            matrix: [[0, 1], [0, 2]],
            weights: [0.5, 0.5],
            benefits: [true, true]
        )
        #expect(topsis.scores == [0, 1])
        #expect(topsis.normalized.map { $0[0] } == [0, 0])
    }

    @Test func `the best of each criterion scores one and the worst zero`() {
        let topsis = TOPSIS(
            matrix: [[1, -9], [5, -1e15], [3, -20]],
            weights: [0.3, 0.7],
            benefits: [false, true]
        )
        #expect(topsis.scores[0] == 1)
        #expect(topsis.scores[1] == 0)
    }
}
