import AgentRuntime
import JSONRPC
import Testing

@testable import Agents

/// Reference values: statsmodels 0.15.0, `proportions_ztest` and `proportion_confint`.
@Suite struct ABTestTests {
    private static func payload(
        _ a: (Int, Int),
        _ b: (Int, Int),
        alpha: JSONValue? = nil
    ) -> JSONValue {
        var object: JSONObject = [
            "a": ["conversions": .integer(a.0), "visitors": .integer(a.1)],
            "b": ["conversions": .integer(b.0), "visitors": .integer(b.1)],
        ]
        object["alpha"] = alpha
        return .object(object)
    }

    struct Reference {
        var a: (Int, Int)
        var b: (Int, Int)
        var z: Double
        var pValue: Double
        var interval: (lower: Double, upper: Double)
    }

    @Test(
        arguments: [
            Reference(
                a: (100, 1_000),
                b: (130, 1_000),
                z: 2.102740605622114,
                pValue: 0.03548845046647471,
                interval: (0.11056377462484193, 0.1522680266544689)
            ),
            Reference(
                a: (0, 50),
                b: (3, 40),
                z: 1.9695964928958383,
                pValue: 0.048884633916181135,
                interval: (0.025836025774588184, 0.1986423352431055)
            ),
            Reference(
                a: (999_999, 1_000_000),
                b: (1_000_000, 1_000_000),
                z: 1.0000002500699827,
                pValue: 0.3173103868436995,
                interval: (0.9999961585559362, 1)
            ),
            Reference(
                a: (1, 2),
                b: (1, 1),
                z: 0.8660254037844385,
                pValue: 0.3864762307712327,
                interval: (0.2065493143772374, 1)
            ),
        ]
    )
    func `figures are those of statsmodels`(reference: Reference) throws {
        let result = try ABTest.task(Self.payload(reference.a, reference.b))
        #expect(result.number("z").isClose(to: reference.z, within: 1e-9))
        #expect(result.number("pValue").isClose(to: reference.pValue, within: 1e-9))
        let interval = try #require(result["intervals"]?["b"])
        #expect(interval.number("lower").isClose(to: reference.interval.lower))
        #expect(interval.number("upper").isClose(to: reference.interval.upper))
    }

    @Test func `the winner is the better one when the difference is significant`() throws {
        let better = try ABTest.task(Self.payload((100, 1_000), (130, 1_000)))
        #expect(better["winner"] == "b")
        #expect(better.number("uplift").isClose(to: 0.3))
        let worse = try ABTest.task(Self.payload((130, 1_000), (100, 1_000)))
        #expect(worse["winner"] == "a")
        let strict = try ABTest.task(Self.payload((100, 1_000), (130, 1_000), alpha: 0.01))
        #expect(strict["winner"] == "none")
    }

    @Test(arguments: [0, 10])
    func `without variance there is no difference`(conversions: Int) throws {
        let result = try ABTest.task(Self.payload((conversions, 10), (conversions, 10)))
        #expect(result["z"] == .double(0))
        #expect(result["pValue"] == .double(1))
        #expect(result["winner"] == "none")
    }

    @Test func `uplift over nothing is null`() throws {
        let result = try ABTest.task(Self.payload((0, 10), (5, 10)))
        #expect(result["uplift"] == .null)
    }

    @Test func `the largest counts have finite figures`() throws {
        let most = ABTest.largestCount
        let result = try ABTest.task(Self.payload((1, most), (most, most), alpha: 1e-300))
        #expect(result.number("z").isFinite)
        #expect(result["pValue"] == .double(0))
        #expect(result["winner"] == "b")
    }

    @Test(
        arguments: [
            (payload((2, 1), (1, 1)), "/a/conversions"),
            (payload((0, 0), (1, 1)), "/a/visitors"),
            (payload((1, 1), (-1, 1)), "/b/conversions"),
            (payload((1, 1), (1, ABTest.largestCount + 1)), "/b/visitors"),
            (payload((1, 1), (1, 1), alpha: 0), "/alpha"),
            (payload((1, 1), (1, 1), alpha: 1), "/alpha"),
            (["a": ["visitors": 1, "conversions": 1]], "/b"),
        ] as [(JSONValue, String)]
    )
    func `impossible input is refused where it is wrong`(payload: JSONValue, path: String) {
        #expect(ABTest.task.refusedPaths(payload) == [path])
    }
}
