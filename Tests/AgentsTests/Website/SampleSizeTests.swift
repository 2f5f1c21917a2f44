import JSONRPC
import Testing

@testable import Agents

@Suite struct SampleSizeTests {
    /// Reference values: statsmodels 0.15.0, `samplesize_proportions_2indep_onetail`.
    @Test(
        arguments: [
            (0.1, 0.02, 0.05, 0.8, 3840.8474824362734),
            (0.05, 0.01, 0.05, 0.9, 10920.3890366454),
            (0.5, -0.1, 0.01, 0.8, 576.6680740033802),
            (0.2, 0.001, 0.05, 0.8, 2516345.7394553265),
        ]
    )
    func `sizes are those of statsmodels`(
        baseline: Double,
        effect: Double,
        alpha: Double,
        power: Double,
        exact: Double
    ) throws {
        let result = try SampleSize.task([
            "baseline": .double(baseline), "minimumEffect": .double(effect),
            "alpha": .double(alpha), "power": .double(power),
        ])
        #expect(result.number("exact").isClose(to: exact, within: 1e-10))
        #expect(result["perVariant"] == .integer(Int(exact) + 1))
        #expect(result["total"] == .integer(2 * (Int(exact) + 1)))
    }

    @Test func `a relative effect multiplies the baseline`() throws {
        let absolute = try SampleSize.task(["baseline": 0.1, "minimumEffect": 0.025])
        let relative = try SampleSize.task([
            "baseline": 0.1, "minimumEffect": 0.25, "effect": "relative",
        ])
        #expect(absolute == relative)
    }

    @Test(
        arguments: [
            (["baseline": 0.1, "minimumEffect": 0], "/minimumEffect"),
            (["baseline": 0.1, "minimumEffect": 0.9], "/minimumEffect"),
            (["baseline": 0.1, "minimumEffect": -0.1], "/minimumEffect"),
            (["baseline": 0.1, "minimumEffect": 1e-9], "/minimumEffect"),
            (["baseline": 0, "minimumEffect": 0.1], "/baseline"),
            (["baseline": 1, "minimumEffect": 0.1], "/baseline"),
            (["baseline": 0.1, "minimumEffect": 0.1, "alpha": 0], "/alpha"),
            (["baseline": 0.1, "minimumEffect": 0.1, "power": 1], "/power"),
            (["baseline": 0.1, "minimumEffect": 0.1, "power": 0.1], "/power"),
        ] as [(JSONValue, String)]
    )
    func `impossible input is refused where it is wrong`(payload: JSONValue, path: String) {
        #expect(SampleSize.task.refusedPaths(payload) == [path])
    }

    @Test func `the hardest question has a finite answer`() throws {
        let result = try SampleSize.task([
            "baseline": 0.5, "minimumEffect": 0.000001, "alpha": 1e-300, "power": 0.999999,
        ])
        #expect((result["perVariant"]?.intValue ?? 0) > 1_000_000)
    }
}
