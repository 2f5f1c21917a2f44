import Testing

@testable import Agents

/// Reference values: scipy 1.17.1, `scipy.stats.norm`.
@Suite struct NormalDistributionTests {
    @Test(
        arguments: [
            (-37.5, 4.605353009581954e-308), (-8, 6.22096057427174e-16),
            (-1.959963984540054, 0.025), (-0.5, 0.3085375387259869), (0, 0.5),
            (1e-9, 0.5000000003989423), (0.7, 0.758036347776927), (2.5, 0.9937903346742238),
            (6, 0.9999999990134123),
        ]
    )
    func `the cumulative probability is that of scipy`(x: Double, probability: Double) {
        let error = NormalDistribution.cumulative(x) / probability - 1
        #expect(error.magnitude < 1e-12)
    }

    @Test(
        arguments: [
            (0, 1.0), (1, 0.31731050786291415), (-1.959963984540054, 0.05),
            (5, 5.733031437583866e-07), (10, 1.523970604832094e-23),
        ]
    )
    func `the two-sided tail keeps its digits far out`(x: Double, probability: Double) {
        let error = NormalDistribution.twoSidedTail(x) / probability - 1
        #expect(error.magnitude < 1e-12)
    }

    @Test(
        arguments: [
            (1e-300, -37.0470962993612), (1e-20, -9.262340089798409),
            (1e-10, -6.361340902404056), (0.001, -3.090232306167813),
            (0.025, -1.9599639845400545), (0.07, -1.4757910281791706),
            (0.2, -0.8416212335729142), (0.5, 0), (0.8, 0.8416212335729143),
            (0.9, 1.2815515655446004), (0.975, 1.959963984540054),
            (0.999999, 4.753424308817087),
        ]
    )
    func `the quantile is that of scipy`(probability: Double, x: Double) {
        #expect(NormalDistribution.quantile(probability).isClose(to: x, within: 1e-14))
    }

    @Test func `the quantile is infinite at the ends and undefined outside`() {
        #expect(NormalDistribution.quantile(0) == -.infinity)
        #expect(NormalDistribution.quantile(1) == .infinity)
        #expect(NormalDistribution.quantile(-0.1).isNaN)
        #expect(NormalDistribution.quantile(1.1).isNaN)
        #expect(NormalDistribution.quantile(.nan).isNaN)
    }
}
