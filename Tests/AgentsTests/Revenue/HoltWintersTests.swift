import AgentRuntime
import JSONRPC
import Testing

@testable import Agents

@Suite struct HoltWintersTests {
    /// By hand: one step of each equation.
    @Test func `one step follows the equations`() {
        let initial = HoltWinters.State(level: 10, trend: 2, season: [1, -1])
        let model = HoltWinters(
            [16],
            initial: initial,
            weights: HoltWinters.Weights(alpha: 0.5, beta: 0.5, gamma: 0.5)
        )
        #expect(model.fitted == [13])
        #expect(model.squaredError == 9)
        // Level ½(16 − 1) + ½ × 12, trend ½(13.5 − 10) + ½ × 2, season ½(16 − 12) + ½ × 1.
        #expect(model.final == HoltWinters.State(level: 13.5, trend: 2.75, season: [-1, 2.5]))
        #expect(model.forecast(3) == [15.25, 21.5, 20.75])
    }

    @Test func `a line goes on as it is`() throws {
        let values = (0..<20).map { 3 + 2 * Double($0) }
        let fit = try #require(
            try HoltWinters.fit(values, period: 1, alpha: nil, beta: nil, gamma: nil)
        )
        let errors = zip(fit.model.forecast(3), [43.0, 45, 47]).map { ($0 - $1).magnitude }
        #expect(errors.allSatisfy { $0 < 1e-9 })
    }

    @Test func `weights that let errors grow without end are refused`() {
        let values = (0..<20_000).map { JSONValue.integer($0 % 3 == 0 ? 1 : -1) }
        let payload: JSONValue = [
            "values": .array(values), "period": 2, "horizon": 1, "alpha": 1, "beta": 1, "gamma": 1,
        ]
        let failure = #expect(throws: TaskFailure.self) { try RevenueForecast.task(payload) }
        #expect(failure?.code == "VALIDATION_ERROR")
    }
}
