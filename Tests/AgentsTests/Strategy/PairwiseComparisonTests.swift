import Testing

@testable import Agents

@Suite struct PairwiseComparisonTests {
    /// λmax 9.669 and a ratio of 0.169 in Saaty (1980).
    @Test func `the house of Saaty has its published consistency`() {
        let comparison = PairwiseComparison(PrincipalEigenvectorTests.house)
        #expect(comparison.lambdaMax.isClose(to: 9.668887317118154))
        #expect(comparison.consistencyIndex.isClose(to: 1.668887317118154 / 7))
        #expect(comparison.consistencyRatio.isClose(to: 1.668887317118154 / 7 / 1.41))
    }

    @Test func `consistent judgements have a ratio of zero`() {
        let comparison = PairwiseComparison([[1, 2, 8], [0.5, 1, 4], [0.125, 0.25, 1]])
        #expect(comparison.consistencyRatio.magnitude < 1e-12)
        #expect(comparison.lambdaMax.isClose(to: 3))
        #expect(zip(comparison.priorities, [8, 4, 1]).allSatisfy { $0.isClose(to: $1 / 13) })
    }

    @Test(arguments: [[[1]], [[1, 7], [1 / 7, 1]]] as [[[Double]]])
    func `two elements cannot contradict each other`(matrix: [[Double]]) {
        #expect(PairwiseComparison(matrix).consistencyRatio == 0)
        #expect(PairwiseComparison(matrix).consistencyIndex == 0)
    }

    @Test(
        arguments: [
            [[1.0, 2], [2, 1]], [[2.0, 2], [0.5, 1]], [[1.0, 0], [0, 1]], [[1.0, -2], [-0.5, 1]],
            [[1.0, 1_000], [0.001, 1]],
        ]
    )
    func `what is not reciprocal has a defect`(matrix: [[Double]]) {
        #expect(PairwiseComparison.defect(of: matrix) != nil)
    }

    @Test func `judgements may be rounded`() {
        #expect(PairwiseComparison.defect(of: [[1, 3], [0.333, 1]]) == nil)
    }
}
