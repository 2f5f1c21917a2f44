import Testing

@testable import Agents

@Suite struct PrincipalEigenvectorTests {
    /// The eight criteria of buying a house in Saaty (1980); figures from numpy 2.4.6.
    static let house: [[Double]] = [
        [1, 5, 3, 7, 6, 6, 1 / 3.0, 1 / 4.0],
        [1 / 5.0, 1, 1 / 3.0, 5, 3, 3, 1 / 5.0, 1 / 7.0],
        [1 / 3.0, 3, 1, 6, 3, 4, 6, 1 / 5.0],
        [1 / 7.0, 1 / 5.0, 1 / 6.0, 1, 1 / 3.0, 1 / 4.0, 1 / 7.0, 1 / 8.0],
        [1 / 6.0, 1 / 3.0, 1 / 3.0, 3, 1, 1 / 2.0, 1 / 5.0, 1 / 6.0],
        [1 / 6.0, 1 / 3.0, 1 / 4.0, 4, 2, 1, 1 / 5.0, 1 / 6.0],
        [3, 5, 1 / 6.0, 7, 5, 5, 1, 1 / 2.0],
        [4, 7, 5, 8, 6, 6, 2, 1],
    ]

    @Test func `the eigenpair is that of numpy`() {
        let eigenvector = PrincipalEigenvector(ofPositive: Self.house)
        #expect(eigenvector.value.isClose(to: 9.668887317118154))
        let expected = [
            0.17301747464834763, 0.053975722999039306, 0.1881102988574409, 0.017507911308195706,
            0.031043736403902292, 0.0363222021546561, 0.16683367362634785, 0.33318898000207015,
        ]
        #expect(zip(eigenvector.vector, expected).allSatisfy { $0.isClose(to: $1) })
        #expect(eigenvector.vector.count == expected.count)
    }

    @Test func `a single element has the whole weight`() {
        let eigenvector = PrincipalEigenvector(ofPositive: [[1]])
        #expect(eigenvector == PrincipalEigenvector(ofPositive: [[1]]))
        #expect(eigenvector.value == 1)
        #expect(eigenvector.vector == [1])
    }

    @Test(arguments: [3, 7, 15])
    func `the most contradictory judgements converge to equal weights`(order: Int) {
        var matrix = [[Double]](repeating: Array(repeating: 1, count: order), count: order)
        for row in 0..<order {
            matrix[row][(row + 1) % order] = 20
            matrix[(row + 1) % order][row] = 1 / 20.0
        }
        let eigenvector = PrincipalEigenvector(ofPositive: matrix)
        #expect(eigenvector.vector.allSatisfy { $0.isClose(to: 1 / Double(order)) })
        #expect(eigenvector.value.isClose(to: Double(order - 2) + 20 + 1 / 20.0))
    }
}
