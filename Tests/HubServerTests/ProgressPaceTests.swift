import Journal
import Testing

@testable import HubServer

@Suite struct ProgressPaceTests {
    private static let part = RecoveryProgress(bytes: 30, totalBytes: 120)

    @Test func `a quick start says nothing`() {
        var pace = ProgressPace(startingAt: 5_000)
        #expect(pace.percent(of: Self.part, at: 5_000) == nil)
        #expect(pace.percent(of: Self.part, at: 5_999) == nil)
    }

    @Test func `a slow start says how far it is once a second`() {
        var pace = ProgressPace(startingAt: 5_000)
        #expect(pace.percent(of: Self.part, at: 6_000) == 25)
        #expect(pace.percent(of: Self.part, at: 6_999) == nil)
        let all = RecoveryProgress(bytes: 120, totalBytes: 120)
        #expect(pace.percent(of: all, at: 7_000) == 100)
    }

    @Test func `without a journal there is nothing to say`() {
        var pace = ProgressPace(startingAt: 0)
        #expect(pace.percent(of: RecoveryProgress(), at: 10_000) == nil)
    }
}
