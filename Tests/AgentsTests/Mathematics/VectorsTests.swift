import Testing

@testable import Agents

@Suite struct VectorsTests {
    @Test(arguments: [1, 1e-200, 1e200])
    func `a norm neither overflows nor vanishes`(scale: Double) {
        #expect(Vectors.euclideanNorm([3 * scale, -4 * scale]).isClose(to: 5 * scale))
    }

    @Test func `the norm of nothing and of zeros is zero`() {
        #expect(Vectors.euclideanNorm([]) == 0)
        #expect(Vectors.euclideanNorm([0, 0]) == 0)
    }

    @Test(arguments: [[0.0, 0], [], [.infinity, 1]])
    func `values without a positive finite sum have no shares`(values: [Double]) {
        #expect(Vectors.normalizedToUnitSum(values) == nil)
    }

    @Test func `equal scores share a rank and keep their order`() {
        let ranked = Vectors.ranked([1, 3, 2, 3, 0])
        #expect(ranked.map(\.index) == [1, 3, 2, 0, 4])
        #expect(ranked.map(\.rank) == [1, 1, 3, 4, 5])
    }
}
