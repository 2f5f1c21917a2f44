import Testing

@testable import Transport

@Suite("Frame pace")
struct FramePaceTests {
    @Test func `lets the burst through and then the rate`() {
        var pace = FramePace()
        let start: UInt64 = 5_000_000
        for _ in 0..<3 { #expect(pace.admits(now: start, interval: 1_000, burst: 3) == true) }
        #expect(pace.admits(now: start, interval: 1_000, burst: 3) == false)
        #expect(pace.admits(now: start + 999, interval: 1_000, burst: 3) == false)
        #expect(pace.admits(now: start + 1_000, interval: 1_000, burst: 3) == true)
        #expect(pace.admits(now: start + 1_000, interval: 1_000, burst: 3) == false)
    }

    @Test func `holds no more than the burst after a long silence`() {
        var pace = FramePace()
        #expect(pace.admits(now: 0, interval: 1_000, burst: 2) == true)
        for _ in 0..<2 { #expect(pace.admits(now: 1 << 40, interval: 1_000, burst: 2) == true) }
        #expect(pace.admits(now: 1 << 40, interval: 1_000, burst: 2) == false)
    }

    @Test func `an interval of 0 limits nothing`() {
        var pace = FramePace()
        for _ in 0..<1_000 { #expect(pace.admits(now: 0, interval: 0, burst: 1) == true) }
    }
}
