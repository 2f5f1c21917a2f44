import AgentRuntime
import Testing

@testable import HubServer

@Suite("Hub metrics")
struct HubMetricsTests {
    let metrics = HubMetrics(loops: 2)

    @Test func `a runtime that was not asked is not stuck`() {
        #expect(metrics.runtimeAnswers(now: 1_000_000))
        #expect(metrics.runtimeFigures?.sequence == nil)
    }

    @Test func `a runtime that owes an answer for too long is stuck`() {
        #expect(metrics.beginAsking(now: 1_000))
        #expect(metrics.runtimeAnswers(now: 5_999))
        #expect(!metrics.runtimeAnswers(now: 6_000))
    }

    @Test func `the runtime is asked once until it answers`() {
        #expect(metrics.beginAsking(now: 1_000))
        #expect(!metrics.beginAsking(now: 2_000))
        #expect(!metrics.runtimeAnswers(now: 7_000), "asking again does not start anew")
    }

    @Test func `each loop reports for itself`() {
        metrics.report(HubMetrics.Loop(sessions: 3), of: 1)
        #expect(metrics.loopFigures.map(\.sessions) == [0, 3])
    }
}
