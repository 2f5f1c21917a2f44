import Testing

@testable import Agents

/// Reference values: scipy 1.17.1, `scipy.special` and `scipy.stats.chi2`.
@Suite struct GammaFunctionTests {
    @Test(
        arguments: [
            (0.5, 0.1, 0.34527915398142317, 0.6547208460185768),
            (0.5, 20, 0.9999999997460371, 2.5396285894708634e-10),
            (1, 1, 0.6321205588285577, 0.36787944117144245),
            (4, 3.5, 0.463367332099215, 0.536632667900785),
            (4, 25, 0.9999999591324105, 4.0867589479967445e-08),
            (50, 40, 0.07033506665939494, 0.9296649333406051),
            (50, 80, 0.9998692160234086, 0.0001307839765914092),
            (1_000, 1_000, 0.5042052441802155, 0.4957947558197845),
        ]
    )
    func `both parts are those of scipy`(a: Double, x: Double, lower: Double, upper: Double) {
        #expect((GammaFunction.lowerRegularized(a, x) / lower - 1).magnitude < 1e-11)
        #expect((GammaFunction.upperRegularized(a, x) / upper - 1).magnitude < 1e-11)
    }

    @Test(
        arguments: [
            (0, 8, 1.0), (1, 1, 0.31731050786291115), (15.507313055865453, 8, 0.050000000000000024),
            (100, 8, 4.269159205144943e-18), (700, 8, 7.156687073797783e-146),
        ]
    )
    func `the tail of chi-squared is that of scipy`(x: Double, degrees: Int, tail: Double) {
        let computed = ChiSquaredDistribution.upperTail(x, degrees: degrees)
        #expect((computed / tail - 1).magnitude < 1e-11)
    }

    @Test func `the ends are exact and what is outside is not a number`() {
        #expect(GammaFunction.lowerRegularized(3, 0) == 0)
        #expect(GammaFunction.upperRegularized(3, .infinity) == 0)
        #expect(GammaFunction.lowerRegularized(3, 1e308) == 1)
        #expect(GammaFunction.upperRegularized(0, 1).isNaN)
        #expect(GammaFunction.lowerRegularized(1, -1).isNaN)
    }
}
